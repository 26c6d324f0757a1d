package engine

import (
	"slices"
	"strings"

	"github.com/muster-groups/muster"
)

// decisionKey names what is decided on.
type decisionKey struct {
	kind muster.DecisionKind
	code string
}

// decisions hold, per consent or list, the standing decision of every contact
// as columns. Decisions that no longer stand are kept aside: only the record
// of a contact needs them.
type decisions struct {
	columns map[decisionKey]*decisionColumn
	past    map[uint32][]muster.Decision
	texts   *dictionary // versions
}

type decisionColumn struct {
	state   paged[uint8]
	at      paged[int64]
	version paged[uint32]
	days    days
	count   int
}

func newDecisions() decisions {
	return decisions{columns: map[decisionKey]*decisionColumn{}, past: map[uint32][]muster.Decision{}, texts: newDictionary()}
}

// standing answers the decision in force; State Undecided when there is none.
func (d *decisions) standing(no uint32, key decisionKey) muster.Decision {
	c := d.columns[key]
	if c == nil || c.state.get(no) == 0 {
		return muster.Decision{Kind: key.kind, Code: key.code}
	}
	return d.at(c, no, key)
}

func (d *decisions) at(c *decisionColumn, no uint32, key decisionKey) muster.Decision {
	version := ""
	if code := c.version.get(no); code != 0 {
		version = d.texts.scalar(code).Text
	}
	return muster.Decision{
		Kind: key.kind, Code: key.code, State: muster.DecisionState(c.state.get(no)),
		At: muster.Instant(c.at.get(no)), Version: version,
	}
}

// decide keeps a decision and answers whether it stands.
func (d *decisions) decide(no uint32, made muster.Decision) bool {
	key := decisionKey{made.Kind, made.Code}
	c := d.columns[key]
	if c == nil {
		c = &decisionColumn{}
		d.columns[key] = c
	}
	if c.state.get(no) != 0 {
		old := d.at(c, no, key)
		if !made.Stands(old) {
			d.past[no] = append(d.past[no], made)
			return false
		}
		if old != made {
			d.past[no] = append(d.past[no], old)
		}
		d.take(c, no)
	}
	c.state.set(no, uint8(made.State))
	c.at.set(no, int64(made.At))
	if made.Version != "" {
		code, _ := d.texts.code(textScalar(made.Version))
		d.texts.use(code)
		c.version.set(no, code)
	}
	c.days.add(dayOf(made.At), no)
	c.count++
	return true
}

// take clears a contact's standing decision.
func (d *decisions) take(c *decisionColumn, no uint32) {
	c.days.remove(dayOf(muster.Instant(c.at.get(no))), no)
	if code := c.version.get(no); code != 0 {
		d.texts.unuse(code)
		c.version.set(no, 0)
	}
	c.state.set(no, 0)
	c.at.set(no, 0)
	c.count--
}

// all answers a contact's standing decisions by kind, then code.
func (d *decisions) all(no uint32) []muster.Decision {
	var list []muster.Decision
	for key, c := range d.columns {
		if c.state.get(no) != 0 {
			list = append(list, d.at(c, no, key))
		}
	}
	slices.SortFunc(list, func(a, b muster.Decision) int {
		if a.Kind != b.Kind {
			return int(a.Kind) - int(b.Kind)
		}
		return strings.Compare(a.Code, b.Code)
	})
	return list
}

// ever answers all decisions a contact made: those that no longer stand first.
func (d *decisions) ever(no uint32) []muster.Decision {
	return append(slices.Clone(d.past[no]), d.all(no)...)
}

// forget removes everything a contact decided.
func (d *decisions) forget(no uint32) {
	for _, c := range d.columns {
		if c.state.get(no) != 0 {
			d.take(c, no)
		}
	}
	delete(d.past, no)
}

func (d *decisions) size() int64 {
	n := d.texts.size()
	for _, c := range d.columns {
		n += c.state.size() + c.at.size() + c.version.size() + c.days.size()
	}
	for _, past := range d.past {
		n += 48 + int64(cap(past))*64
	}
	return n
}
