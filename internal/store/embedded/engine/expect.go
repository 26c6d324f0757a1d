package engine

import (
	"slices"
	"strings"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// worthExpecting is how many changes it takes for looking ahead to gain more
// than it costs.
const worthExpecting = 16

// ahead is one identifier, or one attribute's value, that will be looked up.
type ahead struct {
	in   *index
	hash uint64
	dict *dictionary // of a value; nil for an identifier
	kind uint32      // the code of the activity's type; 0 when there is none
	at   uint32      // what was found: a contact, a place in visitors, a code, at last a row
}

// Expect brings what the changes will look up from memory into the processor's
// caches. A batch names contacts at random, and resolving and filing it change
// by change waits for memory some twenty times for each, one after the other.
// Here every pass takes one step for all of them: as none needs another's
// outcome, the processor waits for many at once.
func (e *Engine) Expect(items []muster.Item) {
	if len(items) < worthExpecting {
		return
	}
	e.commit.Activities, e.added = slices.Grow(e.commit.Activities, len(items)), slices.Grow(e.added, len(items))
	people, values := e.asked(items)
	e.fetched += e.fetchPeople(people) + fetchValues(values)
}

// asked answers what the changes ask the indexes for.
func (e *Engine) asked(items []muster.Item) (people, values []ahead) {
	people, values = make([]ahead, 0, len(items)), make([]ahead, 0, len(items))
	for i := range items {
		switch item := &items[i]; {
		case item.Activity != nil:
			a := item.Activity
			people = e.askWho(people, &a.Who, e.types.find(textScalar(a.Type)))
			for j := range a.Attributes {
				values = e.askValue(values, &a.Attributes[j])
			}
		case item.Contact != nil:
			people = e.askWho(people, &item.Contact.Who, 0)
		}
	}
	return people, values
}

func (e *Engine) askWho(list []ahead, who *muster.Identifiers, kind uint32) []ahead {
	p := &e.people
	if who.ExternalID != "" {
		list = append(list, ahead{in: &p.byExternal, hash: p.hash(strings.TrimSpace(who.ExternalID)), kind: kind})
	}
	if who.Email != "" {
		list = append(list, ahead{in: &p.byEmail, hash: p.hash(plan.Fold(who.Email)), kind: kind})
	}
	if who.VisitorID != "" {
		list = append(list, ahead{in: &p.byVisitor, hash: p.hash(strings.TrimSpace(who.VisitorID)), kind: kind})
	}
	return list
}

func (e *Engine) askValue(list []ahead, a *muster.Attribute) []ahead {
	name := e.names.find(textScalar(a.Name))
	if name == 0 || name >= uint32(len(e.values)) || e.values[name] == nil {
		return list
	}
	d := e.values[name]
	return append(list, ahead{in: &d.index, hash: d.hash(a.Value.Kind, a.Value.Text), dict: d})
}

// findAhead looks the hashes up, without comparing what they are hashes of, and
// keeps those that are probably there. What the fetching functions answer means
// nothing: it keeps their reading from being optimised away.
func findAhead(list []ahead) (found []ahead, sum uint64) {
	for i := range list {
		sum += list[i].in.glance(list[i].hash)
	}
	found = list[:0]
	for _, a := range list {
		if number, ok := a.in.find(a.hash, func(uint32) bool { return true }); ok {
			a.at = number
			found = append(found, a)
		}
	}
	return found, sum
}

func (e *Engine) fetchPeople(list []ahead) uint64 {
	p := &e.people
	list, sum := findAhead(list)
	for i := range list {
		if a := &list[i]; a.in == &p.byVisitor {
			v := &p.visitors[a.at]
			sum += uint64(v.text)
			a.at = v.owner
		}
	}
	for i := range list {
		no := list[i].at
		sum += uint64(p.external.get(no)) + uint64(p.email.get(no)) + uint64(p.parent.get(no)) + uint64(p.created.get(no)) +
			uint64(p.ids.get(no)[0]) + uint64(p.firstVis.get(no)) + uint64(e.postings.directory.get(no))
	}
	for i := range list {
		no := list[i].at
		sum += p.texts.glance(p.external.get(no)) + p.texts.glance(p.email.get(no))
		if at := e.postings.directory.get(no); at != 0 {
			sum += uint64(e.postings.arena.block(wordRef(at-1), 1)[0])
		}
	}
	return sum + e.fetchRows(list)
}

// fetchRows fetches the latest row of each contact's list of a type.
func (e *Engine) fetchRows(list []ahead) (sum uint64) {
	rows := list[:0]
	for _, a := range list {
		if refs := e.postings.list(a.at, a.kind); len(refs) > 0 {
			a.at = refs[len(refs)-1]
			rows = append(rows, a)
		}
	}
	for i := range rows {
		c := e.rows.chunks[rows[i].at>>chunkBits]
		sum += uint64(c.n) + uint64(len(c.second))
	}
	for i := range rows {
		sum += uint64(e.rows.at(rows[i].at))
	}
	return sum
}

func fetchValues(list []ahead) uint64 {
	list, sum := findAhead(list)
	for i := range list {
		d, code := list[i].dict, list[i].at
		sum += uint64(d.refs[code]) + uint64(d.kinds[code]) + uint64(d.uses[code])
	}
	for i := range list {
		d := list[i].dict
		sum += d.texts.glance(d.refs[list[i].at])
	}
	return sum
}
