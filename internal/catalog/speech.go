package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/muster-groups/muster"
)

// speech says one condition.
type speech struct {
	*conditionType
	schema *muster.Schema
	args   Args
	negate bool
}

// sentence fills the template and appends the common parameters.
func (s *speech) sentence() string {
	said := s.fill(s.conditionType.sentence)
	if s.common&takesTimes != 0 {
		said += sayTimes(s.args.Times)
	}
	if s.common&takesWithin != 0 {
		window := sayWindow(s.args.Window)
		if window != "" && s.args.State == muster.Receiving {
			said += ", decided"
		}
		said += window
	}
	if s.common&takesChannels != 0 && len(s.args.Channels) > 0 {
		said += " on " + counted("the channel", "any of the channels", s.names(s.args.Channels, s.channel), "or")
	}
	if len(s.args.Where) > 0 {
		said += s.where(s.args.Where, s.activityTypes(&s.args))
	}
	return said
}

// fill resolves [a|b] by negation and {name} by what the parameter says.
func (s *speech) fill(template string) string {
	var b strings.Builder
	for template != "" {
		i := strings.IndexAny(template, "[{")
		if i < 0 {
			b.WriteString(template)
			break
		}
		b.WriteString(template[:i])
		end := strings.IndexAny(template[i:], "]}") + i
		inside := template[i+1 : end]
		if template[i] == '[' {
			plain, negated, _ := strings.Cut(inside, "|")
			if s.negate {
				plain = negated
			}
			b.WriteString(plain)
		} else {
			b.WriteString(s.param(inside))
		}
		template = template[end+1:]
	}
	return b.String()
}

func (s *speech) param(name string) string {
	for _, p := range s.params {
		if p.Name == name && p.say != nil {
			return p.say(s, &s.args)
		}
	}
	return "{" + name + "}"
}

// comparedKinds are the kinds among which the operator of the leaf is found.
func (s *speech) comparedKinds() []valueKind {
	if f, ok := s.schema.Fields[s.args.Field]; ok {
		return []valueKind{fieldKind(f.Type)}
	}
	return allKinds()
}

// comparison says op and its operand. A comparison that stands behind "has not"
// is not negated itself; one inside an activity says what a missing value does.
func (s *speech) comparison(a *Args) string {
	negate := s.negate && !strings.Contains(s.conditionType.sentence, "[")
	name := func(code string) string { return quote(code) }
	if f, ok := s.schema.Fields[a.Field]; ok && (f.Type == muster.ChoiceField || f.Type == muster.ChoicesField) {
		name = func(code string) string { return s.choice(f.Code, code) }
	}
	said := sayOperand(s.comparedKinds(), operandOf(a), negate, name)
	_, info, _ := findOperator(s.comparedKinds(), a.Op)
	if s.subject == "" && info.Negative && !s.takesNoMissing() {
		said += sayMissing(a.Missing)
	}
	return said
}

// takesNoMissing reports a comparison whose value is never missing.
func (s *speech) takesNoMissing() bool {
	for _, p := range s.params {
		if p.Name == "op" {
			return p.Missing == ""
		}
	}
	return false
}

// sayMissing says, after a negative operator, what a missing value does.
func sayMissing(missing *bool) string {
	if missing != nil && !*missing {
		return " and is known"
	}
	return " or is unknown"
}

// sayOperand says "contains “x”" or "is at least 18".
func sayOperand(kinds []valueKind, c operand, negate bool, name func(string) string) string {
	_, info, ok := findOperator(kinds, c.op)
	if !ok {
		return string(c.op)
	}
	words := []string{info.verb}
	if negate {
		words[0] = info.negated
	}
	rest := info.rest
	if info.Operand == operandValues && len(c.text) == 1 {
		rest = "" // "is any of A" is "is A"
	}
	switch c.op {
	case MoreThanAgo:
		return words[0] + " at least " + sayDuration(c.length) + " ago"
	case MoreThanAhead:
		return words[0] + " more than " + sayDuration(c.length) + " ahead"
	}
	if rest != "" {
		words = append(words, rest)
	}
	switch {
	case info.Operand == operandDuration:
		words = append(words, theDuration(c.length))
	case info.Operand == operandDays:
		words = append(words, plural(int64(c.days), "day"))
	case len(c.numbers) > 0:
		var said []string
		for _, n := range c.numbers {
			said = append(said, n.String())
		}
		words = append(words, andList(said))
	case len(c.dates) > 0:
		var said []string
		for _, d := range c.dates {
			said = append(said, d.String())
		}
		words = append(words, andList(said))
	case len(c.text) > 0:
		var said []string
		for _, t := range c.text {
			said = append(said, name(t))
		}
		list := orList(said)
		if c.op == AllOf {
			list = andList(said)
		}
		words = append(words, list)
	}
	return strings.Join(words, " ")
}

