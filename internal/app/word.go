package app

import (
	"strings"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/plan"
)

// sentencesOf is a saved condition in words, and each of its conditions for
// itself; "" and none when it no longer checks against the definitions.
func (a *App) sentencesOf(c muster.Condition) (whole string, each []string) {
	each = []string{}
	checked, _, err := a.roster.CheckCondition(c, false)
	if err != nil {
		return "", each
	}
	catalog.Walk(checked, func(n catalog.Node) {
		if leaf, ok := n.(*catalog.Leaf); ok {
			each = append(each, a.leafSentence(leaf))
		}
	})
	return a.sentence(checked), each
}

func (a *App) sentence(c *catalog.Condition) string {
	return a.roster.Catalog().Sentence(c, a.schema())
}

func (a *App) leafSentence(l *catalog.Leaf) string {
	return a.roster.Catalog().LeafSentence(l, a.schema())
}

func (a *App) groupSentence(g *catalog.Group) string {
	return a.roster.Catalog().GroupSentence(g, a.schema())
}

// containsFolded reports whether one of the texts contains another, in the way
// in which texts are compared. The empty text is contained everywhere.
func containsFolded(part string, texts ...string) bool {
	part = plan.Fold(part)
	if part == "" {
		return true
	}
	for _, t := range texts {
		if strings.Contains(plan.Fold(t), part) {
			return true
		}
	}
	return false
}

// compareFolded orders texts as people read them, without regard to case.
func compareFolded(a, b string) int { return strings.Compare(plan.Fold(a), plan.Fold(b)) }
