package storetest

import (
	"fmt"
	"slices"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// Values are few, so that windows, filters and facts meet often.

func (w *world) word() string    { return string(rune('a' + w.IntN(3))) }
func (w *world) kind() string    { return []string{"drop", "order", "visit", "visit"}[w.IntN(4)] }
func (w *world) channel() string { return []string{"", "app", "web"}[w.IntN(3)] }

// moment is one of few instants over some days, most of them late in time.
func (w *world) moment() instant { return instant(w.IntN(40)+w.IntN(3)*day) - 10 }

func (w *world) window() (from, to instant) {
	switch w.IntN(4) {
	case 0:
		return muster.Beginning, w.moment()
	case 1:
		return w.moment(), muster.Forever
	}
	return w.moment(), w.moment()
}

func (w *world) scalar(name string) muster.Scalar {
	number := muster.Scalar{Kind: muster.KindNumber, Text: fmt.Sprint([]string{"-1", "0", "1", "1.5", "2"}[w.IntN(5)])}
	switch w.IntN(8) {
	case 0:
		return muster.Scalar{}
	case 1:
		return muster.Scalar{Kind: muster.KindText, Text: []string{"2", "true", "Ä", "1970-01-02"}[w.IntN(4)]}
	}
	switch name {
	case "amount":
		return number
	case "ok":
		return muster.Scalar{Kind: muster.KindBoolean, Text: fmt.Sprint(w.IntN(2) == 0)}
	}
	return muster.Scalar{Kind: muster.KindText, Text: fmt.Sprintf("/%s/%s", []string{"a", "A", "b"}[w.IntN(3)], w.word())}
}

// value draws a field and a value for it, sometimes none.
func (w *world) value() (string, muster.Value) {
	code := []string{"born", "city", "member", "points", "roles", "seen"}[w.IntN(6)]
	if w.IntN(6) == 0 {
		return code, muster.Value{}
	}
	switch code {
	case "born":
		return code, muster.Value{Kind: muster.KindDate, Date: muster.Date(w.IntN(800) - 400)}
	case "city":
		return code, text([]string{"Bern", "bern", "Zürich", "ZÜRICH West", "Ostermundigen"}[w.IntN(5)])
	case "member":
		return code, muster.Value{Kind: muster.KindBoolean, Boolean: w.IntN(2) == 0}
	case "points":
		return code, muster.Value{Kind: muster.KindNumber, Number: muster.Decimal(w.IntN(9)-4) * muster.DecimalOne / 2}
	case "seen":
		return code, muster.Value{Kind: muster.KindDatetime, Instant: w.moment()}
	}
	return code, muster.Value{Kind: muster.KindChoices, Choices: [][]string{{"a"}, {"a", "b"}, {"B", "c"}}[w.IntN(3)]}
}

func (w *world) compare() plan.Compare {
	c := plan.Compare{Op: plan.Equal + plan.CompareOp(w.IntN(8)), A: muster.Decimal(w.IntN(9)-3) * muster.DecimalOne / 2}
	c.B = c.A + muster.Decimal(w.IntN(4))*muster.DecimalOne
	return c
}

func (w *world) textTest() plan.Text {
	op := plan.TextIs + plan.TextOp(w.IntN(5))
	values := map[plan.TextOp][]string{
		plan.TextIs: {"/a/a", "bern", "zürich", "true", "2"}, plan.TextContains: {"/a", "er", "st"}, plan.TextStartsWith: {"/a", "z", "1"},
		plan.TextEndsWith: {"n", "/b", "west"}, plan.TextMatches: {"/*/a", "b?rn", "z*"},
	}[op]
	drawn := []string{values[w.IntN(len(values))], values[w.IntN(len(values))]}
	slices.Sort(drawn)
	return plan.Text{Op: op, Values: slices.Compact(drawn)}
}

// predicate draws a test that the field's kind can read.
func (w *world) predicate(code string) plan.Predicate {
	if w.IntN(6) == 0 {
		return plan.Present{}
	}
	switch code {
	case "born":
		if w.IntN(2) == 0 {
			return plan.MonthDays{Ranges: w.monthDays()}
		}
		from := muster.Date(w.IntN(800) - 400)
		return plan.DateRange{From: from, To: from + muster.Date(w.IntN(300))}
	case "city", "email":
		return w.textTest()
	case "member":
		return plan.Boolean{Is: w.IntN(2) == 0}
	case "points":
		return plan.Number{Compare: w.compare()}
	case "roles":
		return plan.Choices{All: w.IntN(2) == 0, Values: [][]string{{"a"}, {"b"}, {"a", "b"}, {"b", "c"}}[w.IntN(4)]}
	}
	if w.IntN(3) == 0 {
		return plan.MonthDays{Ranges: w.monthDays(), Zone: w.zone()}
	}
	from, to := w.window()
	return plan.InstantRange{From: from, To: to}
}

func (w *world) monthDays() [][2]int {
	first := (w.IntN(11)+1)*100 + w.IntN(28) + 1
	return [][2]int{{first, first + 100}}
}

func (w *world) zone() *time.Location { return time.FixedZone("test", (w.IntN(3)-1)*14*3600) }

func (w *world) filters() []plan.Filter {
	filters := make([]plan.Filter, max(0, w.IntN(4)-1))
	for i := range filters {
		f := plan.Filter{Attribute: []string{"amount", "ok", "page", "nothing"}[w.IntN(4)], Not: w.IntN(2) == 0, Missing: w.IntN(2) == 0}
		switch w.IntN(5) {
		case 0:
			f.Pred = plan.Number{Compare: w.compare()}
		case 1:
			f.Pred = plan.Boolean{Is: w.IntN(2) == 0}
		case 2:
			from, to := w.window()
			f.Pred = plan.InstantRange{From: from, To: to}
		case 3:
			f.Pred = plan.Present{}
		default:
			f.Pred = w.textTest()
		}
		filters[i] = f
	}
	return filters
}

func (w *world) types() []string {
	return [][]string{nil, {"visit"}, {"order"}, {"drop", "order"}, {"order", "visit"}, {"never"}, {"never", "visit"}}[w.IntN(7)]
}

func (w *world) channels() []string {
	return [][]string{nil, nil, {"web"}, {"app", "web"}, {"never"}}[w.IntN(5)]
}

func (w *world) acted() *plan.Acted {
	a := &plan.Acted{Types: w.types(), Channels: w.channels(), Where: w.filters(), Measure: plan.Count + plan.Measure(w.IntN(6)), Compare: w.compare()}
	a.From, a.To = w.window()
	switch a.Measure {
	case plan.Count:
		a.Compare = plan.Compare{Op: plan.AtLeast, A: muster.Decimal(w.IntN(3)+1) * muster.DecimalOne}
	case plan.Distinct:
		a.Attribute = []string{"page", "amount", "nothing"}[w.IntN(3)]
		a.Compare.A = muster.Decimal(w.IntN(4)) * muster.DecimalOne
		a.Compare.B = a.Compare.A + muster.DecimalOne
	default:
		a.Attribute = []string{"amount", "amount", "page"}[w.IntN(3)]
	}
	return a
}

func (w *world) sequence() *plan.Sequence {
	s := &plan.Sequence{Steps: make([]plan.Step, w.IntN(2)+2)}
	for i := range s.Steps {
		s.Steps[i] = plan.Step{Types: w.types(), Channels: w.channels(), Where: w.filters()}
		if i > 0 && w.IntN(2) == 0 {
			s.Steps[i].Within = int64(w.IntN(20) + 1)
		}
	}
	s.From, s.To = w.window()
	return s
}

func (w *world) latest() *plan.Latest {
	l := &plan.Latest{Add: []string{"order"}, Remove: []string{"drop"}, Channels: w.channels(), Key: "page"}
	if w.IntN(2) == 0 {
		l.Keys = []string{"/a/a", "/b/b"}[:w.IntN(2)+1]
		return l
	}
	l.AtLeast = w.IntN(3) + 1
	return l
}

func (w *world) leaf() plan.Node {
	switch w.IntN(12) {
	case 0:
		return []plan.Node{plan.Everyone{}, plan.Nobody{}, plan.Identified{}}[w.IntN(3)]
	case 1, 2:
		code := []string{"born", "city", "member", "points", "roles", "seen", "email", "created_at", "nothing"}[w.IntN(9)]
		return &plan.Field{Code: code, Pred: w.predicate(code)}
	case 3:
		return w.sequence()
	case 4:
		return w.latest()
	case 5, 6:
		d := &plan.Decided{Kind: muster.OnConsent, Code: w.word(), State: muster.Agreed + muster.DecisionState(w.IntN(2))}
		if w.IntN(2) == 0 {
			d.Kind, d.State = muster.OnList, muster.Receiving+muster.DecisionState(w.IntN(3))
		}
		d.From, d.To = w.window()
		return d
	case 7:
		return &plan.InGroup{Group: muster.GroupNo(w.IntN(4) + 1)}
	case 8:
		from := uint32(w.IntN(plan.Buckets))
		return &plan.Sample{Salt: w.word(), From: from, To: from + uint32(w.IntN(plan.Buckets-int(from)))}
	}
	return w.acted()
}

// node draws a plan with some depth.
func (w *world) node(depth int) plan.Node {
	if depth == 0 || w.IntN(4) == 0 {
		return w.leaf()
	}
	of := make([]plan.Node, w.IntN(4))
	for i := range of {
		of[i] = w.node(depth - 1)
	}
	switch w.IntN(3) {
	case 0:
		return &plan.Not{Of: w.node(depth - 1)}
	case 1:
		return &plan.All{Of: of}
	}
	return &plan.Any{Of: of}
}

func (w *world) fact() plan.Fact {
	from, to := w.window()
	switch w.IntN(6) {
	case 0:
		return plan.DecidedFact{Kind: muster.OnConsent + muster.DecisionKind(w.IntN(2)), Code: w.word(), From: from, To: to}
	case 1:
		first := muster.Date(w.IntN(800) - 400)
		return plan.FieldDateFact{Code: "born", From: first, To: first + muster.Date(w.IntN(200))}
	case 2:
		return plan.FieldInstantFact{Code: []string{"seen", "created_at"}[w.IntN(2)], From: from, To: to}
	case 3:
		if w.IntN(2) == 0 {
			return plan.FieldMonthDaysFact{Code: "born", Ranges: w.monthDays()}
		}
		return plan.FieldMonthDaysFact{Code: []string{"seen", "created_at"}[w.IntN(2)], Ranges: w.monthDays(), Zone: w.zone()}
	}
	return plan.ActedFact{Types: w.types(), Channels: w.channels(), Where: w.filters(), From: from, To: to}
}
