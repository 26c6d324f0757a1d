package verify

import (
	"context"
	"iter"
	"runtime"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/oracle"
	"github.com/muster-groups/muster/internal/store"
)

// chunk is how many contacts one reading examines: a writer waits for readers.
const chunk = 50

// examiner compares contacts with what is stored of them.
type examiner struct {
	store       store.Store
	definitions Definitions
}

// finding is what came of one chunk.
type finding struct {
	asked, examined int // who is gone meanwhile is not examined
	differences     []difference
}

type difference struct {
	Difference
	no muster.ContactNo
}

// task is a chunk, and where its finding will be.
type task struct {
	numbers []uint32
	done    chan struct{}
	finding finding
	err     error
}

// examineAll examines contacts chunk by chunk, some of them at once, and yields
// the findings in the order of the contacts.
func examineAll(ctx context.Context, e examiner, numbers []uint32) iter.Seq2[finding, error] {
	return func(yield func(finding, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		workers := runtime.GOMAXPROCS(0)
		var running sync.WaitGroup
		defer running.Wait()
		defer cancel()
		todo, begun := make(chan *task), make(chan *task, 4*workers)
		running.Go(func() {
			defer close(begun)
			defer close(todo)
			for part := range slices.Chunk(numbers, chunk) {
				t := &task{numbers: part, done: make(chan struct{})}
				for _, line := range []chan *task{begun, todo} {
					select {
					case line <- t:
					case <-ctx.Done():
						return
					}
				}
			}
		})
		for range workers {
			running.Go(func() {
				for t := range todo {
					t.finding, t.err = e.examine(ctx, t.numbers)
					close(t.done)
				}
			})
		}
		for t := range begun {
			select {
			case <-t.done:
			case <-ctx.Done():
				yield(finding{}, ctx.Err())
				return
			}
			if !yield(t.finding, t.err) || t.err != nil {
				return
			}
		}
	}
}

// again is how often at most a difference is looked at once more.
const again = 10

func (e examiner) examine(ctx context.Context, numbers []uint32) (finding, error) {
	differences, examined, _, err := e.compare(ctx, numbers)
	// A group may switch to another condition between reading the definitions and
	// reading the facts. A difference is one when the definitions were the same
	// before and after.
	for tries := 0; err == nil && len(differences) > 0 && tries < again; tries++ {
		differing := roaring.New()
		for _, d := range differences {
			differing.Add(uint32(d.no))
		}
		var before, after *muster.Schema
		if differences, _, before, err = e.compare(ctx, differing.ToArray()); err != nil {
			break
		}
		if _, after, err = e.definitions(); before == after {
			break
		}
	}
	return finding{len(numbers), examined, differences}, err
}

// compare reads contacts and their stored membership at one time and judges
// them. It answers by which definitions it did.
func (e examiner) compare(ctx context.Context, numbers []uint32) (differences []difference, examined int, schema *muster.Schema, err error) {
	groups, schema, err := e.definitions()
	if err != nil {
		return nil, 0, nil, err
	}
	var people []*oracle.Person
	var nos []muster.ContactNo
	var at muster.Instant
	stored := make([]*roaring.Bitmap, len(groups))
	wanted := roaring.BitmapOf(numbers...)
	err = e.store.View(ctx, func(v store.View) error {
		at = v.Tick()
		for i, g := range groups {
			stored[i] = roaring.And(v.Members(g.No), wanted)
		}
		for it := roaring.And(wanted, v.Contacts()).Iterator(); it.HasNext(); {
			no := muster.ContactNo(it.Next())
			person, err := read(v, no)
			if err != nil {
				return err
			}
			people, nos = append(people, person), append(nos, no)
		}
		return nil
	})
	if err != nil {
		return nil, 0, nil, err
	}
	judged := make([]oracle.Group, len(groups))
	for i, g := range groups {
		judged[i] = oracle.Group{Code: g.Code, Condition: g.Condition, Zone: g.Zone}
	}
	expected := oracle.MatchesAll(judged, people, at, schema)
	for i, g := range groups {
		for k, person := range people {
			has, should := stored[i].Contains(uint32(nos[k])), expected[g.Code][person.ID]
			if has != should {
				differences = append(differences, difference{Difference{Group: g.Code, Contact: person.ID, Stored: has, Expected: should}, nos[k]})
			}
		}
	}
	return differences, len(people), schema, nil
}

// read gathers everything that is known of a contact.
func read(v store.View, no muster.ContactNo) (*oracle.Person, error) {
	c, err := v.Contact(no)
	if err != nil {
		return nil, err
	}
	person := &oracle.Person{
		ID: c.ID, CreatedAt: c.CreatedAt, Email: c.Email, ExternalID: c.ExternalID,
		Fields: c.Fields, Decisions: c.Decisions,
	}
	q := store.ActivityQuery{Limit: 1000}
	for {
		page, err := v.Activities(no, q)
		if err != nil {
			return nil, err
		}
		for _, a := range page {
			person.Activities = append(person.Activities, a.Activity)
		}
		if len(page) < q.Limit {
			return person, nil
		}
		last := page[len(page)-1]
		q.BeforeAt, q.BeforeRow = last.At, last.Row
	}
}
