package app

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/roster"
)

// count answers the need of a number of activities.
func (n *needer) count(p *plan.Acted, want bool) (Need, error) {
	found, _, err := allActivities(n.view, n.no, p, countedActivities)
	if err != nil {
		return Need{}, err
	}
	has, asked := len(found), int(p.Compare.A/muster.DecimalOne)
	need := Need{Kind: "activities", Has: &has, From: optionalInstant(p.From), Before: optionalInstant(p.To)}
	if !want {
		most := asked - 1
		need.AtMost = &most
		need.Text = fmt.Sprintf("%d too many: at most %d may count, %d %s.", has-most, most, has, do(has))
		if most == 0 {
			need.Text = fmt.Sprintf("%d too many: none may count, %d %s.", has, has, do(has))
		}
		return need, nil
	}
	need.AtLeast = &asked
	need.Text = fmt.Sprintf("%d more activities are needed, %d of %d so far.", asked-has, has, asked)
	if asked-has == 1 {
		need.Text = fmt.Sprintf("1 more activity is needed, %d of %d so far.", has, asked)
	}
	if err := n.outside(p, &need); err != nil {
		return Need{}, err
	}
	if one := n.activity(p, nil); one != nil && asked-has <= n.app.limits.ActivitiesPerRequest {
		need.Change = &Suggestion{Activities: slices.Repeat([]map[string]any{one}, asked-has)}
	}
	return need, nil
}

func do(n int) string {
	if n == 1 {
		return "does"
	}
	return "do"
}

// outside adds the activities that would count but for the window.
func (n *needer) outside(p *plan.Acted, need *Need) error {
	if p.From == muster.Beginning && p.To == muster.Forever {
		return nil
	}
	open := *p
	open.From, open.To = muster.Beginning, muster.Forever
	found, _, err := allActivities(n.view, n.no, &open, countedActivities)
	if err != nil {
		return err
	}
	found = slices.DeleteFunc(found, func(a muster.StoredActivity) bool { return p.From <= a.At && a.At < p.To })
	if len(found) == 0 {
		return nil
	}
	away := func(a muster.StoredActivity) int64 { return int64(max(p.From-a.At, a.At-p.To+1)) }
	nearest := slices.MinFunc(found, func(a, b muster.StoredActivity) int { return cmp.Compare(away(a), away(b)) })
	need.Outside = &Outside{Count: len(found), Nearest: nearest.At}
	what := "old"
	if nearest.At < p.From {
		need.Outside.TooOldBy = away(nearest)
	} else {
		need.Outside.TooNewBy, what = away(nearest), "new"
	}
	need.Text += fmt.Sprintf(" The one nearest to the window is too %s by %s.", what, sayLength(away(nearest)))
	return nil
}

// sayLength says a number of seconds in its two largest units.
func sayLength(seconds int64) string {
	var said []string
	for _, unit := range []struct {
		name   string
		length int64
	}{{"day", 86400}, {"hour", 3600}, {"minute", 60}, {"second", 1}} {
		if n := seconds / unit.length; n > 0 && len(said) < 2 {
			seconds -= n * unit.length
			text := fmt.Sprintf("%d %s", n, unit.name)
			if n > 1 {
				text += "s"
			}
			said = append(said, text)
		} else if len(said) > 0 {
			break
		}
	}
	return strings.Join(said, " ")
}

var measureNames = map[plan.Measure]string{
	plan.Sum: "sum", plan.Average: "average", plan.Smallest: "smallest value", plan.Largest: "largest value", plan.Distinct: "number of different values",
}

// measure answers the need of a sum, average, extreme or number of values.
func (n *needer) measure(p *plan.Acted, want bool) (Need, error) {
	found, _, err := allActivities(n.view, n.no, p, countedActivities)
	if err != nil {
		return Need{}, err
	}
	wanted := p.Compare
	if !want {
		wanted = wanted.Complement()
	}
	now := measureOf(p, found)
	has := len(found)
	need := Need{Kind: "measure", Code: p.Attribute, Has: &has, From: optionalInstant(p.From), Before: optionalInstant(p.To)}
	name := fmt.Sprintf("The %s of %s", measureNames[p.Measure], n.attributeName(p.Attribute))
	must := sayCompare(wanted)
	if text, known := now.text(p.Measure); known {
		need.Value = text
		need.Text = fmt.Sprintf("%s is %s; it has to be %s.", name, text, must)
	} else {
		need.Text = fmt.Sprintf("%s is unknown, because no activity that counts has one; it has to be %s.", name, must)
	}
	if err := n.outside(p, &need); err != nil {
		return Need{}, err
	}
	for _, target := range []muster.Decimal{wanted.A, wanted.A + muster.DecimalOne, wanted.A - muster.DecimalOne, wanted.B, wanted.B + muster.DecimalOne} {
		value, reached := now.reach(p.Measure, target)
		if !reached || !wanted.Holds(target) {
			continue
		}
		if _, err := muster.ParseDecimal(value.String()); err != nil {
			continue
		}
		if one := n.activity(p, &value); one != nil {
			need.Change = &Suggestion{Activities: []map[string]any{one}}
			break
		}
	}
	return need, nil
}

