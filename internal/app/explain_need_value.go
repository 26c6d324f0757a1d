package app

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// onlyField answers the field that a plan reads, if it reads one and nothing else.
func onlyField(p plan.Node) (code string, one bool) {
	for leaf := range plan.Leaves(p) {
		f, ok := leaf.(*plan.Field)
		if !ok || code != "" && f.Code != code {
			return "", false
		}
		code = f.Code
	}
	return code, code != ""
}

// field answers the need of a plan over one field.
func (n *needer) field(p plan.Node, code string) Need {
	field := n.app.schema().Fields[code]
	name := nameOr(field.Name, code)
	value := n.value(n.view, code)
	need := Need{Kind: "field", Code: code}
	now := "has no value"
	if !value.IsMissing() {
		need.Value = field.JSON(value)
		now = "is " + n.sayValue(field, value)
	}
	need.Text = fmt.Sprintf("%s %s; it has to %s.", name, now, n.must(field, p, true))
	if code == "created_at" {
		need.Text = fmt.Sprintf("The contact came into being on %s; that has to %s, which only time changes.", value.Instant, n.must(field, p, true))
		return need
	}
	if wanted, found := n.fieldValue(field, p); found {
		if code == "email" {
			need.Change = &Suggestion{Contact: map[string]any{"email": wanted.Text}}
		} else {
			need.Change = &Suggestion{Contact: map[string]any{"fields": map[string]any{code: field.JSON(wanted)}}}
		}
	}
	return need
}

// holdsFor evaluates a plan over one field for a value of it.
func holdsFor(p plan.Node, v muster.Value) bool {
	switch p := p.(type) {
	case plan.Everyone:
		return true
	case *plan.All:
		return !slices.ContainsFunc(p.Of, func(c plan.Node) bool { return !holdsFor(c, v) })
	case *plan.Any:
		return slices.ContainsFunc(p.Of, func(c plan.Node) bool { return holdsFor(c, v) })
	case *plan.Not:
		return !holdsFor(p.Of, v)
	case *plan.Field:
		return plan.MatchValue(p.Pred, v)
	}
	return false
}

// fieldValue looks for a value for which a plan over one field holds, among
// those that its predicates name, and no value at all.
func (n *needer) fieldValue(field muster.Field, p plan.Node) (muster.Value, bool) {
	if field.Code == "email" {
		for _, text := range n.texts(p) {
			if v := (muster.Value{Kind: muster.KindText, Text: text}); muster.CheckEmail(text) == nil && holdsFor(p, v) {
				return v, true
			}
		}
		return muster.Value{}, false
	}
	for _, text := range n.texts(p) {
		if v, err := field.ParseText(text); err == nil && holdsFor(p, v) {
			return v, true
		}
	}
	return muster.Value{}, holdsFor(p, muster.Value{})
}

// texts answers the values that a plan's predicates name, as texts.
func (n *needer) texts(p plan.Node) (out []string) {
	for leaf := range plan.Leaves(p) {
		if f, ok := leaf.(*plan.Field); ok {
			out = append(out, n.named(f.Pred)...)
		}
	}
	return out
}

// named answers values at and around the bounds of a predicate.
func (n *needer) named(p plan.Predicate) (out []string) {
	switch p := p.(type) {
	case plan.Text:
		out = n.originals(p.Values)
		if p.Op == plan.TextMatches {
			for i := range out {
				out[i] = strings.NewReplacer("*", "", "?", "x").Replace(out[i])
			}
		}
	case plan.Choices:
		out = n.originals(p.Values)
		out = append(out, strings.Join(out, "|"))
	case plan.Number:
		for _, d := range []muster.Decimal{p.Compare.A, p.Compare.B} {
			for _, near := range []muster.Decimal{d, d + muster.DecimalOne, d - muster.DecimalOne} {
				out = append(out, near.String())
			}
		}
	case plan.Boolean:
		out = []string{fmt.Sprint(p.Is)}
	case plan.DateRange:
		// Bounds move forward: a day later than the first holds for longer.
		for _, d := range []muster.Date{p.To - 1, p.From + 1, p.From} {
			if muster.FirstDate+1 < d && d < muster.LastDate-1 {
				out = append(out, d.String())
			}
		}
	case plan.InstantRange:
		for _, t := range []muster.Instant{p.To - 1, p.From + 86400, p.From} {
			if muster.Beginning+86400 < t && t < muster.Forever-1 {
				out = append(out, t.String())
			}
		}
	case plan.MonthDays:
		for _, r := range p.Ranges {
			// The year is a leap year, so that 29 February is one of its days.
			month, day := time.Month(r[0]/100), r[0]%100
			d := muster.NewDate(2000, month, day)
			out = append(out, d.String())
			if p.Zone != nil {
				out = append(out, muster.InstantOf(time.Date(2000, month, day, 12, 0, 0, 0, p.Zone)).String())
			}
		}
	}
	return out
}

