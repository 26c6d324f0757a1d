package plan

import (
	"slices"

	"github.com/muster-groups/muster"
)

// Move is a fact that time has passed, and what that can have done to those who have it.
type Move struct {
	Fact   Fact
	Effect Effect
}

// Effect is the ways in which contacts can have moved.
type Effect int8

// Whoever has only facts of one way has not moved the other way.
const (
	EitherWay Effect = iota
	OnlyIn           // into the set
	OnlyOut          // out of it
)

// Moved compares two lowerings of one condition, as of two instants, and
// answers which contacts the passing of time can have moved into or out of the
// set while the data stood still: those named by one of the facts, or everyone.
//
// Lowering keeps the shape, so both plans are walked side by side. Where only a
// bound differs, a leaf can have changed only for contacts with a dated fact in
// the symmetric difference of the old and the new range. Where anything else
// differs, as when a weekday begins or ends, it is everyone, and no facts are
// given. Give it plans as lowered: canonical ones have lost their shape.
func Moved(was, is Node) (moves []Move, everyone bool) {
	var m movement
	m.node(was, is)
	if m.everyone {
		return nil, true
	}
	return m.moves, false
}

// Facts answers the facts of moves.
func Facts(moves []Move) (facts []Fact) {
	for _, m := range moves {
		facts = append(facts, m.Fact)
	}
	return facts
}

// movement gathers distinct facts until everyone is concerned.
type movement struct {
	everyone bool
	negative bool // under an odd number of Nots
	moves    []Move
	seen     map[string]int // places in moves, by the facts' keys
}

// add adds a fact by which the leaf at hand changes: it can only become true, or
// only become untrue, or either.
func (m *movement) add(f Fact, leaf Effect) {
	if m.negative {
		leaf = leaf.opposite()
	}
	key := f.Key()
	if at, known := m.seen[key]; known {
		if m.moves[at].Effect != leaf {
			m.moves[at].Effect = EitherWay
		}
		return
	}
	if m.seen == nil {
		m.seen = map[string]int{}
	}
	m.seen[key] = len(m.moves)
	m.moves = append(m.moves, Move{f, leaf})
}

func (e Effect) opposite() Effect {
	switch e {
	case OnlyIn:
		return OnlyOut
	case OnlyOut:
		return OnlyIn
	}
	return EitherWay
}

func (m *movement) node(was, is Node) {
	if m.everyone {
		return
	}
	switch was := was.(type) {
	case *All:
		if is, ok := is.(*All); ok {
			m.nodes(was.Of, is.Of)
			return
		}
	case *Any:
		if is, ok := is.(*Any); ok {
			m.nodes(was.Of, is.Of)
			return
		}
	case *Not:
		if is, ok := is.(*Not); ok {
			m.negative = !m.negative
			m.node(was.Of, is.Of)
			m.negative = !m.negative
			return
		}
	case *Field:
		if is, ok := is.(*Field); ok && was.Code == is.Code {
			m.field(was.Code, was.Pred, is.Pred)
			return
		}
	case *Acted:
		if is, ok := is.(*Acted); ok {
			m.acted(was, is)
			return
		}
	case *Sequence:
		if is, ok := is.(*Sequence); ok {
			m.sequence(was, is)
			return
		}
	case *Decided:
		if is, ok := is.(*Decided); ok {
			m.decided(was, is)
			return
		}
	}
	// Whatever is left has no bound that could move.
	m.everyone = m.everyone || LeafKey(was) != LeafKey(is)
}

func (m *movement) nodes(was, is []Node) {
	if len(was) != len(is) {
		m.everyone = true
		return
	}
	for i := range was {
		m.node(was[i], is[i])
	}
}

func (m *movement) field(code string, was, is Predicate) {
	switch was := was.(type) {
	case DateRange:
		if is, ok := is.(DateRange); ok {
			for _, r := range region(interval[muster.Date]{was.From, was.To}, interval[muster.Date]{is.From, is.To}) {
				m.add(FieldDateFact{Code: code, From: r.from, To: r.to}, EitherWay)
			}
			return
		}
	case InstantRange:
		if is, ok := is.(InstantRange); ok {
			for _, r := range region(interval[muster.Instant]{was.From, was.To}, interval[muster.Instant]{is.From, is.To}) {
				m.add(FieldInstantFact{Code: code, From: r.from, To: r.to}, EitherWay)
			}
			return
		}
	case MonthDays:
		if is, ok := is.(MonthDays); ok && sameZone(was, is) {
			if ranges := monthDayRegion(was.Ranges, is.Ranges); ranges != nil {
				m.add(FieldMonthDaysFact{Code: code, Ranges: ranges, Zone: was.Zone}, EitherWay)
			}
			return
		}
	}
	m.everyone = m.everyone || !samePredicate(was, is)
}

