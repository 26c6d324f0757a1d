package plan_test

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/plan/plantest"
)

// The random model is tiny, so that windows, values and facts meet often: a
// dozen instants, three words, two activity types.

var words = []string{"a", "b", "c"}

func drawInstant(t *rapid.T) muster.Instant {
	return muster.Instant(rapid.Int64Range(0, 12).Draw(t, "instant"))
}

func drawWindow(t *rapid.T) (from, to muster.Instant) {
	if rapid.IntRange(0, 5).Draw(t, "open") == 0 {
		return muster.Beginning, drawInstant(t)
	}
	return drawInstant(t), drawInstant(t)
}

func drawWords(t *rapid.T) []string {
	drawn := rapid.SliceOfN(rapid.SampledFrom(words), 1, 3).Draw(t, "words")
	slices.Sort(drawn)
	return slices.Compact(drawn)
}

func drawPredicate(t *rapid.T) plan.Predicate {
	switch rapid.IntRange(0, 3).Draw(t, "predicate") {
	case 0:
		values := rapid.SliceOfNDistinct(rapid.SampledFrom(words), 1, 2, rapid.ID).Draw(t, "values")
		if len(values) == 2 && values[0] > values[1] {
			values[0], values[1] = values[1], values[0]
		}
		return plan.Text{Op: plan.TextIs, Values: values}
	case 1:
		return plan.Text{Op: plan.TextContains, Values: []string{"a"}}
	case 2:
		return plan.Number{Compare: drawCompare(t)}
	}
	from, to := drawWindow(t)
	return plan.InstantRange{From: from, To: to}
}

func drawCompare(t *rapid.T) plan.Compare {
	bound := rapid.Int64Range(0, 3)
	return plan.Compare{
		Op: plan.CompareOp(rapid.IntRange(int(plan.Equal), int(plan.NotBetween)).Draw(t, "op")),
		A:  muster.Decimal(bound.Draw(t, "a")) * muster.DecimalOne,
		B:  muster.Decimal(bound.Draw(t, "b")) * muster.DecimalOne,
	}
}

func drawWhere(t *rapid.T) []plan.Filter {
	filters := make([]plan.Filter, rapid.IntRange(0, 2).Draw(t, "filters"))
	for i := range filters {
		filters[i] = plan.Filter{
			Attribute: rapid.SampledFrom([]string{"p", "q"}).Draw(t, "attribute"), Pred: drawPredicate(t),
			Not: rapid.Bool().Draw(t, "not"), Missing: rapid.Bool().Draw(t, "missing"),
		}
	}
	return filters
}

func drawTypes(t *rapid.T) []string {
	return rapid.SampledFrom([][]string{nil, {"x"}, {"y"}, {"x", "y"}, {"y", "x", "x"}}).Draw(t, "types")
}

func drawChannels(t *rapid.T) []string {
	return rapid.SampledFrom([][]string{nil, nil, {"web"}}).Draw(t, "channels")
}

