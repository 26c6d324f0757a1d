package engine_test

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// The small world in which random facts and plans meet often.
const (
	epoch   = muster.Instant(1_700_000_000)
	horizon = 6 * 86400
)

var (
	types      = []string{"visit", "buy", "add", "drop"}
	channels   = []string{"", "web", "shop"}
	attributes = []string{"page", "amount", "size"}
	scalars    = []muster.Scalar{
		{Kind: muster.KindText, Text: "Alpha"}, {Kind: muster.KindText, Text: "alpha "}, {Kind: muster.KindText, Text: "beta"},
		{Kind: muster.KindText, Text: "12.5"}, {Kind: muster.KindNumber, Text: "12.5"}, {Kind: muster.KindNumber, Text: "-3"},
		{Kind: muster.KindNumber, Text: "9000000000000"}, {Kind: muster.KindBoolean, Text: "true"}, {Kind: muster.KindText, Text: " "},
		{Kind: muster.KindText, Text: "2023-11-16"}, {Kind: muster.KindText, Text: "Straße"},
	}
	texts   = []string{"alpha", "beta", "strasse", "12.5", "a"}
	fieldOf = map[string][]muster.Value{
		"city":  {{Kind: muster.KindText, Text: "Alpha"}, {Kind: muster.KindText, Text: "alphabet"}, {Kind: muster.KindText, Text: "Beta"}},
		"score": {{Kind: muster.KindNumber, Number: 0}, {Kind: muster.KindNumber, Number: 12_500_000}, {Kind: muster.KindNumber, Number: -1}},
		"vip":   {{Kind: muster.KindBoolean}, {Kind: muster.KindBoolean, Boolean: true}},
		"born":  {{Kind: muster.KindDate, Date: 0}, {Kind: muster.KindDate, Date: 59}, {Kind: muster.KindDate, Date: -1}},
		"seen":  {{Kind: muster.KindDatetime, Instant: 0}, {Kind: muster.KindDatetime, Instant: epoch}, {Kind: muster.KindDatetime, Instant: -5}},
		"roles": {{Kind: muster.KindChoices, Choices: []string{"Beta"}}, {Kind: muster.KindChoices, Choices: []string{"alpha", "beta"}}},
	}
	fieldCodes = []string{"born", "city", "roles", "score", "seen", "vip"}
	decidable  = []muster.Decision{
		{Kind: muster.OnConsent, Code: "mail", State: muster.Agreed}, {Kind: muster.OnConsent, Code: "mail", State: muster.Revoked},
		{Kind: muster.OnList, Code: "news", State: muster.Receiving}, {Kind: muster.OnList, Code: "news", State: muster.Bounced},
		{Kind: muster.OnList, Code: "news", State: muster.Unsubscribed}, {Kind: muster.OnAllMail, State: muster.Unsubscribed},
	}
)

func instant(t *rapid.T, name string) muster.Instant {
	// Whole hours make ties frequent; a few odd seconds make boundaries interesting.
	return epoch + muster.Instant(rapid.IntRange(0, horizon/3600).Draw(t, name)*3600+rapid.IntRange(0, 2).Draw(t, name+" second"))
}

func window(t *rapid.T) (from, to muster.Instant) {
	from, to = muster.Beginning, muster.Forever
	if rapid.Bool().Draw(t, "has from") {
		from = instant(t, "from")
	}
	if rapid.Bool().Draw(t, "has to") {
		to = instant(t, "to")
	}
	return from, to
}

func some(t *rapid.T, of []string, name string) []string {
	if rapid.IntRange(0, 2).Draw(t, "any "+name) == 0 {
		return nil
	}
	list := rapid.SliceOfNDistinct(rapid.SampledFrom(of), 1, 2, rapid.ID[string]).Draw(t, name)
	slices.Sort(list)
	return list
}

func activity(t *rapid.T) muster.Activity {
	a := muster.Activity{
		Type: rapid.SampledFrom(types).Draw(t, "type"), At: instant(t, "at"), Channel: rapid.SampledFrom(channels).Draw(t, "channel"),
		ID: rapid.SampledFrom([]string{"", "", "i1", "i2", "i3"}).Draw(t, "id"),
	}
	for _, name := range attributes {
		if rapid.IntRange(0, 3).Draw(t, "has "+name) > 0 {
			a.Attributes = append(a.Attributes, muster.Attribute{Name: name, Value: rapid.SampledFrom(scalars).Draw(t, name)})
		}
	}
	return a
}

func comparison(t *rapid.T) plan.Compare {
	number := rapid.SampledFrom([]muster.Decimal{0, 1_000_000, 2_000_000, 3_000_000, 12_500_000, 12_500_001, -3_000_000, 9_000_000_000_000_000_000})
	return plan.Compare{Op: plan.CompareOp(rapid.IntRange(int(plan.Equal), int(plan.NotBetween)).Draw(t, "op")), A: number.Draw(t, "a"), B: number.Draw(t, "b")}
}

