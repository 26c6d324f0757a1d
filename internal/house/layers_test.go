package house_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// A layer says which of our packages a package may import, and why not others.
// Packages are paths from the root; "." is the nouns, "x/..." is x and
// everything below it. The longest pattern that fits a package is its layer.
type layer struct {
	packages string
	may      []string
	// never lists what must not be reached even through others.
	never []string
	why   string
}

const (
	catalogue = "internal/catalog/..."
	planning  = "internal/plan"
	port      = "internal/store"
)

var layers = []layer{
	{packages: ".", why: "the nouns are what every other package speaks in; they import the standard library only"},
	{packages: planning, may: []string{"."},
		why: "the plan is the shared meaning of both stores; it must not know what a marketer can choose or how facts are kept"},
	{packages: "internal/plan/plantest", may: []string{".", planning},
		why: "what it draws are plans for tests of any store; no program imports it"},
	{packages: catalogue, may: []string{".", catalogue},
		why: "the catalogue says what can be chosen; how it is computed is no business of its"},
	{packages: "internal/lower", may: []string{".", catalogue, planning},
		why: "lowering turns a checked condition into a plan and needs nothing else; a store would tempt it to look at data"},
	{packages: "internal/definition", may: []string{".", catalogue},
		why: "definitions as text are nouns and what the catalogue checks; whoever applies them knows the server"},
	{packages: "internal/langdoc", may: []string{".", catalogue, "internal/lower", planning},
		why: "the reference is written from what can be chosen and what it becomes; it needs no data"},
	{packages: "internal/oracle", may: []string{".", catalogue},
		never: []string{planning, "internal/lower", "internal/roster", "internal/identity", port + "/..."},
		why:   "a judge shares no code with the accused"},
	{packages: "internal/identity", may: []string{".", planning},
		why: "who is meant is decided by pure rules; of the plan they share only how texts are compared"},
	{packages: port, may: []string{".", planning},
		why: "the port knows facts and plans; condition types and rules of identity are above it"},
	{packages: "internal/store/storetest/...", may: []string{".", planning, "internal/plan/plantest", port, "internal/store/storetest/..."},
		why: "the conformance suite judges any store through the port, so it can know none of them"},
	{packages: "internal/store/embedded/...", may: []string{".", planning, port, "internal/store/embedded/..."},
		why: "a store implements the primitives, nothing more: no condition types, and nothing of another store"},
	{packages: "internal/store/folder", may: []string{".", port},
		why: "it keeps bytes; what they are, and what becomes of them, is no business of its"},
	{packages: "internal/store/postgres/...", may: []string{".", planning, port, "internal/store/postgres/..."},
		why: "a store implements the primitives, nothing more: no condition types, and nothing of another store"},
	{packages: "internal/roster/...", may: []string{".", catalogue, "internal/lower", planning, "internal/identity", port, "internal/roster/..."},
		why: "the one loop runs over the port, so that every store gets the same loop"},
	{packages: "internal/app/...", may: []string{".", "internal/roster", "internal/collect", catalogue, "internal/lower", planning, "internal/identity", "internal/oracle", "internal/verify", "internal/importer", "internal/auth/...", "internal/app/...", port},
		why: "use cases are free of transports and of concrete stores"},
	{packages: "internal/auth/...", may: []string{".", "internal/auth/..."},
		why: "credentials are checked before anything else is known about a request; where documents are kept, and what a user may do, others bring along"},
	{packages: "internal/schedule/...", may: []string{".", "internal/app/...", "internal/roster", "internal/schedule/..."},
		why: "a schedule starts the same acts that people start"},
	{packages: "internal/delivery/...", may: []string{".", "internal/app/...", "internal/delivery/..."},
		why: "the edges of the program go through the use cases"},
	{packages: "internal/collect", may: []string{"."},
		why: "what messages of tracking SDKs mean is decided by pure rules; whoever takes them in applies the changes"},
	{packages: "internal/httpapi/...", may: []string{".", "internal/app/...", catalogue, "internal/auth/...", "internal/delivery/...", "internal/telemetry/...", "internal/httpapi/...", "snippet", "web/..."},
		why: "the edges of the program go through the use cases; of the catalogue they show what it is"},
	{packages: "internal/webui", why: "the UI is files to serve; what it shows comes over HTTP"},
	{packages: "internal/config", may: []string{"."},
		why: "settings are plain values; what they set imports them, not the other way round"},
	{packages: "internal/telemetry/...", may: []string{".", port, "internal/telemetry/..."},
		why: "measuring wraps a role and must not know what it measures for"},
	{packages: "internal/sample/...", may: []string{".", "internal/sample/..."},
		why: "sample data is made of the nouns, so that any way in can load it"},
	{packages: "internal/importer/...", may: []string{".", "internal/importer/..."},
		why: "files are read into the nouns; whoever takes them in decides what becomes of them"},
	{packages: "internal/verify/...", may: []string{".", catalogue, "internal/oracle", planning, port, "internal/verify/..."},
		why: "verification sets a store's answers against the oracle's, whatever loop made them"},
	{packages: "internal/house", why: "the tests of the repository read it as text"},
	{packages: "client/...", may: []string{".", "client/..."},
		why: "users import the client; it must not pull the server in"},
	{packages: "web/...", why: "the UI owns no meaning; it is files to serve"},
	{packages: "snippet", why: "the script for websites is a file to serve; what it says goes over HTTP"},
	{packages: "cmd/...", may: []string{"./..."}, why: "only the command knows every part, and concrete stores"},
	{packages: "test/...", may: []string{".", "client/...", "internal/...", "test/..."}, why: "tests may use every part but the command"},
}