// measured is what the measures are made of.
type measured struct {
	count             int64
	sum               *big.Int // in millionths
	smallest, largest muster.Decimal
	distinct          map[string]bool
}

func measureOf(p *plan.Acted, found []muster.StoredActivity) measured {
	m := measured{sum: new(big.Int), distinct: map[string]bool{}}
	for _, a := range found {
		s := a.Attribute(p.Attribute)
		if text, ok := plan.ReadText(s); ok {
			m.distinct[text] = true
		}
		d, ok := plan.ReadNumber(s)
		if !ok {
			continue
		}
		if m.count == 0 {
			m.smallest, m.largest = d, d
		}
		m.count++
		m.sum.Add(m.sum, big.NewInt(int64(d)))
		m.smallest, m.largest = min(m.smallest, d), max(m.largest, d)
	}
	return m
}

// text prints the measure; known is false when it is missing.
func (m measured) text(measure plan.Measure) (text string, known bool) {
	if measure == plan.Distinct {
		return itoa(len(m.distinct)), true
	}
	sum := new(big.Rat).SetFrac(m.sum, big.NewInt(int64(muster.DecimalOne)))
	switch {
	case measure == plan.Sum:
		return trimZeros(sum.FloatString(6)), true
	case m.count == 0:
		return "", false
	case measure == plan.Average:
		return trimZeros(sum.Quo(sum, big.NewRat(m.count, 1)).FloatString(6)), true
	case measure == plan.Smallest:
		return m.smallest.String(), true
	}
	return m.largest.String(), true
}

