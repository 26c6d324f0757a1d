package app

import (
	"context"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// sinceChunk is how many change records, or members, one reading looks at.
const sinceChunk = 2000

// membersSince lists members in the order in which they entered. A member's
// place is the record of its last entering. Of elders, who entered before the
// horizon of history, there is none: they come before all others, among
// themselves in order of creation.
func (a *App) membersSince(ctx context.Context, g *muster.Group, q MemberQuery) (Page[Member], error) {
	at, err := readCursor(q.Cursor, 2)
	if err != nil {
		return Page[Member]{}, err
	}
	w := &sinceWalk{app: a, group: g, query: q, limit: pageSize(q.Limit, 50, 1000), seq: muster.Seq(at[0]), elder: muster.ContactNo(at[1])}
	steps := []func(context.Context) (bool, error){w.elders, w.entered}
	if w.latest = q.Sort == "-since"; w.latest {
		steps[0], steps[1] = steps[1], steps[0]
	}
	if (w.seq != 0) != w.latest && q.Cursor != "" {
		steps = steps[1:] // the first part is done
	}
	for _, step := range steps {
		for more := true; more; {
			if more, err = step(ctx); err != nil {
				return Page[Member]{}, err
			}
			if len(w.found) > w.limit {
				last := w.found[w.limit-1]
				place := cursorOf(uint64(last.enteredBy), 0)
				if last.enteredBy == 0 {
					place = cursorOf(0, uint64(last.no))
				}
				return PageOf(w.found[:w.limit], place), nil
			}
		}
	}
	return PageOf(w.found, ""), nil
}

// sinceWalk walks through members: after, or before, a record's number, and
// after an elder's number.
type sinceWalk struct {
	app    *App
	group  *muster.Group
	query  MemberQuery
	latest bool
	limit  int
	seq    muster.Seq
	elder  muster.ContactNo
	found  []Member
}

// add looks at a member; it is found when its last entering is the record.
func (w *sinceWalk) add(v store.View, no muster.ContactNo, record muster.Seq) error {
	m, known, err := w.app.member(v, w.group.No, no, true)
	if err == nil && known && m.enteredBy == record {
		w.found = append(w.found, m)
	}
	return err
}

// entered looks at the next change records.
func (w *sinceWalk) entered(ctx context.Context) (more bool, err error) {
	err = w.app.view(ctx, func(v store.View) error {
		within, err := found(v, w.query.Search, v.Members(w.group.No))
		if err != nil {
			return err
		}
		q := store.ChangeQuery{Group: w.group.No, Latest: w.latest, Limit: sinceChunk, After: max(w.seq, v.Horizon().Seq)}
		if w.latest {
			q.Before, q.After = w.seq, 0
		}
		records, err := v.Changes(q)
		if err != nil {
			return err
		}
		more = len(records) == sinceChunk
		for _, c := range records {
			w.seq = c.Seq
			if !c.Entered || !within.Contains(uint32(c.Contact)) {
				continue
			}
			if err := w.add(v, c.Contact, c.Seq); err != nil || len(w.found) > w.limit {
				return err
			}
		}
		return nil
	})
	return more, err
}

// elders looks at the next of those who were members at the horizon and are now.
func (w *sinceWalk) elders(ctx context.Context) (more bool, err error) {
	err = w.app.view(ctx, func(v store.View) error {
		h := v.Horizon()
		if h.At == muster.Beginning {
			return nil
		}
		then, err := v.MembersAt(w.group.No, h.At)
		if err != nil {
			return err
		}
		within, err := found(v, w.query.Search, roaring.And(then, v.Members(w.group.No)))
		if err != nil {
			return err
		}
		it := within.Iterator()
		it.AdvanceIfNeeded(uint32(w.elder) + 1)
		for n := 0; it.HasNext() && n < sinceChunk && len(w.found) <= w.limit; n++ {
			w.elder = muster.ContactNo(it.Next())
			if err := w.add(v, w.elder, 0); err != nil {
				return err
			}
		}
		more = it.HasNext()
		return nil
	})
	return more, err
}
