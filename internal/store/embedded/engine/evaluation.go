package engine

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
)

// evaluation is one call that evaluates plans. It reads the engine in pieces
// of a fraction of a millisecond. In Match the caller's lock covers all pieces;
// in Scan each piece takes the lock for itself, so that writers go on, and what
// they touch is re-evaluated afterwards.
type evaluation struct {
	e        *Engine
	ctx      context.Context
	locked   bool // the caller holds the lock
	compiler compiler
	progress *progress
}

func (e *Engine) evaluation(ctx context.Context, locked bool) *evaluation {
	return &evaluation{e: e, ctx: ctx, locked: locked, compiler: compiler{e: e, leaves: map[string]*shared{}}}
}

// piece runs fn under the lock.
func (v *evaluation) piece(fn func()) {
	if !v.locked {
		v.e.mu.RLock()
		defer v.e.mu.RUnlock()
	}
	fn()
}

// parallel runs n pieces on several goroutines and waits for them. Each piece
// is told which worker runs it. It gives up with the context's error.
func (v *evaluation) parallel(n int, run func(worker, piece int)) error {
	workers := min(v.workers(), n)
	if workers <= 1 {
		for i := range n {
			if err := v.ctx.Err(); err != nil {
				return err
			}
			v.piece(func() { run(0, i) })
			v.progress.advance(n)
		}
		return nil
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			room := courtesy{e: v.e, calls: v.e.calls.Load()}
			for v.ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				v.piece(func() { run(worker, i) })
				v.progress.advance(n)
				if !v.locked {
					room.make()
				}
			}
		})
	}
	group.Wait()
	return v.ctx.Err()
}

// courtesy is how a worker of a scan makes room for live requests.
type courtesy struct {
	e     *Engine
	calls int64
	until time.Time
}

const (
	// A worker that only yields is scheduled again before the network is asked
	// for new requests, which then wait up to 10 ms; one that sleeps is not.
	breakBetweenPieces = 50 * time.Microsecond
	// quietAfter is how long after the last call a scan takes all processors.
	quietAfter = 25 * time.Millisecond
)

// make gives the processor away while there are calls beside the scan.
func (c *courtesy) make() {
	calls, now := c.e.calls.Load(), time.Now()
	if calls != c.calls {
		c.calls, c.until = calls, now.Add(quietAfter)
	}
	if now.Before(c.until) {
		time.Sleep(breakBetweenPieces)
		return
	}
	runtime.Gosched()
}

// maxWorkers bounds the counters that a scan allocates, one set per worker.
const maxWorkers = 8

func (v *evaluation) workers() int { return min(runtime.GOMAXPROCS(0), maxWorkers) }

// set answers the contacts of within that satisfy an op. The answer is the
// caller's to modify; within is not modified.
func (v *evaluation) set(o *op, within *roaring.Bitmap) (*roaring.Bitmap, error) {
	if within.IsEmpty() {
		return roaring.New(), nil
	}
	switch o.kind {
	case opEveryone:
		return within.Clone(), nil
	case opAll:
		if len(o.of) == 0 {
			return within.Clone(), nil
		}
		for _, member := range o.of {
			narrowed, err := v.set(member, within)
			if err != nil {
				return nil, err
			}
			within = narrowed
		}
		return within, nil
	case opAny:
		found, rest := roaring.New(), within
		for i, member := range o.of {
			part, err := v.set(member, rest)
			if err != nil {
				return nil, err
			}
			found.Or(part)
			if i < len(o.of)-1 {
				rest = roaring.AndNot(rest, part)
			}
		}
		return found, nil
	case opNot:
		part, err := v.set(o.of[0], within)
		if err != nil {
			return nil, err
		}
		return roaring.AndNot(within, part), nil
	case opLeaf:
		return v.leaf(o.leaf, within)
	}
	return roaring.New(), nil
}