func (m *movement) decided(was, is *Decided) {
	if was.Kind != is.Kind || was.Code != is.Code || was.State != is.State {
		m.everyone = true
		return
	}
	for _, r := range region(interval[muster.Instant]{was.From, was.To}, interval[muster.Instant]{is.From, is.To}) {
		m.add(DecidedFact{Kind: was.Kind, Code: was.Code, From: r.from, To: r.to}, EitherWay)
	}
}

func (m *movement) acted(was, is *Acted) {
	if was.Measure != is.Measure || was.Attribute != is.Attribute || was.Compare != is.Compare {
		m.everyone = true
		return
	}
	m.activities(
		Step{Types: was.Types, Channels: was.Channels, Where: was.Where},
		Step{Types: is.Types, Channels: is.Channels, Where: is.Where},
		interval[muster.Instant]{was.From, was.To}, interval[muster.Instant]{is.From, is.To}, was.withMore())
}

// withMore answers what one more activity can do to the leaf. Of none it is untrue,
// so that a first one can make it true that there are few.
func (n *Acted) withMore() Effect {
	counts := n.Measure == Count || n.Measure == Distinct
	if counts && (n.Compare.Op == AtLeast || n.Compare.Op == Greater) {
		return OnlyIn
	}
	return EitherWay
}

func (m *movement) sequence(was, is *Sequence) {
	if len(was.Steps) != len(is.Steps) {
		m.everyone = true
		return
	}
	for i := range was.Steps {
		if was.Steps[i].Within != is.Steps[i].Within {
			m.everyone = true
			return
		}
		m.activities(was.Steps[i], is.Steps[i],
			interval[muster.Instant]{was.From, was.To}, interval[muster.Instant]{is.From, is.To}, EitherWay)
	}
}

// activities adds the facts of activities that are read before and not after,
// or the other way round: those in the region of the windows, and those in
// either window whose attribute lies where a relative filter's bounds moved. One
// more activity that is read has an effect on the leaf, one less the opposite.
func (m *movement) activities(was, is Step, wasIn, isIn interval[muster.Instant], withMore Effect) {
	same := slices.Equal(was.Types, is.Types) && slices.Equal(was.Channels, is.Channels) && len(was.Where) == len(is.Where)
	if !same {
		m.everyone = true
		return
	}
	// A filter whose bounds moved says nothing about which side of the move an
	// activity is on, so the facts of the windows leave it out.
	var still []Filter
	var crossed [][]Filter
	for i, f := range was.Where {
		parts, ok := filterRegion(f, is.Where[i])
		switch {
		case !ok:
			m.everyone = true
			return
		case parts == nil:
			still = append(still, f)
		default:
			crossed = append(crossed, parts)
		}
	}
	for _, r := range region(wasIn, isIn) {
		effect := withMore
		switch {
		case len(crossed) > 0:
			effect = EitherWay // it may be read, or not, for its attributes
		case wasIn.from <= r.from && r.to <= wasIn.to:
			effect = withMore.opposite() // it is not read any more
		}
		m.add(ActedFact{Types: was.Types, Channels: was.Channels, Where: still, From: r.from, To: r.to}, effect)
	}
	span := wasIn.hull(isIn)
	if span.isEmpty() {
		return
	}
	for _, parts := range crossed {
		for _, part := range parts {
			where := append(slices.Clone(still), part)
			m.add(ActedFact{Types: was.Types, Channels: was.Channels, Where: where, From: span.from, To: span.to}, EitherWay)
		}
	}
}

// filterRegion answers filters that together pass the attribute values on which
// the two filters disagree: nil when they are the same. It is not ok when more
// than a bound differs.
func filterRegion(was, is Filter) (parts []Filter, ok bool) {
	if was.Attribute != is.Attribute || was.Not != is.Not || was.Missing != is.Missing {
		return nil, false
	}
	switch before := was.Pred.(type) {
	case InstantRange:
		after, ok := is.Pred.(InstantRange)
		for _, r := range region(interval[muster.Instant]{before.From, before.To}, interval[muster.Instant]{after.From, after.To}) {
			parts = append(parts, Filter{Attribute: was.Attribute, Pred: InstantRange{From: r.from, To: r.to}})
		}
		return parts, ok
	case MonthDays:
		after, ok := is.Pred.(MonthDays)
		if ranges := monthDayRegion(before.Ranges, after.Ranges); ranges != nil {
			parts = []Filter{{Attribute: was.Attribute, Pred: MonthDays{Ranges: ranges, Zone: before.Zone}}}
		}
		return parts, ok && sameZone(before, after)
	}
	return nil, samePredicate(was.Pred, is.Pred)
}

func sameZone(a, b MonthDays) bool {
	if a.Zone == nil || b.Zone == nil {
		return a.Zone == b.Zone
	}
	return a.Zone.String() == b.Zone.String()
}

func samePredicate(a, b Predicate) bool {
	var wa, wb keyWriter
	wa.predicate(a)
	wb.predicate(b)
	return string(wa) == string(wb)
}