// fits reports whether a package is within a pattern.
func fits(pattern, pkg string) bool {
	if pattern == "./..." {
		return true
	}
	if below, ok := strings.CutSuffix(pattern, "/..."); ok {
		return pkg == below || strings.HasPrefix(pkg, below+"/")
	}
	return pkg == pattern
}

func layerOf(pkg string) (found layer, ok bool) {
	for _, l := range layers {
		if fits(l.packages, pkg) && (!ok || len(l.packages) > len(found.packages)) {
			found, ok = l, true
		}
	}
	return found, ok
}

// graph answers who of ours imports whom of ours, outside of tests.
func graph(sources []*source) map[string][]string {
	g := map[string][]string{}
	for _, s := range sources {
		if s.test {
			continue
		}
		g[s.dir] = append(g[s.dir], []string{}...)
		for _, imported := range s.imports() {
			if ours, ok := ourPath(imported); ok && !slices.Contains(g[s.dir], ours) {
				g[s.dir] = append(g[s.dir], ours)
			}
		}
	}
	return g
}

func ourPath(imported string) (string, bool) {
	if imported == module {
		return ".", true
	}
	return strings.CutPrefix(imported, module+"/")
}

// breaches lists what breaks the import rules, each with the rule's reason.
func breaches(g map[string][]string) []string {
	var found []string
	for _, pkg := range slices.Sorted(maps.Keys(g)) {
		l, ok := layerOf(pkg)
		if !ok {
			found = append(found, fmt.Sprintf("%s has no place in the house: give it a layer with a reason in layers_test.go", pkg))
			continue
		}
		for _, imported := range g[pkg] {
			if !slices.ContainsFunc(l.may, func(p string) bool { return fits(p, imported) }) {
				found = append(found, fmt.Sprintf("%s imports %s; it may import %s, because %s",
					pkg, imported, strings.Join(append(slices.Clone(l.may), "nothing else of ours"), ", "), l.why))
			}
		}
		for _, way := range ways(g, pkg) {
			last := way[len(way)-1]
			if slices.ContainsFunc(l.never, func(p string) bool { return fits(p, last) }) {
				found = append(found, fmt.Sprintf("%s reaches %s (%s); it must not, because %s",
					pkg, last, strings.Join(way, " > "), l.why))
			}
		}
	}
	return found
}

