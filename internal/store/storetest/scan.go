package storetest

import (
	"context"
	"errors"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// scans are the sentences about Scan.
var scans = []sentence{
	{"a scan answers what Match does, over all contacts or some", func(c *subject) {
		w := newWorld(5)
		for range 20 {
			c.write(func(tx *writer) { w.step(tx, 60) })
		}
		for range 40 {
			queries := []store.Query{w.query(), w.query(), w.query(), w.query()}
			queries[0].Of, queries[1].Of = nil, nil
			from := uint64(w.IntN(20))
			queries[3].Of = roaring.New()
			queries[3].Of.AddRange(from, from+uint64(1+w.IntN(20)))
			// Parts that several queries have, each about whom it asks.
			parts := []plan.Node{w.leaf(), w.leaf(), w.leaf()}
			for _, n := range []plan.Node{parts[0], parts[1], &plan.Any{Of: parts}, &plan.All{Of: []plan.Node{parts[0], &plan.Not{Of: &plan.Any{Of: parts[1:]}}}}} {
				for _, of := range []*roaring.Bitmap{nil, queries[3].Of, set(2, 5, 9)} {
					queries = append(queries, store.Query{Node: n, Of: of})
				}
			}
			got, err := c.store.Scan(c.Context(), queries, nil)
			c.must("scan", err)
			for i, q := range queries {
				if want := w.matching(q.Node, q.Members, q.Of); !got[i].Equals(want) {
					c.Errorf("plan %s with members %v: got %s, want %s", spell(q.Node), q.Members, show(got[i]), show(want))
				}
				got[i].Add(1 << 30) // they are the caller's
			}
		}
	}},
	{"while writers go on, a scan is exact for one committed state during it", func(c *subject) {
		w := newWorld(6)
		for range 30 {
			c.write(func(tx *writer) { w.step(tx, 200) })
		}
		h := &states{}
		queries := []store.Query{
			{Node: &plan.Any{Of: []plan.Node{acted(2), &plan.Field{Code: "city", Pred: plan.Text{Op: plan.TextContains, Values: []string{"er"}}}}}},
			{Node: &plan.All{Of: []plan.Node{&plan.Not{Of: &plan.InGroup{Group: 1}}, w.acted(), plan.Identified{}}}},
			{Node: &plan.Any{Of: []plan.Node{&plan.InGroup{Group: 2}, w.sequence(), w.latest()}}, Members: map[muster.GroupNo]*roaring.Bitmap{2: set(1, 2, 3, 50)}},
		}
		c.write(func(tx *writer) { h.add(tx, queries) })
		h.committed()
		var running sync.WaitGroup
		done := make(chan struct{})
		stopped := make(chan struct{})
		running.Go(func() {
			defer close(stopped)
			for {
				select {
				case <-done:
					return
				default:
				}
				c.write(func(tx *writer) {
					w.step(tx, 30)
					h.add(tx, queries)
				})
				h.committed()
			}
		})
		// However slow the disk, some of the scans meet a commit.
		writing := func() bool {
			select {
			case <-stopped:
				return false
			default:
				return true
			}
		}
		for scans := 0; scans < 60 || h.last() < 3 && writing(); scans++ {
			from := h.last()
			got, err := c.store.Scan(c.Context(), queries, nil)
			if err != nil {
				c.Errorf("scan: %v", err)
				break
			}
			if !h.contains(from, got) {
				c.Errorf("a scan answered %s, %s, %s: no committed state since its call does", show(got[0]), show(got[1]), show(got[2]))
			}
		}
		close(done)
		running.Wait()
		if h.last() == 0 {
			c.Error("nothing was written meanwhile")
		}
	}},
	{"progress rises from 0 to 1", func(c *subject) {
		w := newWorld(7)
		for range 20 {
			c.write(func(tx *writer) { w.step(tx, 60) })
		}
		last := 0.0
		_, err := c.store.Scan(c.Context(), []store.Query{{Node: w.acted()}, {Node: w.sequence()}, {Node: w.leaf()}}, func(share float64) {
			if share < last || share > 1 {
				c.Errorf("progress %v after %v", share, last)
			}
			last = share
		})
		c.must("scan", err)
		c.same("progress at the end", last, 1.0)
	}},
	{"a cancelled scan gives up with the reason", func(c *subject) {
		c.write(func(tx *writer) { tx.contact(1) })
		ctx, cancel := context.WithCancelCause(c.Context())
		cancel(errRefused)
		_, err := c.store.Scan(ctx, []store.Query{{Node: acted(1)}}, nil)
		if !errors.Is(err, errRefused) && !errors.Is(err, context.Canceled) {
			c.Errorf("got %v, want the context's error", err)
		}
	}},
}

// states are what the queries answered after each transaction.
type states struct {
	mu      sync.Mutex
	answers [][]*roaring.Bitmap
	durable int // how many of them have been committed
}

func (h *states) add(tx *writer, queries []store.Query) {
	answers, err := tx.Match(queries)
	tx.must(err)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answers = append(h.answers, answers)
}

func (h *states) committed() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.durable = len(h.answers)
}

// last answers the latest state known to be committed.
func (h *states) last() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.durable - 1
}

// contains reports whether a state from then on gave these answers.
func (h *states) contains(from int, got []*roaring.Bitmap) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, answers := range h.answers[from:] {
		same := true
		for i := range answers {
			same = same && answers[i].Equals(got[i])
		}
		if same {
			return true
		}
	}
	return false
}
