package property_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/oracle"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded"
)

// world is a roster on the embedded store under a manual clock.
type world struct {
	rt     *rapid.T
	dir    string
	dirs   int
	now    muster.Instant
	ids    uint64
	store  store.Store
	roster *roster.Roster
	log    []string
}

func newWorld(t *testing.T, rt *rapid.T) *world {
	w := &world{rt: rt, dir: t.TempDir(), now: muster.InstantOf(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))}
	rt.Cleanup(func() { w.close() })
	w.open()
	return w
}

func (w *world) open() {
	ctx := context.Background()
	st, err := embedded.Open(ctx, w.path(), embedded.Options{})
	if err != nil {
		w.rt.Fatalf("open the store: %v", err)
	}
	r, err := roster.Open(ctx, st, roster.Options{
		Clock: roster.ClockFunc(func() muster.Instant { return w.now }), Manual: true,
		ServerZone: time.UTC, NewID: w.newID, Minute: func(from, _ int) int { return from + 30 },
	})
	if err != nil {
		st.Close()
		w.rt.Fatalf("open the roster: %v", err)
	}
	w.store, w.roster = st, r
}

func (w *world) path() string { return filepath.Join(w.dir, fmt.Sprint(w.dirs)) }

func (w *world) newID(muster.Instant) muster.ContactID {
	w.ids++
	var id muster.ContactID
	binary.BigEndian.PutUint64(id[8:], w.ids)
	id[0] = 1
	return id
}

func (w *world) close() {
	if w.roster == nil {
		return
	}
	w.roster.Close()
	w.store.Close()
	w.roster = nil
}

// restart closes everything and opens it again from disk.
func (w *world) restart() {
	w.close()
	w.open()
}

// crash goes on with a copy of the directory as it is on disk while the store is open.
func (w *world) crash() {
	from := w.path()
	w.dirs++
	if err := os.CopyFS(w.path(), os.DirFS(from)); err != nil {
		w.rt.Fatalf("copy the directory: %v", err)
	}
	w.roster.Close()
	w.store.Close()
	w.open()
}

// check compares every group with the oracle.
func (w *world) check() {
	state := w.roster.State()
	var people []*oracle.Person
	numbers := map[muster.ContactID]uint32{}
	members := map[string]*roaring.Bitmap{}
	var tick muster.Instant
	err := w.store.View(context.Background(), func(v store.View) error {
		tick = v.Tick()
		for it := v.Contacts().Iterator(); it.HasNext(); {
			no := muster.ContactNo(it.Next())
			p, err := person(v, no)
			if err != nil {
				return err
			}
			numbers[p.ID] = uint32(no)
			people = append(people, p)
		}
		for code, g := range state.Groups {
			members[code] = v.Members(g.No).Clone()
		}
		return nil
	})
	if err != nil {
		w.rt.Fatalf("read the facts: %v", err)
	}
	groups := w.inOrder()
	want := oracle.MatchesAll(groups, people, tick, state.Schema)
	for _, g := range groups {
		expected := roaring.New()
		for id, in := range want[g.Code] {
			if in {
				expected.Add(numbers[id])
			}
		}
		if !members[g.Code].Equals(expected) {
			condition, _ := state.Groups[g.Code].Version(max(1, state.Groups[g.Code].Active)).Condition.MarshalJSON()
			w.rt.Fatalf("at %s group %s has members %v, the oracle says %v\ncondition %s\nsteps:\n%s", tick, g.Code,
				members[g.Code], expected, condition, joined(w.log))
		}
	}
}

func person(v store.View, no muster.ContactNo) (*oracle.Person, error) {
	c, err := v.Contact(no)
	if err != nil {
		return nil, err
	}
	p := &oracle.Person{ID: c.ID, CreatedAt: c.CreatedAt, Email: c.Email, ExternalID: c.ExternalID, Fields: c.Fields, Decisions: c.Decisions}
	q := store.ActivityQuery{Limit: 100}
	for {
		page, err := v.Activities(no, q)
		if err != nil {
			return nil, err
		}
		for _, a := range page {
			p.Activities = append(p.Activities, a.Activity)
		}
		if len(page) < q.Limit {
			return p, nil
		}
		last := page[len(page)-1]
		q.BeforeAt, q.BeforeRow = last.At, last.Row
	}
}

// inOrder answers the groups for the oracle, each after those it refers to.
func (w *world) inOrder() []oracle.Group {
	var out []oracle.Group
	done := map[string]bool{}
	var visit func(code string)
	visit = func(code string) {
		if done[code] {
			return
		}
		done[code] = true
		checked, zone, err := w.roster.Checked(code, false)
		if err != nil {
			w.rt.Fatalf("check the active condition of %s: %v", code, err)
		}
		if checked != nil {
			catalog.Walk(checked, func(n catalog.Node) {
				if leaf, ok := n.(*catalog.Leaf); ok && leaf.Type == "in-groups" {
					for _, ref := range leaf.Args.Codes {
						visit(ref)
					}
				}
			})
		}
		out = append(out, oracle.Group{Code: code, Condition: checked, Zone: zone})
	}
	for code := range w.roster.State().Groups {
		visit(code)
	}
	return out
}

func joined(lines []string) string {
	out := ""
	for _, line := range lines {
		out += "  " + line + "\n"
	}
	return out
}
