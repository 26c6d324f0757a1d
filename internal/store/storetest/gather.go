package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// gathers are the sentences about Gather.
var gathers = []sentence{
	{"what is gathered is what is known of each contact that the query finds", func(c *subject) {
		w := newWorld(11)
		for range 20 {
			c.write(func(tx *writer) { w.step(tx, 60) })
		}
		for range 10 {
			q := w.query()
			q.Of = nil
			got := gathering{}
			set, err := c.store.Gather(c.Context(), q, got.keep, func(v store.View) error {
				if v.Tick() != c.now {
					c.Errorf("look: got the state of %s, want %s", v.Tick(), c.now)
				}
				return nil
			})
			c.must("gather", err)
			if want := w.matching(q.Node, q.Members, nil); !set.Equals(want) {
				c.Errorf("plan %s: got %s, want %s", spell(q.Node), show(set), show(want))
			}
			c.view(func(v store.View) {
				for it := set.Iterator(); it.HasNext(); {
					no := muster.ContactNo(it.Next())
					want, err := v.Contact(no)
					c.must("contact", err)
					c.same(fmt.Sprintf("contact %d", no), got[no], want)
				}
			})
			set.Add(1 << 30) // it is the caller's
		}
	}},
	{"while writers go on, what is gathered is one committed state", gatherBesideWriters},
	{"gathering ends with the error of whoever keeps or looks, and gathers nobody for nobody", func(c *subject) {
		c.write(func(tx *writer) { tx.contact(1) })
		all := store.Query{Node: plan.Everyone{}}
		if _, err := c.store.Gather(c.Context(), all, func([]muster.Contact) error { return errRefused }, nil); !errors.Is(err, errRefused) {
			c.Errorf("keep: got %v, want its error", err)
		}
		if _, err := c.store.Gather(c.Context(), all, nil, func(store.View) error { return errRefused }); !errors.Is(err, errRefused) {
			c.Errorf("look: got %v, want its error", err)
		}
		set, err := c.store.Gather(c.Context(), all, nil, nil)
		c.must("gather", err)
		c.same("found", set.GetCardinality(), uint64(1))
	}},
}

// gathering is the last word on each contact.
type gathering map[muster.ContactNo]muster.Contact

func (g gathering) keep(some []muster.Contact) error {
	for _, c := range some {
		g[c.No] = c
	}
	return nil
}

// state spells the members of a set as they were gathered.
func (g gathering) state(set *roaring.Bitmap) string {
	text := ""
	for it := set.Iterator(); it.HasNext(); {
		no := muster.ContactNo(it.Next())
		text += fmt.Sprintln(no, g[no].Email, g[no].Fields["points"].Number)
	}
	return text
}

// gatherBesideWriters gathers the contacts of one city while a writer moves
// some of them to another one and changes, makes and erases others. Whoever
// keeps waits for commits, so that some come in between for certain.
func gatherBesideWriters(c *subject) {
	const people = 600
	town := &drawnTown{Rand: rand.New(rand.NewPCG(12, 0)), states: map[instant]string{}}
	c.write(func(tx *writer) {
		for range people {
			town.arrive(tx)
		}
		town.note(tx.Tick())
	})
	commits, done := make(chan struct{}), make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		defer close(commits)
		for {
			c.write(func(tx *writer) {
				for range 25 {
					town.change(tx)
				}
				town.note(tx.Tick())
			})
			select {
			case commits <- struct{}{}:
			case <-done:
				return
			}
		}
	})
	query := store.Query{Node: &plan.Field{Code: "city", Pred: plan.Text{Op: plan.TextIs, Values: []string{"linz"}}}}
	for range 8 {
		got, at := gathering{}, instant(0)
		set, err := c.store.Gather(c.Context(), query, func(some []muster.Contact) error {
			<-commits
			return got.keep(some)
		}, func(v store.View) error {
			at = v.Tick()
			return nil
		})
		if err != nil {
			c.Errorf("gather: %v", err)
			break
		}
		if got, want := got.state(set), town.at(at); got != want {
			c.Errorf("gathered as of %s:\n%s\nwant\n%s", at, got, want)
		}
	}
	close(done)
	running.Wait()
}

// drawnTown is who lives where, and what was true after each commit.
type drawnTown struct {
	*rand.Rand
	people []townsman

	mu     sync.Mutex
	states map[instant]string
}

type townsman struct {
	no     muster.ContactNo
	email  string
	points muster.Decimal
	here   bool
	gone   bool
}

func (d *drawnTown) arrive(tx *writer) {
	p := townsman{no: tx.contact(len(d.people) + 1), email: fmt.Sprintf("p%d@x.example", len(d.people)), here: d.IntN(2) == 0}
	tx.must(tx.SetEmail(p.no, p.email))
	d.people = append(d.people, p)
	d.settle(tx, &d.people[len(d.people)-1])
}

// settle writes where somebody lives and what they have.
func (d *drawnTown) settle(tx *writer, p *townsman) {
	city := "linz"
	if !p.here {
		city = "graz"
	}
	tx.must(tx.SetField(p.no, "city", text(city)))
	tx.must(tx.SetField(p.no, "points", muster.Value{Kind: muster.KindNumber, Number: p.points}))
}

func (d *drawnTown) change(tx *writer) {
	p := &d.people[d.IntN(len(d.people))]
	switch kind := d.IntN(12); {
	case kind == 0:
		d.arrive(tx)
	case p.gone:
	case kind == 1:
		tx.must(tx.Erase(p.no))
		p.gone = true
	case kind == 2:
		p.email = fmt.Sprintf("n%d@x.example", tx.Tick()*100+instant(d.IntN(100)))
		if tx.ByEmail(p.email) == 0 {
			tx.must(tx.SetEmail(p.no, p.email))
		} else {
			p.email = tx.Owner(p.no).Email
		}
	default:
		p.here, p.points = d.IntN(2) == 0, p.points+1
		d.settle(tx, p)
	}
}

func (d *drawnTown) note(at instant) {
	state := ""
	for _, p := range d.people {
		if p.here && !p.gone {
			state += fmt.Sprintln(p.no, p.email, p.points)
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.states[at] = state
}

func (d *drawnTown) at(t instant) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.states[t]
}
