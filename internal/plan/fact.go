package plan

import (
	"time"

	"github.com/muster-groups/muster"
)

// Fact describes dated facts: an ActedFact, DecidedFact, FieldDateFact,
// FieldInstantFact or FieldMonthDaysFact. It names the contacts, parents after
// merging, that have at least one such fact.
type Fact interface {
	planFact()
	// Key is equal for equal facts only.
	Key() string
}

type (
	// ActedFact is the activities that match as in Acted.
	ActedFact struct {
		Types    []string // nil is every type
		Channels []string // nil is any channel, also none
		Where    []Filter
		From, To muster.Instant
	}

	// DecidedFact is the standing decisions, of any state, made in [From, To).
	DecidedFact struct {
		Kind     muster.DecisionKind
		Code     string
		From, To muster.Instant
	}

	// FieldDateFact is the values of a date field in [From, To).
	FieldDateFact struct {
		Code     string
		From, To muster.Date
	}

	// FieldInstantFact is the values of a datetime field, also created_at, in [From, To).
	FieldInstantFact struct {
		Code     string
		From, To muster.Instant
	}

	// FieldMonthDaysFact is the values of a field whose month*100+day is in one
	// of the inclusive ranges: of a date field, or with a Zone of a datetime
	// field by its local date there.
	FieldMonthDaysFact struct {
		Code   string
		Ranges [][2]int
		Zone   *time.Location
	}
)

func (ActedFact) planFact()          {}
func (DecidedFact) planFact()        {}
func (FieldDateFact) planFact()      {}
func (FieldInstantFact) planFact()   {}
func (FieldMonthDaysFact) planFact() {}

// Key spells the fact.
func (f ActedFact) Key() string {
	w := keyWriter{'a'}
	w.texts(f.Types)
	w.texts(f.Channels)
	w.filters(f.Where)
	w.window(f.From, f.To)
	return string(w)
}

// Key spells the fact.
func (f DecidedFact) Key() string {
	w := keyWriter{'d'}
	w.number(int64(f.Kind))
	w.text(f.Code)
	w.window(f.From, f.To)
	return string(w)
}

// Key spells the fact.
func (f FieldDateFact) Key() string {
	w := keyWriter{'D'}
	w.text(f.Code)
	w.number(int64(f.From))
	w.number(int64(f.To))
	return string(w)
}

// Key spells the fact.
func (f FieldInstantFact) Key() string {
	w := keyWriter{'I'}
	w.text(f.Code)
	w.window(f.From, f.To)
	return string(w)
}

// Key spells the fact.
func (f FieldMonthDaysFact) Key() string {
	w := keyWriter{'M'}
	w.text(f.Code)
	w.monthDays(MonthDays{Ranges: f.Ranges, Zone: f.Zone})
	return string(w)
}