// leaf answers a leaf for a large set by whichever path is cheaper: asking
// contact by contact, or scanning columns for all contacts.
func (v *evaluation) leaf(s *shared, within *roaring.Bitmap) (*roaring.Bitmap, error) {
	if s.all != nil {
		return roaring.And(s.all, within), nil
	}
	switch in := s.leaf.(type) {
	case inGroup:
		var found *roaring.Bitmap
		v.piece(func() { found = roaring.And(in.g.members.set, within) })
		return found, nil
	case inSet:
		return roaring.And(in.set, within), nil
	}
	var everyone int
	v.piece(func() { everyone = int(v.e.people.count) + 1 })
	size := float64(within.GetCardinality())
	// A shared leaf may well be asked for again.
	walk := size * s.cost() * min(float64(s.uses), 4)
	switch l := s.leaf.(type) {
	case pageLeaf:
		if size*2 > float64(everyone) {
			return v.keep(s, within, func() (*roaring.Bitmap, error) { return v.pages(l, everyone) })
		}
	case *acted:
		if scan := v.scanCost(&l.test, l.from, l.to, everyone); scan < walk {
			if l.need > 0 {
				return v.keep(s, within, func() (*roaring.Bitmap, error) {
					return v.counted(&l.test, l.from, l.to, l.need, everyone)
				})
			}
			return v.measured(l, within, everyone)
		}
	case *sequence:
		for i := range l.steps {
			step := &l.steps[i]
			if v.scanCost(step, l.from, l.to, everyone) < float64(within.GetCardinality())*s.cost()/2 {
				found, err := v.counted(step, l.from, l.to, 1, everyone)
				if err != nil {
					return nil, err
				}
				within = roaring.And(within, found)
			}
		}
	case *latest:
		add := l.both
		add.kinds = l.add
		if v.scanCost(&add, minInstant, maxInstant, everyone) < walk {
			found, err := v.counted(&add, minInstant, maxInstant, 1, everyone)
			if err != nil {
				return nil, err
			}
			within = roaring.And(within, found)
		}
	}
	return v.walk(s.leaf, within)
}

// keep evaluates a leaf for all contacts and keeps the answer when other plans
// of the call contain the same leaf.
func (v *evaluation) keep(s *shared, within *roaring.Bitmap, scan func() (*roaring.Bitmap, error)) (*roaring.Bitmap, error) {
	all, err := scan()
	if err != nil {
		return nil, err
	}
	if s.uses > 1 {
		s.all = all
		return roaring.And(all, within), nil
	}
	all.And(within)
	return all, nil
}

// walk asks a leaf contact by contact.
func (v *evaluation) walk(l leaf, within *roaring.Bitmap) (*roaring.Bitmap, error) {
	contacts := within.ToArray()
	answers, err := v.ask(l, contacts)
	if err != nil {
		return nil, err
	}
	return chosen(contacts, answers), nil
}

// ask asks a leaf about contacts, one by one.
func (v *evaluation) ask(l leaf, contacts []uint32) ([]bool, error) {
	answers := make([]bool, len(contacts))
	// Pieces of about a fifth of a millisecond.
	size := max(16, int(200_000/max(l.cost(), 5)))
	pieces := (len(contacts) + size - 1) / size
	err := v.parallel(pieces, func(_, piece int) {
		from, to := piece*size, min(piece*size+size, len(contacts))
		for i, no := range contacts[from:to] {
			answers[from+i] = l.holds(no)
		}
	})
	return answers, err
}

func chosen(contacts []uint32, answers []bool) *roaring.Bitmap {
	kept := 0
	for i, no := range contacts {
		if answers[i] {
			contacts[kept] = no
			kept++
		}
	}
	found := roaring.New()
	found.AddMany(contacts[:kept])
	return found
}

// pages asks a leaf page by page for all contact numbers.
func (v *evaluation) pages(l pageLeaf, everyone int) (*roaring.Bitmap, error) {
	const perPiece = 4
	pages := (everyone + pageSize - 1) / pageSize
	words := make([]pageWords, pages)
	err := v.parallel((pages+perPiece-1)/perPiece, func(_, piece int) {
		for at := piece * perPiece; at < min(piece*perPiece+perPiece, pages); at++ {
			l.page(at, &words[at])
		}
	})
	if err != nil {
		return nil, err
	}
	return dense(words), nil
}

// dense makes a bitmap of words, which it may keep.
func dense(pages []pageWords) *roaring.Bitmap {
	flat := make([]uint64, 0, len(pages)*len(pageWords{}))
	for i := range pages {
		flat = append(flat, pages[i][:]...)
	}
	return roaring.FromDense(flat, false)
}
