package house_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the import path of the root package.
const module = "github.com/muster-groups/muster"

// A tree is the repository as its tests see it: every file that a clone has,
// by its slash-separated path from the root.
type tree struct {
	root  string
	paths []string
}

// unkept are directories of things that are built or left behind, not kept.
var unkept = map[string]bool{".git": true, "bin": true, "node_modules": true, "dist": true, "rapid": true}

// repository walks the tree. It walks rather than asks git, so that go test
// notices new files when it decides whether a cached result still holds.
func repository(t *testing.T) *tree {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	r := &tree{root: root}
	err = filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && unkept[entry.Name()] {
			return filepath.SkipDir
		}
		if entry.Type().IsRegular() {
			rel, err := filepath.Rel(root, file)
			if err != nil {
				return err
			}
			r.paths = append(r.paths, filepath.ToSlash(rel))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(r.paths, "go.mod") {
		t.Fatalf("%s has no go.mod; want the root of the repository", root)
	}
	return r
}

// with answers the paths with one of the extensions.
func (r *tree) with(extensions ...string) []string {
	var found []string
	for _, p := range r.paths {
		if slices.Contains(extensions, path.Ext(p)) {
			found = append(found, p)
		}
	}
	return found
}

func (r *tree) read(t *testing.T, p string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(r.root, filepath.FromSlash(p)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A source is one parsed Go file.
type source struct {
	path      string
	dir       string // "." for the root package
	test      bool
	generated bool
	text      string
	fset      *token.FileSet
	file      *ast.File
}

var generatedMark = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

// sources parses every Go file, whatever its build constraints say.
func (r *tree) sources(t *testing.T) []*source {
	t.Helper()
	var all []*source
	for _, p := range r.with(".go") {
		s := &source{path: p, dir: path.Dir(p), test: strings.HasSuffix(p, "_test.go"), text: r.read(t, p), fset: token.NewFileSet()}
		s.generated = generatedMark.MatchString(s.text)
		var err error
		s.file, err = parser.ParseFile(s.fset, p, s.text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

func (s *source) line(n ast.Node) int { return s.fset.Position(n.Pos()).Line }

func (s *source) imports() []string {
	var paths []string
	for _, spec := range s.file.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil {
			paths = append(paths, p)
		}
	}
	return paths
}