// scalar looks for a value of an attribute for which all filters hold.
func (n *needer) scalar(activityType, attribute string, filters []plan.Filter) (muster.Scalar, bool) {
	def, _ := n.app.schema().ActivityTypes[activityType].Attribute(attribute)
	candidates := []muster.Scalar{{}}
	var all []string
	for _, f := range filters {
		texts := n.named(f.Pred)
		if len(texts) > 0 {
			all = append(all, texts[0])
		}
		for _, text := range texts {
			candidates = append(candidates, scalarOf(def.Type, f.Pred, text))
		}
	}
	// Several contained texts fit into one.
	candidates = append(candidates, muster.Scalar{Kind: muster.KindText, Text: strings.Join(all, " ")})
	for _, s := range candidates {
		if !slices.ContainsFunc(filters, func(f plan.Filter) bool { return !f.Holds(s) }) {
			return s, true
		}
	}
	return muster.Scalar{}, false
}

func scalarOf(declared muster.AttributeType, p plan.Predicate, text string) muster.Scalar {
	s := muster.Scalar{Kind: muster.KindText, Text: text}
	switch p.(type) {
	case plan.Number:
		s.Kind = muster.KindNumber
	case plan.Boolean:
		s.Kind = muster.KindBoolean
	}
	if declared == muster.TextAttribute {
		s.Kind = muster.KindText
	}
	return s
}

// originals answers folded texts as the condition writes them.
func (n *needer) originals(folded []string) []string {
	written := map[string]string{}
	a := &n.leaf.Args
	lists := [][]string{a.Text, a.Codes, a.Keywords, a.Emails, a.Campaigns, {a.Code}}
	for _, f := range a.Where {
		lists = append(lists, f.Text)
	}
	for _, step := range a.Steps {
		for _, f := range step.Where {
			lists = append(lists, f.Text)
		}
	}
	for _, text := range slices.Concat(lists...) {
		written[plan.Fold(text)] = strings.TrimSpace(text)
	}
	out := make([]string, len(folded))
	for i, text := range folded {
		out[i] = text
		if original, ok := written[text]; ok {
			out[i] = original
		}
	}
	return out
}

func (n *needer) sayValue(field muster.Field, v muster.Value) string {
	switch v.Kind {
	case muster.KindText:
		return "“" + v.Text + "”"
	case muster.KindChoices:
		return list(choiceNames(field, v.Choices), "and")
	}
	return field.FormatText(v)
}

func choiceNames(field muster.Field, codes []string) []string {
	out := make([]string, len(codes))
	for i, code := range codes {
		choice, _ := field.Choice(code)
		out[i] = nameOr(choice.Name, code)
	}
	return out
}

// list joins texts with commas and a word before the last.
func list(texts []string, word string) string {
	if len(texts) < 2 {
		return strings.Join(texts, "")
	}
	last := len(texts) - 1
	return strings.Join(texts[:last], ", ") + " " + word + " " + texts[last]
}

// must says what a plan over one field asks of its value, to be read behind
// "it has to".
func (n *needer) must(field muster.Field, p plan.Node, want bool) string {
	of, word := []plan.Node(nil), "and"
	switch p := p.(type) {
	case *plan.Not:
		return n.must(field, p.Of, !want)
	case *plan.All:
		of = p.Of
	case *plan.Any:
		of, word = p.Of, "or"
	case *plan.Field:
		return n.mustValue(field, p.Pred, want)
	default:
		return "be something else"
	}
	if !want {
		word = map[string]string{"and": "or", "or": "and"}[word]
	}
	said := make([]string, len(of))
	for i, child := range of {
		said[i] = n.must(field, child, want)
	}
	return strings.Join(said, " "+word+" ")
}

