package catalog

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/muster-groups/muster"
)

// missingRule says where a comparison takes the parameter missing.
type missingRule byte

const (
	missingOnNegative missingRule = iota // the default
	missingAlways                        // restricts the result, after not, to contacts with a value
	missingNever                         // there is always a value
)

// comparison describes what op compares.
type comparison struct {
	kinds   []valueKind // what is offered; empty when the compared thing is unknown
	key     string      // the key of the operand, "value" by default
	values  string      // the source of suggested operands
	field   *muster.Field
	low     int // with high: operands are whole numbers in this range
	high    int
	missing missingRule
	// unsupported names an operator that the place cannot take.
	unsupported Operator
}

// operand is an operator with what it compares with.
type operand struct {
	op      Operator
	kind    valueKind
	text    []string
	numbers []muster.Decimal
	dates   []Bound
	length  muster.Duration
	days    int
	missing *bool
}

// compare reads op and its operand.
func (r *reader) compare(o *object, c comparison) operand {
	if c.key == "" {
		c.key = operandValue
	}
	keys := map[string]json.RawMessage{}
	for _, key := range []string{c.key, "values", "from", "to"} {
		if raw, ok := o.take(key); ok {
			keys[key] = raw
		}
	}
	missing, hasMissing := o.take("missing")
	offered := c.kinds
	if len(offered) == 0 {
		offered = allKinds()
	}
	names := slices.DeleteFunc(operatorNames(offered), func(n string) bool { return n == string(c.unsupported) })
	raw, ok := o.take("op")
	if !ok {
		r.fail(o.place("op"), "required", "Expected op, one of %s.", orList(names))
		return operand{}
	}
	word, ok := r.text(o.place("op"), raw, "an operator, a text")
	if !ok {
		return operand{}
	}
	kind, info, found := findOperator(offered, Operator(word))
	if !found || Operator(word) == c.unsupported {
		r.fail(o.place("op"), "invalid_operator", "The operator %q is not allowed here; expected %s.%s", word, orList(names), suggest(word, names))
		return operand{}
	}
	result := operand{op: info.Op, kind: kind}
	if len(c.kinds) == 0 {
		return result // the operand cannot be judged before the thing compared is known
	}
	// Between is an operator of numbers and of dates: the operand tells.
	if info.Op == Between && kind == numberKind && kindOf(keys["from"]) == "a text" && slices.Contains(offered, datetimeKind) {
		kind = datetimeKind
		result.kind = kind
	}
	r.operand(o, c, info, &result, keys)
	if hasMissing {
		result.missing = r.missing(o.place("missing"), missing, c.missing, info)
	}
	return result
}

func (r *reader) operand(o *object, c comparison, info OperatorInfo, result *operand, keys map[string]json.RawMessage) {
	var wanted []string
	switch info.Operand {
	case operandValue, operandDuration, operandDays:
		wanted = []string{c.key}
	case operandValues:
		wanted = []string{"values"}
	case operandRange:
		wanted = []string{"from", "to"}
	}
	complete := true
	for _, key := range []string{c.key, "values", "from", "to"} {
		_, written := keys[key]
		switch {
		case written && !slices.Contains(wanted, key):
			if len(wanted) == 0 {
				r.fail(o.place(key), "unknown_key", "The operator %s compares with nothing; expected no %s.", info.Op, key)
			} else {
				r.fail(o.place(key), "unknown_key", "The operator %s does not take %s; expected %s.", info.Op, key, andList(wanted))
			}
		case !written && slices.Contains(wanted, key):
			r.fail(o.place(key), "required", "The operator %s needs %s.", info.Op, andList(wanted))
			complete = false
		}
	}
	if !complete {
		return
	}
	single := keys[c.key]
	switch {
	case info.Operand == operandDuration:
		result.length = r.relativeLength(o.place(c.key), single, result.kind)
	case info.Operand == operandDays:
		result.days = r.days(o.place(c.key), single)
	case result.kind == numberKind:
		for _, key := range wanted {
			if d, ok := r.comparedNumber(o.place(key), keys[key], c); ok {
				result.numbers = append(result.numbers, d)
			}
		}
		if len(result.numbers) == 2 && result.numbers[0] > result.numbers[1] {
			r.fail(o.place("to"), "out_of_range", "Expected to to be at least from, %s.", result.numbers[0])
		}
	case result.kind == dateKind || result.kind == datetimeKind:
		for _, key := range wanted {
			if b, ok := r.bound(o.place(key), keys[key], result.kind == datetimeKind && info.Op != On); ok {
				result.dates = append(result.dates, b)
			}
		}
		if len(result.dates) == 2 {
			r.inOrder(o.place("to"), result.dates[0], result.dates[1], false)
		}
	case info.Operand == operandValues:
		result.text, _ = r.texts(o.place("values"), keys["values"], "values", func(at, s string) (string, bool) {
			return r.choice(at, s, result.kind, c.field)
		})
	case info.Operand == operandValue:
		if s, ok := r.text(o.place(c.key), single, "a text"); ok {
			result.text = []string{s}
		}
	}
}