func trimZeros(s string) string { return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") }

// reach answers the value of one more activity that brings the measure to a
// target, if one value does.
func (m measured) reach(measure plan.Measure, target muster.Decimal) (muster.Decimal, bool) {
	switch measure {
	case plan.Sum, plan.Average:
		total := big.NewInt(int64(target))
		if measure == plan.Average {
			total.Mul(total, big.NewInt(m.count+1))
		}
		total.Sub(total, m.sum)
		return muster.Decimal(total.Int64()), total.IsInt64()
	case plan.Smallest:
		return target, m.count == 0 || target <= m.smallest
	case plan.Largest:
		return target, m.count == 0 || target >= m.largest
	}
	return 0, false // further values would be made up
}

func sayCompare(c plan.Compare) string {
	a, b := c.A.String(), c.B.String()
	switch c.Op {
	case plan.Equal:
		return a
	case plan.NotEqual:
		return "anything but " + a
	case plan.Greater:
		return "more than " + a
	case plan.AtLeast:
		return "at least " + a
	case plan.Less:
		return "less than " + a
	case plan.AtMost:
		return "at most " + a
	case plan.Between:
		return "between " + a + " and " + b
	}
	return "less than " + a + " or more than " + b
}

// sequence answers the need of a sequence of activities.
func (n *needer) sequence(p *plan.Sequence, want bool) (Need, error) {
	need := Need{Kind: "sequence", From: optionalInstant(p.From), Before: optionalInstant(p.To)}
	if !want {
		need.Text = "The sequence has happened; what happened stays, so it has to leave the window."
		if need.From == nil && need.Before == nil {
			need.Text = "The sequence has happened, and what happened stays."
		}
		return need, nil
	}
	steps := sequenceSteps(p)
	done := 0
	for done < len(steps)-1 {
		prefix := *p
		prefix.Steps = p.Steps[:done+1]
		holds, err := n.holds(&prefix)
		if err != nil {
			return Need{}, err
		}
		if !holds {
			break
		}
		done++
	}
	asked := len(steps)
	need.Has, need.AtLeast = &done, &asked
	need.Text = fmt.Sprintf("%d of %d steps have happened in this order and within their times; step %d is missing.", done, asked, done+1)
	change := &Suggestion{}
	for _, step := range steps {
		one := n.activity(step, nil)
		if one == nil {
			return need, nil
		}
		change.Activities = append(change.Activities, one)
	}
	need.Change = change
	return need, nil
}

// products answers the need of a list that activities add to and remove from.
func (n *needer) products(p *plan.Latest, want bool) (Need, error) {
	var on []string
	for _, key := range p.Keys {
		holds, err := n.holds(&plan.Latest{Add: p.Add, Remove: p.Remove, Channels: p.Channels, Key: p.Key, Keys: []string{key}})
		if err != nil {
			return Need{}, err
		}
		if holds {
			on = append(on, key)
		}
	}
	one := *latestActs(p)
	filtered := func(activityType, key string) map[string]any {
		one.Types = []string{activityType}
		one.Where = []plan.Filter{{Attribute: p.Key, Pred: plan.Text{Op: plan.TextIs, Values: []string{key}}}}
		return n.activity(&one, nil)
	}
	need := Need{Kind: "products"}
	switch {
	case len(p.Keys) > 0 && want:
		need.Text = fmt.Sprintf("The contact has to add %s.", list(n.originals(p.Keys), "or"))
		need.Change = &Suggestion{Activities: []map[string]any{filtered(p.Add[0], p.Keys[0])}}
	case len(p.Keys) > 0:
		need.Text = fmt.Sprintf("The contact has to remove %s.", list(n.originals(on), "and"))
		need.Change = &Suggestion{}
		for _, key := range on {
			need.Change.Activities = append(need.Change.Activities, filtered(p.Remove[0], key))
		}
	default:
		found, _, err := allActivities(n.view, n.no, latestActs(p), countedActivities)
		if err != nil {
			return Need{}, err
		}
		has := listed(p, found)
		need.Has = &has
		if want {
			need.AtLeast = &p.AtLeast
			need.Text = fmt.Sprintf("%d more are needed: %d have to be on the list, %d %s.", p.AtLeast-has, p.AtLeast, has, are(has))
		} else {
			most := p.AtLeast - 1
			need.AtMost = &most
			need.Text = fmt.Sprintf("%d too many: at most %d may be on the list, %d are.", has-most, most, has)
		}
	}
	return need, nil
}

func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// listed counts the keys whose latest activity adds them. Activities come
// latest first; at equal instants removing beats adding.
func listed(p *plan.Latest, found []muster.StoredActivity) int {
	type last struct {
		at    muster.Instant
		added bool
	}
	keys := map[string]last{}
	for _, a := range found {
		key, ok := plan.ReadText(a.Attribute(p.Key))
		if !ok {
			continue
		}
		added := slices.Contains(p.Add, a.Type)
		if was, seen := keys[key]; !seen || was.at == a.At && !added {
			keys[key] = last{a.At, added}
		}
	}
	n := 0
	for _, l := range keys {
		if l.added {
			n++
		}
	}
	return n
}

// activity answers an activity that would count, with a value of the measured
// attribute if one is given; nil when there is none that would be accepted.
func (n *needer) activity(p *plan.Acted, value *muster.Decimal) map[string]any {
	schema := n.app.schema()
	kind, ok := n.activityType(p)
	if !ok {
		return nil
	}
	out := map[string]any{"type": kind}
	if now := n.at; p.From > now {
		return nil // the future is refused
	} else if p.To <= now {
		at := p.To - 1
		if days := schema.ActivityTypes[kind].RetentionDays; n.app.roster.State().Retention.Enabled && days > 0 && at < roster.AgedBefore(now, days) || p.From > at || at < muster.Date(0).Start(time.UTC) {
			return nil
		}
		out["occurred_at"] = at
	}
	if len(p.Channels) > 0 {
		out["channel"] = p.Channels[0]
	}
	filters := map[string][]plan.Filter{}
	for _, f := range p.Where {
		filters[f.Attribute] = append(filters[f.Attribute], f)
	}
	if value != nil {
		exactly := plan.Number{Compare: plan.Compare{Op: plan.Equal, A: *value}}
		filters[p.Attribute] = append(filters[p.Attribute], plan.Filter{Attribute: p.Attribute, Pred: exactly})
	}
	attributes := map[string]any{}
	for attribute, wanted := range filters {
		scalar, found := n.scalar(kind, attribute, wanted)
		switch {
		case !found:
			return nil
		case scalar.Kind == muster.Missing:
		case attribute == muster.ValueAttribute:
			out["value"] = scalar.JSON()
		default:
			attributes[attribute] = scalar.JSON()
		}
	}
	if len(attributes) > 0 {
		out["attributes"] = attributes
	}
	return out
}

// activityType chooses the first type that is asked for and declares the
// attributes; where any type will do, one without further effects.
func (n *needer) activityType(p *plan.Acted) (string, bool) {
	schema := n.app.schema()
	types := p.Types
	if types == nil {
		types = []string{"page_visit"}
		for _, t := range schema.SortedActivityTypes() {
			if !strings.HasPrefix(t.Code, "email_") && t.Code != "member_registration" {
				types = append(types, t.Code)
			}
		}
	}
	for _, code := range types {
		declares := func(attribute string) bool {
			_, ok := schema.ActivityTypes[code].Attribute(attribute)
			return ok || attribute == "" || attribute == muster.ValueAttribute
		}
		if declares(p.Attribute) && !slices.ContainsFunc(p.Where, func(f plan.Filter) bool { return !declares(f.Attribute) }) {
			return code, true
		}
	}
	return "", false
}

func (n *needer) attributeName(code string) string {
	for _, t := range n.app.schema().SortedActivityTypes() {
		if def, ok := t.Attribute(code); ok && def.Name != "" {
			return def.Name
		}
	}
	return code
}