func (n *needer) mustValue(field muster.Field, p plan.Predicate, want bool) string {
	no := ""
	if !want {
		no = "not "
	}
	quotedList := func(texts []string) string {
		out := make([]string, len(texts))
		for i, text := range n.originals(texts) {
			out[i] = "“" + text + "”"
		}
		return list(out, "or")
	}
	switch p := p.(type) {
	case plan.Text:
		verb := map[plan.TextOp]string{plan.TextIs: "be", plan.TextContains: "contain", plan.TextStartsWith: "start with", plan.TextEndsWith: "end with", plan.TextMatches: "match"}[p.Op]
		return no + verb + " " + quotedList(p.Values)
	case plan.Number:
		return no + "be " + sayCompare(p.Compare)
	case plan.Boolean:
		return no + "be " + fmt.Sprint(p.Is)
	case plan.DateRange:
		// Years that nobody can write are no bound.
		first, last := p.From > muster.NewDate(1, time.January, 1), p.To <= muster.NewDate(9999, time.December, 31)
		return no + "be " + sayRange(p.From.String(), (p.To-1).String(), first, last)
	case plan.InstantRange:
		first, last := p.From != muster.Beginning, p.To != muster.Forever
		return no + "be " + sayRange(p.From.String(), (p.To-1).String(), first, last)
	case plan.MonthDays:
		var said []string
		for _, r := range p.Ranges {
			from, to := dayOfYear(r[0]), dayOfYear(r[1])
			if from == to {
				said = append(said, from)
			} else {
				said = append(said, "from "+from+" to "+to)
			}
		}
		return no + "fall on a day of the year " + list(said, "or")
	case plan.Choices:
		word := "or"
		if p.All {
			word = "and"
		}
		verb := "be "
		if field.Type == muster.ChoicesField {
			verb = "include "
		}
		return no + verb + list(choiceNames(field, n.originals(p.Values)), word)
	}
	if want {
		return "have a value"
	}
	return "have no value"
}

func dayOfYear(monthDay int) string {
	return fmt.Sprintf("%d %s", monthDay%100, time.Month(monthDay/100))
}

func sayRange(from, to string, first, last bool) string {
	switch {
	case first && last && from == to:
		return from
	case first && last:
		return "from " + from + " to " + to
	case first:
		return from + " or later"
	case last:
		return to + " or earlier"
	}
	return "any"
}

// decision answers the need of a standing decision.
func (n *needer) decision(p *plan.Decided, want bool) Need {
	d := n.view.Decision(n.no, p.Kind, p.Code)
	evidence := n.decisionEvidence(n.view, p)
	schema := n.app.schema()
	what := "The decision on all mail"
	switch p.Kind {
	case muster.OnConsent:
		what = "The consent " + quoted(nameOr(schema.Consents[p.Code].Name, p.Code))
	case muster.OnList:
		what = "The subscription to " + quoted(nameOr(schema.Lists[p.Code].Name, p.Code))
	}
	need := Need{Kind: evidence.Kind, Code: p.Code, From: optionalInstant(p.From), Before: optionalInstant(p.To)}
	now := "is not decided"
	if d.State != muster.Undecided {
		need.Value = evidence.State
		now = fmt.Sprintf("is %s since %s", evidence.State, d.At)
	}
	state, at := p.State, n.at
	if !want {
		state = opposite(p)
		need.Text = fmt.Sprintf("%s %s; it has to be anything else.", what, now)
	} else {
		need.Text = fmt.Sprintf("%s %s; it has to be %s.", what, now, p.State)
		if d.State == p.State {
			need.Text = fmt.Sprintf("%s %s, which is outside the window.", what, now)
			if d.At < p.From {
				need.Outside = &Outside{Count: 1, Nearest: d.At, TooOldBy: int64(p.From - d.At)}
				need.Text = fmt.Sprintf("%s %s, which is too old by %s.", what, now, sayLength(int64(p.From-d.At)))
			} else {
				need.Outside = &Outside{Count: 1, Nearest: d.At, TooNewBy: int64(d.At - p.To + 1)}
				need.Text = fmt.Sprintf("%s %s, which is too new by %s.", what, now, sayLength(int64(d.At-p.To+1)))
			}
		}
		if at < p.From {
			return need
		}
		if at >= p.To {
			// An earlier decision stands only before the first.
			if at = p.To - 1; at < p.From || d.State != muster.Undecided && d.At >= at {
				return need
			}
		}
	}
	decided := map[string]any{"state": state.String()}
	if at != n.at {
		decided["at"] = at
	}
	switch p.Kind {
	case muster.OnConsent:
		need.Change = &Suggestion{Contact: map[string]any{"consents": map[string]any{p.Code: decided}}}
	case muster.OnList:
		need.Change = &Suggestion{Contact: map[string]any{"lists": map[string]any{p.Code: decided}}}
	default:
		need.Change = &Suggestion{Contact: map[string]any{"all_mail": decided}}
	}
	return need
}

// opposite answers a state other than the one a plan asks for.
func opposite(p *plan.Decided) muster.DecisionState {
	switch {
	case p.Kind == muster.OnConsent && p.State == muster.Agreed:
		return muster.Revoked
	case p.Kind == muster.OnConsent:
		return muster.Agreed
	case p.State == muster.Receiving:
		return muster.Unsubscribed
	}
	return muster.Receiving
}
