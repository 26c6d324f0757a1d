package engine

import (
	"cmp"
	"slices"
	"strings"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

const defaultActivities = 100

// RememberedID reports whether an activity with that sender's id arrived
// within the 24 h before now.
func (e *Engine) RememberedID(id string, now muster.Instant) bool {
	return id != "" && e.remembered.within(e.idHash(id), now)
}

// HasActivity reports whether the contact has an activity of that type at that
// instant with that sender's id.
func (e *Engine) HasActivity(no muster.ContactNo, activityType string, at muster.Instant, id string) bool {
	refs := e.postings.list(uint32(no), e.types.find(textScalar(activityType)))
	hash := e.idHash(id)
	for i := e.rows.before(refs, at); i < len(refs) && e.rows.at(refs[i]) == at; i++ {
		c, place := e.rows.chunks[refs[i]>>chunkBits], refs[i]&chunkMask
		if (c.ids == nil && hash == 0) || (c.ids != nil && c.ids[place] == hash) {
			return true
		}
	}
	return false
}

// Activities answers a contact's activities, latest first. The sender's id is
// not kept in memory, only its hash: the answers' ID is empty.
func (e *Engine) Activities(contact muster.ContactNo, q store.ActivityQuery) ([]muster.StoredActivity, error) {
	no, err := e.parent(contact)
	if err != nil {
		return nil, err
	}
	if q.Limit <= 0 {
		q.Limit = defaultActivities
	}
	test, from, to := rowTest{anyKind: true}, muster.Beginning, muster.Forever
	if q.Leaf != nil {
		test, from, to = e.compileRowTest(q.Leaf.Types, q.Leaf.Channels, q.Leaf.Where), q.Leaf.From, q.Leaf.To
	}
	type found struct {
		ref rowRef
		at  muster.Instant
		row uint64
	}
	var list []found
	e.postings.each(no, func(kind uint32, refs []rowRef) {
		if !test.hasKind(kind) {
			return
		}
		until := to
		if q.BeforeRow != 0 && q.BeforeAt < until {
			until = q.BeforeAt + 1
		}
		taken := 0
		for i := e.rows.before(refs, until) - 1; i >= 0 && taken < q.Limit; i-- {
			at, row := e.rows.at(refs[i]), e.rows.row(refs[i])
			if at < from {
				return
			}
			if q.BeforeRow != 0 && at == q.BeforeAt && row >= q.BeforeRow {
				continue
			}
			if test.holds(e.rows.chunks[refs[i]>>chunkBits], refs[i]&chunkMask) {
				list = append(list, found{refs[i], at, row})
				taken++
			}
		}
	})
	slices.SortFunc(list, func(a, b found) int {
		return cmp.Or(cmp.Compare(b.at, a.at), cmp.Compare(b.row, a.row))
	})
	var activities []muster.StoredActivity
	for _, f := range list[:min(len(list), q.Limit)] {
		activities = append(activities, muster.StoredActivity{Activity: e.activity(f.ref), Contact: contact, Row: f.row})
	}
	return activities, nil
}

// activity answers a copy of a row; its attributes are in order of name.
func (e *Engine) activity(ref rowRef) muster.Activity {
	c, at := e.rows.chunks[ref>>chunkBits], int(ref&chunkMask)
	a := muster.Activity{Type: e.types.scalar(c.kind).Text, At: c.at(at)}
	if code := c.channelOf(at); code != 0 {
		a.Channel = e.channels.scalar(code).Text
	}
	for i := range c.attrs {
		column := &c.attrs[i]
		if code := column.at(uint32(at)); code != 0 {
			a.Attributes = append(a.Attributes, muster.Attribute{
				Name: e.names.scalar(column.name).Text, Value: e.values[column.name].scalar(code),
			})
		}
	}
	slices.SortFunc(a.Attributes, func(a, b muster.Attribute) int { return strings.Compare(a.Name, b.Name) })
	return a
}