func drawLeaf(t *rapid.T) plan.Node {
	from, to := drawWindow(t)
	switch rapid.IntRange(0, 11).Draw(t, "leaf") {
	case 0:
		return plan.Everyone{}
	case 1:
		return plan.Nobody{}
	case 2:
		return &plan.Field{Code: "word", Pred: plan.Text{Op: plan.TextIs, Values: drawWords(t)[:1]}}
	case 3:
		return &plan.Field{Code: "day", Pred: plan.DateRange{From: muster.Date(drawInstant(t)), To: muster.Date(drawInstant(t))}}
	case 4:
		code := rapid.SampledFrom([]string{"created_at", "moment"}).Draw(t, "code")
		return &plan.Field{Code: code, Pred: plan.InstantRange{From: from, To: to}}
	case 5:
		first := 101 + rapid.IntRange(0, 12).Draw(t, "first")
		days := plan.MonthDays{Ranges: [][2]int{{first, first + rapid.IntRange(0, 3).Draw(t, "length")}}}
		return &plan.Field{Code: "day", Pred: days}
	case 6:
		steps := make([]plan.Step, 2)
		for i := range steps {
			steps[i] = plan.Step{Types: drawTypes(t), Where: drawWhere(t), Within: rapid.Int64Range(0, 3).Draw(t, "within")}
		}
		return &plan.Sequence{Steps: steps, From: from, To: to}
	case 7:
		return &plan.Latest{Add: []string{"x"}, Remove: []string{"y"}, Key: "p", Keys: drawWords(t)}
	case 8:
		return &plan.Decided{Kind: muster.OnConsent, Code: "news", State: muster.Agreed, From: from, To: to}
	case 9:
		return rapid.SampledFrom([]plan.Node{
			&plan.InGroup{Group: 1}, plan.Identified{}, &plan.Sample{Salt: "s", To: 500_000}, &plan.Sample{To: plan.Buckets},
		}).Draw(t, "plain")
	}
	acted := &plan.Acted{
		Types: drawTypes(t), Channels: drawChannels(t), Where: drawWhere(t), From: from, To: to,
		Measure: plan.Measure(rapid.IntRange(int(plan.Count), int(plan.Distinct)).Draw(t, "measure")), Compare: drawCompare(t),
	}
	if acted.Measure == plan.Count {
		acted.Compare = plan.Compare{Op: plan.AtLeast, A: muster.Decimal(rapid.Int64Range(1, 3).Draw(t, "n")) * muster.DecimalOne}
	} else {
		acted.Attribute = "p"
	}
	return acted
}

func drawNode(t *rapid.T, depth int) plan.Node {
	if depth == 0 {
		return drawLeaf(t)
	}
	switch rapid.IntRange(0, 5).Draw(t, "node") {
	case 0, 1:
		return &plan.All{Of: drawNodes(t, depth-1)}
	case 2, 3:
		return &plan.Any{Of: drawNodes(t, depth-1)}
	case 4:
		return &plan.Not{Of: drawNode(t, depth-1)}
	}
	return drawLeaf(t)
}

func drawNodes(t *rapid.T, depth int) []plan.Node {
	nodes := make([]plan.Node, rapid.IntRange(0, 3).Draw(t, "members"))
	for i := range nodes {
		nodes[i] = drawNode(t, depth)
	}
	return nodes
}

func drawScalar(t *rapid.T) muster.Scalar {
	return rapid.SampledFrom([]muster.Scalar{
		{}, text("a"), text("ab"), text("B "), number("1"), number("2"), boolean("true"),
		text("1970-01-01T00:00:03Z"), text("1970-01-01T00:00:07Z"),
	}).Draw(t, "scalar")
}

func drawContact(t *rapid.T) *plantest.Contact {
	c := &plantest.Contact{}
	c.ID[15] = byte(rapid.IntRange(0, 20).Draw(t, "id"))
	c.CreatedAt = drawInstant(t)
	c.Email = rapid.SampledFrom([]string{"", "a@example.com"}).Draw(t, "email")
	c.Fields = map[string]muster.Value{}
	if rapid.Bool().Draw(t, "has word") {
		c.Fields["word"] = muster.Value{Kind: muster.KindText, Text: rapid.SampledFrom(words).Draw(t, "word")}
	}
	if rapid.Bool().Draw(t, "has day") {
		c.Fields["day"] = muster.Value{Kind: muster.KindDate, Date: muster.Date(drawInstant(t))}
	}
	if rapid.Bool().Draw(t, "has moment") {
		c.Fields["moment"] = muster.Value{Kind: muster.KindDatetime, Instant: drawInstant(t)}
	}
	if rapid.Bool().Draw(t, "has decided") {
		state := rapid.SampledFrom([]muster.DecisionState{muster.Agreed, muster.Revoked}).Draw(t, "state")
		c.Decisions = []muster.Decision{{Kind: muster.OnConsent, Code: "news", State: state, At: drawInstant(t)}}
	}
	if rapid.Bool().Draw(t, "in group") {
		c.Groups = []muster.GroupNo{1}
	}
	c.Activities = make([]muster.Activity, rapid.IntRange(0, 5).Draw(t, "activities"))
	for i := range c.Activities {
		c.Activities[i] = muster.Activity{
			Type:       rapid.SampledFrom([]string{"x", "y", "z"}).Draw(t, "type"),
			At:         drawInstant(t),
			Channel:    rapid.SampledFrom([]string{"", "web"}).Draw(t, "channel"),
			Attributes: []muster.Attribute{{Name: "p", Value: drawScalar(t)}, {Name: "q", Value: drawScalar(t)}},
		}
	}
	return c
}

