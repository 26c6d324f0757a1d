package house_test

import (
	"go/ast"
	"go/format"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

const longestFile = 600 // lines

func TestEveryPackageHasOneCommentThatSaysWhatItIsFor(t *testing.T) {
	comments := map[string][]string{} // by directory
	name := map[string]string{}
	for _, s := range repository(t).sources(t) {
		if path.Base(s.dir) == "testdata" || strings.Contains(s.dir, "/testdata/") {
			continue
		}
		if _, ok := comments[s.dir]; !ok {
			comments[s.dir] = nil
		}
		if !s.test || name[s.dir] == "" {
			name[s.dir] = strings.TrimSuffix(s.file.Name.Name, "_test")
		}
		if s.file.Doc != nil {
			comments[s.dir] = append(comments[s.dir], s.file.Doc.Text())
		}
	}
	for dir, found := range comments {
		begins := "Package " + name[dir] + " "
		if name[dir] == "main" {
			begins = "Command "
		}
		switch {
		case len(found) != 1:
			t.Errorf("package %s has %d package comments; want one, in one file, that says what it is for and what it must not know", dir, len(found))
		case !strings.HasPrefix(found[0], begins):
			t.Errorf("package %s: the comment begins %.40q; want %q", dir, found[0], begins)
		}
	}
}

func TestPackagesAreNamedForWhatTheyAre(t *testing.T) {
	for _, s := range repository(t).sources(t) {
		switch name := strings.TrimSuffix(s.file.Name.Name, "_test"); name {
		case "util", "utils", "common", "helper", "helpers", "manager", "base", "misc", "shared", "types", "models":
			t.Errorf("%s: package %s; want a short noun for what is in it", s.path, name)
		}
	}
}

func TestFilesAreShortEnoughToRead(t *testing.T) {
	r := repository(t)
	for _, p := range r.with(".go", ".ts", ".tsx") {
		text := r.read(t, p)
		if lines := strings.Count(text, "\n"); lines > longestFile && !generatedMark.MatchString(text) {
			t.Errorf("%s has %d lines; want at most %d: split it by idea", p, lines, longestFile)
		}
	}
}

func TestGoFilesAreFormatted(t *testing.T) {
	for _, s := range repository(t).sources(t) {
		formatted, err := format.Source([]byte(s.text))
		if err != nil {
			t.Errorf("%s: %v", s.path, err)
		} else if string(formatted) != s.text {
			t.Errorf("%s is not formatted; want it as gofmt writes it", s.path)
		}
	}
}

func TestNoPackageRunsCodeBeforeMainOrKeepsStateInVariables(t *testing.T) {
	for _, s := range repository(t).sources(t) {
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" {
					t.Errorf("%s:%d has an init function; want what it sets up made where it is used", s.path, s.line(d))
				}
			case *ast.GenDecl:
				if d.Tok == token.VAR {
					for _, n := range stateful(d) {
						t.Errorf("%s:%d is a variable of the package with state; want it in a value that somebody owns", s.path, s.line(n))
					}
				}
			}
		}
	}
}

// stateful answers where a declaration mentions a type that is there to be
// changed. A pool is a cache of the allocator's, and functions that compute a
// constant once (sync.OnceValue) have no state that anyone can see.
func stateful(d *ast.GenDecl) []ast.Node {
	var found []ast.Node
	for _, spec := range d.Specs {
		ast.Inspect(spec, func(n ast.Node) bool {
			if _, ok := n.(*ast.FuncLit); ok {
				return false
			}
			pkg, name := selected(n)
			if pkg == "atomic" || pkg == "sync" && slices.Contains([]string{"Mutex", "RWMutex", "Map", "Once", "WaitGroup", "Cond"}, name) {
				found = append(found, n)
			}
			return true
		})
	}
	return found
}

func TestTestsNeitherSleepNorSkip(t *testing.T) {
	for _, s := range repository(t).sources(t) {
		if !s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch x, name := selected(n); {
			case x == "time" && name == "Sleep":
				t.Errorf("%s:%d sleeps; want it to wait for a signal, or testing/synctest", s.path, s.line(n))
			case name == "Skip" || name == "Skipf" || name == "SkipNow":
				t.Errorf("%s:%d skips; want a test that always runs, or none", s.path, s.line(n))
			}
			return true
		})
	}
}

func TestNothingIsLeftUnfinished(t *testing.T) {
	// The marks are spelled in two parts so that this file has none.
	marks := []string{"TO" + "DO", "FIX" + "ME", "X" + "XX", "not " + "implemented"}
	r := repository(t)
	for _, p := range r.with(".go", ".ts", ".tsx", ".sql", ".sh") {
		for i, line := range strings.Split(r.read(t, p), "\n") {
			for _, mark := range marks {
				if strings.Contains(line, mark) {
					t.Errorf("%s:%d says %q; want it done, or left out", p, i+1, mark)
				}
			}
		}
	}
}
