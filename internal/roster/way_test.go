package roster_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
)

// asked is a store that counts about how many contacts its transactions are asked.
type asked struct {
	*gated
	contacts uint64
}

func (a *asked) Update(ctx context.Context, fn func(store.Tx) error) error {
	return a.gated.Update(ctx, func(tx store.Tx) error { return fn(askedTx{tx, a}) })
}

type askedTx struct {
	store.Tx
	of *asked
}

func (tx askedTx) Match(queries []store.Query) ([]*roaring.Bitmap, error) {
	for _, q := range queries {
		tx.of.contacts += q.Of.GetCardinality()
	}
	return tx.Tx.Match(queries)
}

// When activities leave a window, only members can leave a group that wants so
// many of them, and only others can enter one that does not want them.
func TestTimeLooksOnlyAtWhomItCanMove(t *testing.T) {
	w := newWorld(t, "UTC", "2026-03-02T09:00:00Z", 60)
	a := &asked{gated: w.store}
	w.must(w.roster.Close())
	var err error
	w.roster, err = roster.Open(w.ctx, a, roster.Options{Clock: roster.ClockFunc(func() muster.Instant { return w.now }), Manual: true})
	w.must(err)
	const often = `"type":"performed-any","params":{"times":{"at_least":3},"within":{"last":"7d"}}`
	w.save("often", `{"groups":[{"conditions":[{`+often+`}]}]}`, true, false)
	w.save("seldom", `{"groups":[{"conditions":[{`+often+`,"not":true}]}]}`, true, false)
	w.settle()

	// One contact has three activities, nine have one, of which one each leaves at the same instant.
	batch := muster.Batch{Authority: muster.Edit}
	for i := range 10 {
		who := muster.Identifiers{VisitorID: fmt.Sprintf("v%d", i)}
		for n := range 3 {
			if n == 0 || i == 0 {
				batch.Items = append(batch.Items, muster.Item{Activity: &muster.ActivityInput{Who: who, HasAt: true, Activity: muster.Activity{Type: "click", At: w.now - muster.Instant(60-n)}}})
			}
		}
	}
	_, err = w.roster.Apply(w.ctx, batch)
	w.must(err)
	for _, step := range []struct {
		to            string
		often, seldom uint64
		looks         uint64
	}{
		{"2026-03-03T09:00:00Z", 1, 9, 0},
		{"2026-03-09T08:59:00Z", 0, 10, 2}, // the one's first is gone: of each group that one is looked at
		{"2026-03-09T09:00:00Z", 0, 10, 0}, // its others: of nobody any more
	} {
		a.contacts = 0
		w.advance(step.to)
		if got := w.members("often"); got != step.often {
			t.Errorf("at %s there are %d often, want %d", step.to, got, step.often)
		}
		if got := w.members("seldom"); got != step.seldom {
			t.Errorf("at %s there are %d seldom, want %d", step.to, got, step.seldom)
		}
		if a.contacts != step.looks {
			t.Errorf("at %s it was asked about %d contacts, want %d", step.to, a.contacts, step.looks)
		}
	}
}