// where says the filters: " where the Amount is at least 5 and the ...".
func (s *speech) where(filters []Filter, types []string) string {
	var said []string
	for _, f := range filters {
		_, info, _ := findOperator(allKinds(), f.Op)
		one := "the " + s.attribute(f.Attribute, types) + " " + sayOperand(allKinds(), operandOfFilter(f), false, quote)
		if info.Negative {
			one += sayMissing(f.Missing)
		}
		said = append(said, one)
	}
	return " where " + strings.Join(said, " and ")
}

func (s *speech) steps(steps []Step) string {
	var said []string
	for _, step := range steps {
		one := "any activity"
		if len(step.Types) > 0 {
			one = orList(s.names(step.Types, s.activityType))
		}
		if len(step.Where) > 0 {
			one += s.where(step.Where, step.Types)
		}
		if step.Within != nil {
			one = "within " + sayDuration(*step.Within) + " " + one
		}
		said = append(said, one)
	}
	return strings.Join(said, ", then ")
}

// modal says "any of the groups A or B" or "all of the groups A and B", and
// for one member just its noun and name.
func (s *speech) modal(one, several string, names []string) string {
	all := s.args.Mode == muster.MatchAll
	switch {
	case len(names) == 1:
		return strings.TrimSpace(one + " " + names[0])
	case all:
		return strings.TrimSpace("all of "+strings.TrimSpace(several)) + " " + andList(names)
	}
	return strings.TrimSpace("any of "+strings.TrimSpace(several)) + " " + orList(names)
}

func (s *speech) names(codes []string, name func(string) string) []string {
	var said []string
	for _, c := range codes {
		said = append(said, name(c))
	}
	return said
}

func (s *speech) field(code string) string   { return named(s.schema.Fields[code].Name, code) }
func (s *speech) consent(code string) string { return named(s.schema.Consents[code].Name, code) }
func (s *speech) list(code string) string    { return named(s.schema.Lists[code].Name, code) }
func (s *speech) channel(code string) string { return named(s.schema.Channels[code].Name, code) }
func (s *speech) group(code string) string   { return named(s.schema.GroupNames[code], code) }
func (s *speech) activityType(code string) string {
	return named(s.schema.ActivityTypes[code].Name, code)
}

func (s *speech) choice(field, code string) string {
	c, _ := s.schema.Fields[field].Choice(code)
	return named(c.Name, code)
}

// attribute is the attribute's name on the first of the types that declares it.
func (s *speech) attribute(code string, types []string) string {
	if types == nil {
		for name := range s.schema.ActivityTypes {
			types = append(types, name)
		}
		slices.Sort(types)
	}
	for _, name := range types {
		if def, ok := s.schema.ActivityTypes[name].Attribute(code); ok {
			return named(def.Name, code)
		}
	}
	return code
}

// named is the display name, or the code where there is none.
func named(name, code string) string {
	if name == "" {
		return code
	}
	return name
}

func quote(s string) string { return "“" + s + "”" }

func quoteAll(list []string) []string {
	var quoted []string
	for _, s := range list {
		quoted = append(quoted, quote(s))
	}
	return quoted
}

// counted says "the page A" or "any of the pages A or B".
func counted(one, several string, names []string, last string) string {
	if len(names) == 1 {
		return one + " " + names[0]
	}
	return several + " " + joinList(names, last)
}

func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func unitNoun(u muster.Unit) string {
	return map[muster.Unit]string{muster.Seconds: "second", muster.Minutes: "minute", muster.Hours: "hour", muster.Days: "day",
		muster.Weeks: "week", muster.Months: "month", muster.Years: "year"}[u]
}

// sayDuration says "30 days" or "1 day".
func sayDuration(d muster.Duration) string { return plural(d.N, unitNoun(d.Unit)) }

// theDuration says it behind "in the last": "30 days", "day".
func theDuration(d muster.Duration) string {
	if d.N == 1 {
		return unitNoun(d.Unit)
	}
	return sayDuration(d)
}

func sayTimes(t Times) string {
	times := func(n int) string {
		if n == 1 {
			return "once"
		}
		return plural(int64(n), "time")
	}
	switch {
	case t == Times{1, -1}:
		return ""
	case t.Max < 0:
		return " at least " + times(t.Min)
	case t.Min == t.Max:
		return " exactly " + times(t.Min)
	case t.Min == 0:
		return " at most " + times(t.Max)
	}
	return fmt.Sprintf(" between %d and %d times", t.Min, t.Max)
}

func sayWindow(w Window) string {
	switch {
	case w.Last != nil:
		return " in the last " + theDuration(*w.Last)
	case w.OlderThan != nil:
		return " at least " + sayDuration(*w.OlderThan) + " ago"
	case w.From != nil && w.To != nil:
		return " from " + w.From.String() + sayEnd(*w.To, " to ", " to before ")
	case w.From != nil:
		return " since " + w.From.String()
	case w.To != nil:
		return sayEnd(*w.To, " until ", " before ")
	case w.Period != "":
		for _, p := range periods() {
			if p.Code == w.Period {
				return " " + p.Name
			}
		}
	}
	return ""
}

// sayEnd says the end of a window: a day is included, an instant is not.
func sayEnd(b Bound, day, instant string) string {
	if b.IsDate {
		return day + b.String()
	}
	return instant + b.String()
}