func predicate(t *rapid.T) plan.Predicate {
	values := rapid.SliceOfNDistinct(rapid.SampledFrom(texts), 1, 2, rapid.ID[string]).Draw(t, "values")
	slices.Sort(values)
	switch rapid.IntRange(0, 8).Draw(t, "predicate") {
	case 0, 1:
		return plan.Text{Op: plan.TextIs, Values: values}
	case 2:
		return plan.Text{Op: plan.TextOp(rapid.IntRange(int(plan.TextContains), int(plan.TextEndsWith)).Draw(t, "text op")), Values: values}
	case 3:
		return plan.Number{Compare: comparison(t)}
	case 4:
		return plan.Boolean{Is: rapid.Bool().Draw(t, "is")}
	case 5:
		return plan.DateRange{From: -1, To: muster.Date(rapid.IntRange(-1, 60).Draw(t, "to"))}
	case 6:
		from, to := window(t)
		return plan.InstantRange{From: from, To: to}
	case 7:
		return plan.Choices{All: rapid.Bool().Draw(t, "all"), Values: values}
	}
	return plan.Present{}
}

func filters(t *rapid.T) []plan.Filter {
	var list []plan.Filter
	for range rapid.SampledFrom([]int{0, 0, 1, 1, 2}).Draw(t, "filters") {
		list = append(list, plan.Filter{
			Attribute: rapid.SampledFrom(append([]string{"unheard"}, attributes...)).Draw(t, "attribute"), Pred: predicate(t),
			Not: rapid.Bool().Draw(t, "not"), Missing: rapid.Bool().Draw(t, "missing"),
		})
	}
	return list
}

func acted(t *rapid.T) *plan.Acted {
	n := &plan.Acted{
		Types: some(t, append([]string{"unheard"}, types...), "types"), Channels: some(t, channels[1:], "channels"),
		Where: filters(t), Measure: plan.Count,
		Compare: plan.Compare{Op: plan.AtLeast, A: muster.Decimal(rapid.SampledFrom([]int{1, 1, 2, 3, 130}).Draw(t, "times")) * muster.DecimalOne},
	}
	n.From, n.To = window(t)
	if rapid.IntRange(0, 2).Draw(t, "measures") == 0 {
		n.Measure = plan.Measure(rapid.IntRange(int(plan.Sum), int(plan.Distinct)).Draw(t, "measure"))
		n.Attribute, n.Compare = rapid.SampledFrom(attributes).Draw(t, "measured"), comparison(t)
	}
	return n
}

func sequence(t *rapid.T) *plan.Sequence {
	n := &plan.Sequence{}
	n.From, n.To = window(t)
	for range rapid.IntRange(2, 3).Draw(t, "steps") {
		s := plan.Step{Types: some(t, types, "types"), Channels: some(t, channels[1:], "channels"), Where: filters(t)}
		if len(n.Steps) > 0 && rapid.Bool().Draw(t, "has gap") {
			s.Within = int64(rapid.SampledFrom([]int{1, 3600, 7201, 86400}).Draw(t, "within"))
		}
		n.Steps = append(n.Steps, s)
	}
	return n
}

func latest(t *rapid.T) *plan.Latest {
	n := &plan.Latest{
		Add: []string{"add"}, Remove: []string{"drop"}, Channels: some(t, channels[1:], "channels"), Key: rapid.SampledFrom(attributes).Draw(t, "key"),
		AtLeast: rapid.IntRange(1, 2).Draw(t, "at least"),
	}
	if rapid.Bool().Draw(t, "has keys") {
		n.Keys = rapid.SliceOfNDistinct(rapid.SampledFrom(texts), 1, 2, rapid.ID[string]).Draw(t, "keys")
		slices.Sort(n.Keys)
	}
	return n
}

func leaf(t *rapid.T) plan.Node {
	switch rapid.IntRange(0, 11).Draw(t, "leaf") {
	case 0:
		return rapid.SampledFrom([]plan.Node{plan.Everyone{}, plan.Nobody{}, plan.Identified{}}).Draw(t, "plain")
	case 1, 2:
		return &plan.Field{Code: rapid.SampledFrom(append([]string{"email", "created_at", "unheard"}, fieldCodes...)).Draw(t, "field"), Pred: predicate(t)}
	case 3:
		d := rapid.SampledFrom(decidable).Draw(t, "decision")
		from, to := window(t)
		return &plan.Decided{Kind: d.Kind, Code: d.Code, State: d.State, From: from, To: to}
	case 4:
		return &plan.InGroup{Group: muster.GroupNo(rapid.IntRange(1, 4).Draw(t, "group"))}
	case 5:
		return &plan.Sample{Salt: "s", From: 0, To: uint32(rapid.IntRange(0, plan.Buckets).Draw(t, "share"))}
	case 6:
		return sequence(t)
	case 7:
		return latest(t)
	}
	return acted(t)
}

func node(t *rapid.T, depth int) plan.Node {
	if depth == 0 {
		return leaf(t)
	}
	var of []plan.Node
	for range rapid.IntRange(0, 3).Draw(t, "members") {
		of = append(of, node(t, depth-1))
	}
	switch rapid.IntRange(0, 3).Draw(t, "node") {
	case 0:
		return &plan.All{Of: of}
	case 1:
		return &plan.Any{Of: of}
	case 2:
		return &plan.Not{Of: node(t, depth-1)}
	}
	return leaf(t)
}
