package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A mutant is a source file with one mistake.
type mutant struct {
	path     string
	line     int
	was, now string
	text     []byte
}

func (m mutant) String() string {
	return fmt.Sprintf("%s:%d: %s became %s", m.path, m.line, m.was, m.now)
}

func sortMutants(list []mutant) {
	slices.SortFunc(list, func(a, b mutant) int {
		return cmp.Or(strings.Compare(a.path, b.path), a.line-b.line, strings.Compare(a.was+a.now, b.was+b.now))
	})
}

// mutantsOf makes every mistake there is to make in a package.
func mutantsOf(dir string) ([]mutant, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var mutants []mutant
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			for _, e := range edits(n) {
				from, to := fset.Position(e.from).Offset, fset.Position(e.to).Offset
				mutants = append(mutants, mutant{
					path: name, line: fset.Position(e.from).Line, was: shown(text, fset, n), now: e.now,
					text: slices.Concat(text[:from], []byte(e.now), text[to:]),
				})
			}
			return true
		})
	}
	return mutants, nil
}

// shown is the source of a node, on one line and not too long.
func shown(text []byte, fset *token.FileSet, n ast.Node) string {
	s := strings.Join(strings.Fields(string(text[fset.Position(n.Pos()).Offset:fset.Position(n.End()).Offset])), " ")
	if len(s) > 60 {
		s = s[:60] + "..."
	}
	return "`" + s + "`"
}

type edit struct {
	from, to token.Pos
	now      string
}

// edits are the mistakes to make in a node.
func edits(n ast.Node) []edit {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		flipped := map[token.Token]string{
			token.LSS: "<=", token.LEQ: "<", token.GTR: ">=", token.GEQ: ">", token.EQL: "!=", token.NEQ: "==", token.LAND: "||", token.LOR: "&&",
		}
		var list []edit
		if now, ok := flipped[n.Op]; ok && !withNil(n) {
			list = append(list, edit{n.OpPos, n.OpPos + token.Pos(len(n.Op.String())), now})
		}
		if one, ok := n.Y.(*ast.BasicLit); ok && one.Value == "1" && (n.Op == token.ADD || n.Op == token.SUB) {
			list = append(list, edit{one.Pos(), one.End(), "0"})
		}
		return list
	case *ast.UnaryExpr:
		if n.Op == token.NOT {
			return []edit{{n.OpPos, n.OpPos + 1, ""}}
		}
	}
	return nil
}

// withNil leaves out comparisons with nil: a mistake there is a crash.
func withNil(n *ast.BinaryExpr) bool {
	id, ok := n.Y.(*ast.Ident)
	return ok && id.Name == "nil"
}
