package house_test

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// A confinement says where alone something of others' may be imported.
type confinement struct {
	imported string // an import path or the beginning of one
	only     []string
	why      string
}

var tests = "test/..."

var confinements = []confinement{
	{"github.com/ncruces/go-sqlite3", []string{"internal/store/embedded/..."}, "SQLite is the embedded store's secret"},
	{"github.com/jackc/pgx", []string{"internal/store/postgres/...", tests}, "PostgreSQL is its store's secret"},
	{"github.com/danielgtaylor/huma", []string{"internal/httpapi/..."}, "the use cases are free of transports"},
	{"net/http", []string{"internal/httpapi/...", "snippet", "internal/delivery/...", "internal/auth/...", "internal/telemetry/...", "client/...", "cmd/...", "internal/webui", "web/...", tests},
		"below the edges nothing knows that there is a network"},
	{"github.com/spf13/cobra", []string{"cmd/..."}, "the command line is read in one place"},
	{"github.com/prometheus/client_golang", []string{"internal/telemetry/...", "internal/httpapi/...", "cmd/..."}, "measuring wraps a role"},
	{"github.com/alexedwards/scs", []string{"internal/auth/session"}, "others know who is signed in, not how that is kept"},
	{"github.com/alexedwards/argon2id", []string{"internal/auth"}, "passwords are hashed in one place, with one set of parameters"},
	{"github.com/coreos/go-oidc", []string{"internal/auth/sso"}, "others get an identity, not a protocol"},
	{"golang.org/x/oauth2", []string{"internal/auth/sso"}, "others get an identity, not a protocol"},
	{"testing", []string{"internal/store/storetest/...", "internal/store/postgres/pgtest", "internal/plan/plantest", tests}, "the program must not carry its tests"},
}

// pure are the packages whose answers depend on their arguments alone. The
// calls by which the outside gets in are named in impure.
var pure = []string{".", planning, catalogue, "internal/lower", "internal/oracle", "internal/identity"}

var impure = map[string][]string{
	"time":         {"Now", "Since", "Until", "After", "Tick", "NewTicker", "NewTimer", "AfterFunc", "Sleep", "Local"},
	"os":           nil, // nil is everything
	"net":          nil,
	"net/http":     nil,
	"database/sql": nil,
	"math/rand":    nil,
	"math/rand/v2": nil,
	"crypto/rand":  nil,
	"log/slog":     nil,
}

func TestLibrariesStayWhereTheyBelong(t *testing.T) {
	for _, s := range repository(t).sources(t) {
		if s.test {
			continue
		}
		for _, imported := range s.imports() {
			for _, c := range confinements {
				concerns := imported == c.imported || strings.HasPrefix(imported, c.imported+"/")
				if concerns && !slices.ContainsFunc(c.only, func(p string) bool { return fits(p, s.dir) }) {
					t.Errorf("%s imports %s; only %s may, because %s", s.path, imported, strings.Join(c.only, ", "), c.why)
				}
			}
			if s.dir == "." && strings.Contains(strings.SplitN(imported, "/", 2)[0], ".") {
				t.Errorf("%s imports %s; the nouns import the standard library only, so that users of the client get nothing else with them", s.path, imported)
			}
		}
	}
}

func TestThePurePackagesAskNeitherTheClockNorChanceNorTheSystem(t *testing.T) {
	for _, s := range repository(t).sources(t) {
		if s.test || !slices.ContainsFunc(pure, func(p string) bool { return fits(p, s.dir) }) {
			continue
		}
		for _, imported := range s.imports() {
			names, restricted := impure[imported]
			if restricted && names == nil {
				t.Errorf("%s imports %s; want a package whose answers depend on its arguments alone", s.path, imported)
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if pkg, name := selected(n); pkg != "" && slices.Contains(impure[pkg], name) {
				t.Errorf("%s:%d uses %s.%s; want the instant and the zone as arguments", s.path, s.line(n), pkg, name)
			}
			return true
		})
	}
}

// selected answers x and y of an expression x.y over two names.
func selected(n ast.Node) (x, y string) {
	selector, ok := n.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	if id, ok := selector.X.(*ast.Ident); ok {
		return id.Name, selector.Sel.Name
	}
	return "", ""
}
