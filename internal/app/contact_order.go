package app

import (
	"cmp"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// The orders of contacts beside that of their coming into being; with "-" before
// them they are turned. Contacts at the same instant stand in the order of their
// coming into being, and those without an instant at the end.
const (
	byCreation     = "created"
	byLastActivity = "last_activity"
)

// placed is a contact at its place in an order: a smaller key comes first.
type placed struct {
	no  muster.ContactNo
	key muster.Instant
}

// order is contacts by an instant. Nothing is sorted beforehand: sets of "at this
// instant or later" are asked of the store until one holds little more than a
// page, and only its contacts are looked at.
type order struct {
	view   store.View
	of     *roaring.Bitmap // the contacts to order
	dated  *roaring.Bitmap // those of them that have the instant
	code   string          // the field that holds the instant
	latest bool            // the latest first: a key is the negative instant
}

func newOrder(v store.View, sort string, of *roaring.Bitmap) (*order, error) {
	name, latest := strings.CutPrefix(sort, "-")
	code := map[string]string{byCreation: "created_at", byLastActivity: "last_activity_at"}[name]
	if code == "" {
		return nil, invalidAt("/sort", problemInvalid, "expected created, -created, last_activity or -last_activity")
	}
	o := &order{view: v, of: of, code: code, latest: latest}
	dated, err := o.reached(muster.Beginning + 1)
	o.dated = dated
	return o, err
}

// reached answers the contacts at an instant or later.
func (o *order) reached(at muster.Instant) (*roaring.Bitmap, error) {
	var node plan.Node = &plan.Acted{From: at, To: muster.Forever, Measure: plan.Count, Compare: plan.Compare{Op: plan.AtLeast, A: muster.DecimalOne}}
	if o.code == "created_at" {
		node = &plan.Field{Code: o.code, Pred: plan.InstantRange{From: at, To: muster.Forever}}
	}
	sets, err := o.view.Match([]store.Query{{Node: node, Of: o.of}})
	if err != nil {
		return nil, err
	}
	return sets[0], nil
}

// before answers the contacts whose key is smaller than one.
func (o *order) before(key muster.Instant) (*roaring.Bitmap, error) {
	switch {
	case key == muster.Forever:
		return o.dated, nil
	case o.latest:
		return o.reached(1 - key)
	}
	later, err := o.reached(key)
	return roaring.AndNot(o.dated, later), err
}

// keys answers where to look first: hours, days, months and years before now.
func (o *order) keys() []muster.Instant {
	now := o.view.Tick()
	keys := []muster.Instant{now + 86400, now + 1}
	for ago := muster.Instant(3600); ago < 1<<34; ago *= 8 {
		keys = append(keys, now-ago)
	}
	for i := range keys {
		if o.latest {
			keys[i] = -keys[i]
		}
	}
	slices.Sort(keys)
	return append(keys, muster.Forever)
}

// page answers n contacts after a place, nil for the beginning.
func (o *order) page(after *placed, n int) ([]placed, error) {
	taken, from := roaring.New(), muster.Beginning+1
	var out []placed
	if after != nil {
		first, err := o.before(after.key)
		if err != nil {
			return nil, err
		}
		if taken, err = o.before(after.key + 1); err != nil {
			return nil, err
		}
		from = after.key + 1
		out = inTurn(out, roaring.AndNot(taken, first), *after, n)
	}
	for len(out) < n && taken.GetCardinality() < o.dated.GetCardinality() {
		next, to, err := o.stretch(taken, from, n-len(out))
		if err != nil {
			return nil, err
		}
		out = append(out, next.places...)
		taken, from = roaring.Or(taken, next.set), to
	}
	return out[:min(n, len(out))], nil
}

// atOnce is how many contacts are looked at one by one when fewer would do.
const atOnce = 1000

type stretch struct {
	set    *roaring.Bitmap
	places []placed // enough of the set, in order
}

// stretch answers the next contacts that are not taken, at least n unless there
// are fewer, and the key that they reach to.
func (o *order) stretch(taken *roaring.Bitmap, from muster.Instant, n int) (stretch, muster.Instant, error) {
	low, high, set := from, muster.Forever, roaring.New()
	few := roaring.New() // what comes before low: too few
	for _, key := range o.keys() {
		if key <= from {
			continue
		}
		reached, err := o.before(key)
		if err != nil {
			return stretch{}, 0, err
		}
		if set, high = roaring.AndNot(reached, taken), key; set.GetCardinality() >= uint64(n) {
			break
		}
		few, low = set, key
	}
	for set.GetCardinality() > atOnce && high != muster.Forever && low != muster.Beginning+1 && high-low > 1 {
		key := low + (high-low)/2
		reached, err := o.before(key)
		if err != nil {
			return stretch{}, 0, err
		}
		if half := roaring.AndNot(reached, taken); half.GetCardinality() >= uint64(n) {
			set, high = half, key
		} else {
			few, low = half, key
		}
	}
	if set.GetCardinality() > atOnce && high-low == 1 {
		// All but a few are of the same instant.
		return stretch{set: set, places: inTurn(o.sorted(few), roaring.AndNot(set, few), placed{key: low}, n)}, high, nil
	}
	return stretch{set: set, places: o.sorted(set)}, high, nil
}

// sorted looks at every contact of a set.
func (o *order) sorted(set *roaring.Bitmap) []placed {
	out := make([]placed, 0, set.GetCardinality())
	for it := set.Iterator(); it.HasNext(); {
		no := muster.ContactNo(it.Next())
		key := o.view.Field(no, o.code).Instant
		if o.latest {
			key = -key
		}
		out = append(out, placed{no, key})
	}
	slices.SortFunc(out, func(a, b placed) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.no, b.no)) })
	return out
}

// inTurn appends contacts of one key that come after a place, until there are n.
func inTurn(out []placed, set *roaring.Bitmap, after placed, n int) []placed {
	it := set.Iterator()
	it.AdvanceIfNeeded(uint32(after.no) + 1)
	for it.HasNext() && len(out) < n {
		out = append(out, placed{muster.ContactNo(it.Next()), after.key})
	}
	return out
}

// undated is the section of a cursor for contacts without an instant.
const (
	dated   = 1
	undated = 2
)

// ordered answers a page of contacts in an order and the cursor after it.
func ordered(v store.View, sort string, of *roaring.Bitmap, cursor []uint64, limit int) ([]muster.ContactNo, string, error) {
	o, err := newOrder(v, sort, of)
	if err != nil {
		return nil, "", err
	}
	section, last := cursor[0], placed{no: muster.ContactNo(cursor[2]), key: muster.Instant(cursor[1])}
	var found []placed
	if section != undated {
		after := &last
		if section != dated {
			after = nil
		}
		if found, err = o.page(after, limit+1); err != nil {
			return nil, "", err
		}
		last = placed{}
	}
	inOrder := len(found)
	found = inTurn(found, roaring.AndNot(of, o.dated), placed{no: last.no}, limit+1)
	next := ""
	if len(found) > limit {
		found = found[:limit]
		section = dated
		if inOrder < limit {
			section = undated
		}
		next = cursorOf(section, uint64(found[limit-1].key), uint64(found[limit-1].no))
	}
	numbers := make([]muster.ContactNo, len(found))
	for i, p := range found {
		numbers[i] = p.no
	}
	return numbers, next, nil
}
