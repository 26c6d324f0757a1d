package script

import (
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/oracle"
)

// commit is one step: an instant, what it did, and what follows for the groups.
type commit struct {
	at            muster.Instant
	touches       map[*person][]touch // in order
	gone          []*person           // erased in this commit
	retired       bool                // by retention
	named         map[muster.ContactID]bool
	recalculated  []*group
	recalculation muster.CauseKind
	entered, left []muster.GroupMove
}

// touch is something that happened to a contact.
type touch struct {
	cause      muster.Cause
	created    bool // concerns every group
	everywhere bool // likewise
}

func (c *commit) touch(p *person, t touch) {
	c.touches[p] = append(c.touches[p], t)
	c.name(p)
}

func (c *commit) name(p *person) { c.named[p.ID] = true }

// commit runs one step and brings every group up to date: from scratch, and
// compared with what was before.
func (m *Model) commit(work func(*commit)) *commit {
	c := &commit{at: max(m.clock, m.last), touches: map[*person][]touch{}, named: map[muster.ContactID]bool{}}
	m.last = c.at
	work(c)

	var people []*oracle.Person
	for _, p := range m.people {
		if p.parent == nil && !p.erased {
			people = append(people, &p.Person)
		}
	}
	order := m.inOrder()
	var asked []oracle.Group
	for _, g := range order {
		group := oracle.Group{Code: g.code}
		if g.active != nil {
			group.Condition, group.Zone = m.check(g.active), m.zone(g.active)
		}
		asked = append(asked, group)
	}
	members := oracle.MatchesAll(asked, people, c.at, m.schema)

	moved := map[string]map[muster.ContactID]bool{} // by group: who entered or left
	for i, g := range order {
		moved[g.code] = map[muster.ContactID]bool{}
		for _, p := range m.people {
			was, is := g.members[p.ID], members[g.code][p.ID]
			if was == is {
				continue
			}
			moved[g.code][p.ID] = true
			cause := m.cause(c, g, asked[i].Condition, p, moved)
			m.log = append(m.log, Change{Group: g.code, Contact: p.ID, At: c.at, Entered: is, Cause: cause})
			if move := (muster.GroupMove{Group: g.code, Contact: p.ID}); is && c.named[p.ID] {
				c.entered = append(c.entered, move)
			} else if c.named[p.ID] {
				c.left = append(c.left, move)
			}
		}
		g.members = members[g.code]
	}
	m.forget(c.gone)
	m.history = append(m.history, snapshot{c.at, members})
	return c
}

// forget erases people from the log and from the past.
func (m *Model) forget(gone []*person) {
	for _, p := range gone {
		for i := range m.log {
			if m.log[i].Contact == p.ID {
				m.log[i].Contact = muster.ContactID{}
			}
		}
		for _, s := range m.history {
			for _, members := range s.members {
				delete(members, p.ID)
			}
		}
	}
}

// cause is the last thing in the commit that the group depends on: groups move
// after the items of a batch, and the items come after time.
func (m *Model) cause(c *commit, g *group, condition *catalog.Condition, p *person, moved map[string]map[muster.ContactID]bool) muster.Cause {
	if slices.Contains(c.gone, p) && c.retired {
		return muster.Cause{Kind: muster.CauseRetention}
	}
	if slices.Contains(c.gone, p) {
		return muster.Cause{Kind: muster.CauseErasure}
	}
	if p.parent != nil {
		return muster.Cause{Kind: muster.CauseMerge}
	}
	if slices.Contains(c.recalculated, g) {
		return muster.Cause{Kind: c.recalculation}
	}
	for _, code := range groupsIn(condition) {
		if moved[code][p.ID] {
			return muster.Cause{Kind: muster.CauseGroup, Code: code}
		}
	}
	for _, t := range slices.Backward(c.touches[p]) {
		if t.created || t.everywhere || concerns(condition, t.cause) {
			return t.cause
		}
	}
	return muster.Cause{Kind: muster.CauseTime}
}

// concerns reports whether a condition reads what a touch changed.
func concerns(condition *catalog.Condition, cause muster.Cause) bool {
	for _, l := range leavesOf(condition) {
		types, reads := typesOf(l)
		fields := fieldsOf(l)
		yes := false
		switch cause.Kind {
		case muster.CauseActivity, muster.CauseRetention:
			yes = reads && (len(types) == 0 || slices.Contains(types, cause.Code))
		case muster.CauseField:
			yes = slices.Contains(fields, cause.Code)
		case muster.CauseConsent:
			yes = l.Type == "consent" && l.Args.Code == cause.Code
		case muster.CauseList:
			yes = l.Type == "recipient-list" && l.Args.Code == cause.Code || l.Type == "unsubscribed-from-all" && cause.Code == ""
		case muster.CauseIdentity:
			yes = l.Type == "identified" || slices.Contains(fields, "email") || slices.Contains(fields, "identified")
		}
		if yes {
			return true
		}
	}
	return false
}

// Apply applies the items of a batch one by one, in one commit.
func (m *Model) Apply(b muster.Batch) (muster.BatchResult, error) {
	result := muster.BatchResult{}
	c := m.commit(func(c *commit) {
		for _, item := range b.Items {
			res, err := m.item(c, item, b.Authority)
			if err != nil {
				res = muster.ItemResult{Status: muster.Rejected, Err: err}
			}
			result.Items = append(result.Items, res)
		}
	})
	result.At, result.Entered, result.Left = c.at, c.entered, c.left
	return result, nil
}