// choice checks a value against the declared choices of a choice field.
func (r *reader) choice(at, s string, kind valueKind, field *muster.Field) (string, bool) {
	if field == nil || (kind != choiceKind && kind != choicesKind) {
		return s, true
	}
	code, err := field.ParseChoice(s)
	if err != nil {
		var codes []string
		for _, c := range field.Choices {
			codes = append(codes, c.Code)
		}
		r.fail(at, "unknown_code", "%s.%s", err, suggest(s, codes))
		return "", false
	}
	return code, true
}

func (r *reader) comparedNumber(at string, raw json.RawMessage, c comparison) (muster.Decimal, bool) {
	if c.high > 0 {
		n, ok := r.whole(at, raw, c.low, c.high)
		return muster.Decimal(n) * muster.DecimalOne, ok
	}
	return r.number(at, raw, "a number")
}

// relativeLength reads the duration of a relative date operator. The unit of a
// date is the day, so seconds, minutes and hours are refused on it.
func (r *reader) relativeLength(at string, raw json.RawMessage, kind valueKind) muster.Duration {
	var written string
	_ = json.Unmarshal(raw, &written) // r.duration reports what is not a text
	d, ok := r.duration(at, raw)
	if asWritten, err := muster.ParseDuration(written); ok && kind == dateKind && err == nil && asWritten.Unit < muster.Days {
		r.fail(at, "invalid_value", "A date counts in days; expected a duration in d, w, mo or y, found %q.", written)
	}
	return d
}

// days reads a number of days, as a duration in days or weeks or a whole number.
func (r *reader) days(at string, raw json.RawMessage) int {
	const most = 366
	if kindOf(raw) != "a text" {
		n, _ := r.whole(at, raw, 1, most)
		return n
	}
	d, ok := r.duration(at, raw)
	if !ok {
		return 0
	}
	seconds, exact := d.Exact()
	if !exact || seconds%86400 != 0 || seconds/86400 > most {
		r.fail(at, "invalid_value", "Expected 1 to %d days, such as 14d.", most)
		return 0
	}
	return int(seconds / 86400)
}

// inOrder reports a range that ends before it starts. A date and an instant
// are not compared: that would need a time zone.
func (r *reader) inOrder(at string, from, to Bound, instantExcluded bool) {
	backwards := false
	switch {
	case from.IsDate && to.IsDate:
		backwards = to.Date < from.Date
	case !from.IsDate && !to.IsDate:
		backwards = to.Instant < from.Instant || (instantExcluded && to.Instant == from.Instant)
	}
	if backwards {
		r.fail(at, "out_of_range", "Expected to to be after from.")
	}
}

// missing reads the parameter missing. Only what changes the meaning is kept,
// so that conditions that mean the same look the same.
func (r *reader) missing(at string, raw json.RawMessage, rule missingRule, info OperatorInfo) *bool {
	if kindOf(raw) != "a boolean" {
		r.fail(at, "wrong_type", "Expected true or false, found %s.", kindOf(raw))
		return nil
	}
	var value bool
	if err := json.Unmarshal(raw, &value); err != nil {
		r.fail(at, "wrong_type", "Expected true or false.")
		return nil
	}
	switch {
	case rule == missingNever:
		r.fail(at, "unknown_key", "There is always a value here; expected no missing.")
	case rule == missingOnNegative && value && !info.Negative:
		r.fail(at, "invalid_value", "The operator %s never matches a missing value; expected no missing.", info.Op)
	case !value && (rule == missingAlways || info.Negative):
		return &value
	}
	return nil
}

// printOperand writes what compare reads.
func printOperand(out map[string]any, key string, c operand) {
	if c.op == "" {
		return
	}
	if key == "" {
		key = operandValue
	}
	out["op"] = string(c.op)
	_, info, _ := findOperator(allKinds(), c.op)
	switch {
	case info.Operand == operandDuration:
		out[key] = c.length.String()
	case info.Operand == operandDays:
		out[key] = fmt.Sprintf("%dd", c.days)
	case len(c.numbers) == 2:
		out["from"], out["to"] = json.Number(c.numbers[0].String()), json.Number(c.numbers[1].String())
	case len(c.numbers) == 1:
		out[key] = json.Number(c.numbers[0].String())
	case len(c.dates) == 2:
		out["from"], out["to"] = c.dates[0].String(), c.dates[1].String()
	case len(c.dates) == 1:
		out[key] = c.dates[0].String()
	case info.Operand == operandValues:
		out["values"] = c.text
	case len(c.text) == 1:
		out[key] = c.text[0]
	}
	if c.missing != nil {
		out["missing"] = *c.missing
	}
}

// String prints the bound as the language writes it.
func (b Bound) String() string {
	if b.IsDate {
		return b.Date.String()
	}
	return b.Instant.String()
}

// operandOf and setOperand move an operand between its own form and Args.
func operandOf(a *Args) operand {
	return operand{op: a.Op, text: a.Text, numbers: a.Numbers, dates: a.Dates, length: a.Length, days: a.Days, missing: a.Missing}
}

func setOperand(a *Args, c operand) {
	a.Op, a.Text, a.Numbers, a.Dates = c.op, c.text, c.numbers, c.dates
	a.Length, a.Days, a.Missing = c.length, c.days, c.missing
}