// ways answers one shortest chain of imports to every package that pkg reaches.
func ways(g map[string][]string, pkg string) [][]string {
	seen := map[string]bool{pkg: true}
	chains := [][]string{{pkg}}
	for i := 0; i < len(chains); i++ {
		chain := chains[i]
		for _, next := range g[chain[len(chain)-1]] {
			if !seen[next] {
				seen[next] = true
				chains = append(chains, append(slices.Clone(chain), next))
			}
		}
	}
	return chains[1:]
}

func TestPackagesImportOnlyWhatTheHouseAllows(t *testing.T) {
	g := graph(repository(t).sources(t))
	if len(g) < 10 || !slices.Contains(g["internal/roster"], ".") {
		t.Fatalf("got %d packages; want the whole repository", len(g))
	}
	for _, breach := range breaches(g) {
		t.Error(breach)
	}
}

// The rules themselves are tested on houses that break one rule each.
func TestTheImportRulesNoticeABreach(t *testing.T) {
	for _, tt := range []struct {
		name string
		g    map[string][]string
		want string // part of the only breach, "" for none
	}{
		{"an orderly house", map[string][]string{".": nil, "internal/plan": {"."}, "internal/roster": {"internal/store"}, "cmd/muster": {"internal/store/embedded"}}, ""},
		{"a noun that needs a plan", map[string][]string{".": {"internal/plan"}}, ". imports internal/plan"},
		{"a plan that looks into the catalogue", map[string][]string{"internal/plan": {"internal/catalog"}}, "internal/plan imports internal/catalog"},
		{"a catalogue that plans", map[string][]string{"internal/catalog": {"internal/plan"}}, "internal/catalog imports internal/plan"},
		{"a lowering that reads a store", map[string][]string{"internal/lower": {"internal/store"}}, "internal/lower imports internal/store"},
		{"a judge who plans", map[string][]string{"internal/oracle": {"internal/plan"}}, "internal/oracle"},
		{"stores that share", map[string][]string{"internal/store/postgres": {"internal/store/embedded"}}, "nothing of another store"},
		{"a store that knows condition types", map[string][]string{"internal/store/embedded/engine": {"internal/catalog"}}, "internal/store/embedded/engine imports internal/catalog"},
		{"a loop that knows its store", map[string][]string{"internal/roster": {"internal/store/embedded"}}, "internal/roster imports internal/store/embedded"},
		{"a use case that knows its store", map[string][]string{"internal/app": {"internal/store/postgres"}}, "internal/app imports internal/store/postgres"},
		{"an API that goes around the use cases", map[string][]string{"internal/httpapi": {"internal/roster"}}, "internal/httpapi imports internal/roster"},
		{"a client that pulls the server in", map[string][]string{"client": {"internal/app"}}, "client imports internal/app"},
		{"a package without a place", map[string][]string{"internal/misc": {"."}}, "internal/misc has no place"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := breaches(tt.g)
			switch {
			case tt.want == "" && len(got) > 0:
				t.Errorf("%v: got %q, want no breach", tt.g, got)
			case tt.want != "" && (len(got) == 0 || !strings.Contains(got[0], tt.want)):
				t.Errorf("%v: got %q, want a breach with %q", tt.g, got, tt.want)
			}
		})
	}
}

func TestTheOracleMustNotReachAPlanThroughOthers(t *testing.T) {
	got := breaches(map[string][]string{
		"internal/oracle":  {"internal/catalog"},
		"internal/catalog": {"internal/plan"},
	})
	want := "internal/oracle reaches internal/plan (internal/oracle > internal/catalog > internal/plan)"
	if !slices.ContainsFunc(got, func(b string) bool { return strings.HasPrefix(b, want) }) {
		t.Errorf("got %q, want a breach that begins with %q", got, want)
	}
}
