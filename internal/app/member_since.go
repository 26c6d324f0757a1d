package app

import (
	"cmp"
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// sinceChunk is how many change records, or members, one reading looks at.
const sinceChunk = 2000

// fewSought is how many members, found by a search, are looked at one by one.
const fewSought = 500

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
	w.latest = q.Sort == "-since"
	few, err := w.search(ctx)
	if err != nil {
		return Page[Member]{}, err
	}
	steps := []func(context.Context) (bool, error){w.elders, w.entered}
	if w.latest {
		steps[0], steps[1] = steps[1], steps[0]
	}
	if few {
		steps = []func(context.Context) (bool, error){w.sorted}
	} else if (w.seq != 0) != w.latest && q.Cursor != "" {
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
	sought *roaring.Bitmap // the members that a search found; nil is all
	found  []Member
}

// search finds who is searched for, once for all steps, and answers whether they
// are so few that they are better sorted than walked to.
func (w *sinceWalk) search(ctx context.Context) (few bool, err error) {
	if w.query.Search == "" {
		return false, nil
	}
	err = w.app.view(ctx, func(v store.View) error {
		w.sought, err = found(v, w.query.Search, v.Members(w.group.No))
		return err
	})
	return err == nil && w.sought.GetCardinality() <= fewSought, err
}

// within answers those of a set who are searched for.
func (w *sinceWalk) within(members *roaring.Bitmap) *roaring.Bitmap {
	if w.sought == nil {
		return members
	}
	return roaring.And(members, w.sought)
}

// sorted looks at all who were found.
func (w *sinceWalk) sorted(ctx context.Context) (more bool, err error) {
	return false, w.app.view(ctx, func(v store.View) error {
		places := make([]sincePlace, 0, w.sought.GetCardinality())
		for it := w.within(v.Members(w.group.No)).Iterator(); it.HasNext(); {
			p := sincePlace{no: muster.ContactNo(it.Next())}
			records, err := v.Changes(store.ChangeQuery{Contact: p.no, Group: w.group.No, Latest: true, Limit: 1})
			if err != nil {
				return err
			}
			if len(records) > 0 {
				p.seq = records[0].Seq
			}
			places = append(places, p)
		}
		slices.SortFunc(places, w.compare)
		after := sincePlace{w.seq, w.elder}
		for _, p := range places {
			if w.query.Cursor != "" && w.compare(p, after) <= 0 {
				continue
			}
			if err := w.add(v, p.no, p.seq); err != nil || len(w.found) > w.limit {
				return err
			}
		}
		return nil
	})
}

// sincePlace is a member's place: its record, or for an elder its number.
type sincePlace struct {
	seq muster.Seq
	no  muster.ContactNo
}

func (w *sinceWalk) compare(a, b sincePlace) int {
	bySeq := cmp.Compare(a.seq, b.seq)
	if w.latest {
		bySeq = -bySeq
	}
	if a.seq != 0 || b.seq != 0 {
		return bySeq // records have one contact each
	}
	return cmp.Compare(a.no, b.no)
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
		within := w.within(v.Members(w.group.No))
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
		within := w.within(roaring.And(then, v.Members(w.group.No)))
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
