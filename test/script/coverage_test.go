package script_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/muster-groups/muster/internal/catalog"
)

func TestEveryConditionTypeAndOperatorHasAScript(t *testing.T) {
	var corpus strings.Builder
	err := filepath.WalkDir("testdata", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		corpus.Write(b)
		corpus.WriteByte('\n')
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	types, operators := map[string]bool{}, map[string]bool{}
	for _, line := range strings.Split(corpus.String(), "\n") {
		line = strings.TrimPrefix(strings.TrimSpace(line), "not ")
		name, params, _ := strings.Cut(line, " ")
		types[name] = true
		for _, after := range strings.Split(params, `"op":"`)[1:] {
			operators[after[:strings.IndexByte(after, '"')]] = true
		}
	}
	for _, conditionType := range catalog.New().Types() {
		if !types[conditionType] {
			t.Errorf("condition type %s: got no script that uses it, want one", conditionType)
		}
	}
	for _, op := range []catalog.Operator{
		catalog.Is, catalog.IsNot, catalog.Contains, catalog.NotContains, catalog.StartsWith, catalog.NotStartsWith,
		catalog.EndsWith, catalog.NotEndsWith, catalog.OneOf, catalog.NoneOf, catalog.Matches, catalog.NotMatches,
		catalog.Equal, catalog.NotEqual, catalog.Greater, catalog.AtLeast, catalog.Less, catalog.AtMost, catalog.Between,
		catalog.NotBetween, catalog.IsTrue, catalog.IsFalse, catalog.AnyOf, catalog.AllOf, catalog.On, catalog.Before,
		catalog.After, catalog.InLast, catalog.MoreThanAgo, catalog.InNext, catalog.MoreThanAhead, catalog.AnniversaryInNext,
	} {
		if !operators[string(op)] {
			t.Errorf("operator %s: got no script that uses it, want one", op)
		}
	}
}