// nudged answers the plan with every bound moved, in any direction, or kept.
func nudged(t *rapid.T, n plan.Node) plan.Node {
	switch n := n.(type) {
	case *plan.All:
		return &plan.All{Of: nudgedAll(t, n.Of)}
	case *plan.Any:
		return &plan.Any{Of: nudgedAll(t, n.Of)}
	case *plan.Not:
		return &plan.Not{Of: nudged(t, n.Of)}
	case *plan.Field:
		return &plan.Field{Code: n.Code, Pred: nudgedPredicate(t, n.Pred)}
	case *plan.Acted:
		leaf := *n
		leaf.From, leaf.To = nudgedWindow(t, n.From, n.To)
		leaf.Where = nudgedWhere(t, n.Where)
		return &leaf
	case *plan.Sequence:
		leaf := *n
		leaf.From, leaf.To = nudgedWindow(t, n.From, n.To)
		leaf.Steps = append([]plan.Step(nil), n.Steps...)
		for i := range leaf.Steps {
			leaf.Steps[i].Where = nudgedWhere(t, leaf.Steps[i].Where)
		}
		return &leaf
	case *plan.Decided:
		leaf := *n
		leaf.From, leaf.To = nudgedWindow(t, n.From, n.To)
		return &leaf
	}
	return n
}

func nudgedAll(t *rapid.T, of []plan.Node) []plan.Node {
	out := make([]plan.Node, len(of))
	for i, child := range of {
		out[i] = nudged(t, child)
	}
	return out
}

func nudgedWindow(t *rapid.T, from, to muster.Instant) (muster.Instant, muster.Instant) {
	switch rapid.IntRange(0, 2).Draw(t, "nudge") {
	case 0:
		return from, to
	case 1:
		by := muster.Instant(rapid.Int64Range(-3, 3).Draw(t, "by"))
		if from != muster.Beginning {
			from += by
		}
		return from, to + by
	}
	return drawWindow(t)
}

func nudgedPredicate(t *rapid.T, p plan.Predicate) plan.Predicate {
	switch p := p.(type) {
	case plan.InstantRange:
		p.From, p.To = nudgedWindow(t, p.From, p.To)
		return p
	case plan.DateRange:
		from, to := nudgedWindow(t, muster.Instant(p.From), muster.Instant(p.To))
		if from == muster.Beginning {
			return plan.DateRange{From: muster.FirstDate, To: muster.Date(to)}
		}
		return plan.DateRange{From: muster.Date(from), To: muster.Date(to)}
	case plan.MonthDays:
		by := rapid.IntRange(0, 4).Draw(t, "days")
		return plan.MonthDays{Ranges: [][2]int{{p.Ranges[0][0] + by, p.Ranges[0][1] + by}}}
	}
	return p
}

func nudgedWhere(t *rapid.T, where []plan.Filter) []plan.Filter {
	out := append([]plan.Filter(nil), where...)
	for i := range out {
		out[i].Pred = nudgedPredicate(t, out[i].Pred)
	}
	return out
}
