package engine

import (
	"strings"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// fieldTest is a leaf over one field of any kind but a dictionary's.
type fieldTest struct {
	test  func(no uint32) bool
	price float64
}

func (l fieldTest) holds(no uint32) bool          { return l.test(no) }
func (l fieldTest) cost() float64                 { return l.price }
func (l fieldTest) page(at int, words *pageWords) { byHolds(l, at, words) }

// codedTest is a leaf over a column of dictionary codes.
type codedTest struct {
	codes *paged[uint32]
	test  *codeTest
}

func (l codedTest) holds(no uint32) bool { return l.test.holds(l.codes.get(no)) }
func (codedTest) cost() float64          { return 6 }

func (l codedTest) page(at int, words *pageWords) {
	*words = pageWords{}
	codes := l.codes.page(at)
	if codes == nil {
		return
	}
	for i, code := range codes {
		if l.test.holds(code) {
			words[i>>6] |= 1 << (i & 63)
		}
	}
}

func (e *Engine) compileField(n *plan.Field) leaf {
	switch n.Code {
	case emailField:
		return e.compileEmail(n.Pred)
	case createdField:
		return instantTest(&e.people.created, 0, n.Pred)
	}
	f := e.fields[n.Code]
	if f == nil {
		return never{}
	}
	switch pred := n.Pred.(type) {
	case plan.Text:
		return f.texts.compile(plan.Field{Code: n.Code, Pred: pred}, func(s string) muster.Value {
			return muster.Value{Kind: muster.KindText, Text: s}
		})
	case plan.Choices:
		return f.choices.compile(plan.Field{Code: n.Code, Pred: pred}, func(s string) muster.Value {
			return muster.Value{Kind: muster.KindChoices, Choices: strings.Split(s, choiceSeparator)}
		})
	case plan.Number:
		return fieldTest{func(no uint32) bool {
			v := f.numbers.get(no)
			return v != 0 && pred.Compare.Holds(muster.Decimal(v^flip64))
		}, 8}
	case plan.Boolean:
		want := uint8(1)
		if pred.Is {
			want = 2
		}
		return fieldTest{func(no uint32) bool { return f.booleans.get(no) == want }, 5}
	case plan.DateRange:
		return fieldTest{func(no uint32) bool {
			v := f.dates.get(no)
			return v != 0 && pred.Holds(muster.Date(v^flip32))
		}, 6}
	case plan.InstantRange:
		return instantTest(&f.datetimes, flip64, pred)
	case plan.MonthDays:
		if pred.Zone != nil {
			return instantTest(&f.datetimes, flip64, pred)
		}
		return fieldTest{func(no uint32) bool {
			v := f.dates.get(no)
			return v != 0 && pred.Holds(muster.Date(v^flip32))
		}, 20}
	case plan.Present:
		return fieldTest{func(no uint32) bool {
			return f.texts.codes.get(no) != 0 || f.choices.codes.get(no) != 0 || f.numbers.get(no) != 0 ||
				f.booleans.get(no) != 0 || f.dates.get(no) != 0 || f.datetimes.get(no) != 0
		}, 12}
	}
	return never{}
}

// instantTest tests a column of instants, which were stored with a flip.
// Without one the column has a value for every contact.
func instantTest(column *paged[int64], flip int64, p plan.Predicate) leaf {
	switch pred := p.(type) {
	case plan.InstantRange:
		return fieldTest{func(no uint32) bool {
			v := column.get(no)
			return (v != 0 || flip == 0) && pred.Holds(muster.Instant(v^flip))
		}, 6}
	case plan.MonthDays:
		if pred.Zone == nil {
			return never{}
		}
		return fieldTest{func(no uint32) bool {
			v := column.get(no)
			return (v != 0 || flip == 0) && pred.HoldsAt(muster.Instant(v^flip))
		}, 60}
	case plan.Present:
		return fieldTest{func(no uint32) bool { return flip == 0 || column.get(no) != 0 }, 5}
	}
	return never{}
}

// compileEmail tests the identifier as a text.
func (e *Engine) compileEmail(p plan.Predicate) leaf {
	people := &e.people
	switch pred := p.(type) {
	case plan.Text:
		return fieldTest{func(no uint32) bool {
			return people.email.get(no) != 0 && pred.Holds(people.foldedEmail(no))
		}, 80}
	case plan.Present:
		return fieldTest{func(no uint32) bool { return people.email.get(no) != 0 }, 5}
	}
	return never{}
}

// compile evaluates a predicate once per distinct value of a coded column.
func (c *coded) compile(n plan.Field, value func(string) muster.Value) leaf {
	test := c.dict.tests.get(plan.Key(&n), c.dict.length(), func(code uint32) bool {
		return code != 0 && c.dict.kinds[code] != 0 && plan.MatchValue(n.Pred, value(c.dict.texts.peek(c.dict.refs[code])))
	})
	if test.ones == 0 {
		return never{}
	}
	return codedTest{&c.codes, test}
}
