package roster

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/uuid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// On a store that others share a recalculation looks at the contacts in slices,
// each in a committed state of its own, and leaves what it has found in the
// store. When its process dies, the next one that works looks again only at
// those whom commits have concerned, or time has moved, since it began, and goes
// on with the slices that are missing.

// usualSlice is how many contact numbers a slice has: so few that it takes a
// fraction of a second, so many that what a slice costs by itself does not count.
const usualSlice = 20_000

// sliced is the scan of one shadow in slices.
type sliced struct {
	work  string // under which it is left; "" is nowhere
	begun begun
	node  plan.Node // as of the beginning
	// found is whom the slices have found that are done, by their number from 1.
	found map[int]*roaring.Bitmap
	// again are the contacts of found that another process looked at too early.
	again *roaring.Bitmap
}

// begun is the first part that is left: what the others mean.
type begun struct {
	Run    string         `json:"run"` // parts of another run are of no use
	Plan   string         `json:"plan"`
	Commit int64          `json:"commit"` // whom later commits concern is to be looked at again
	At     muster.Instant `json:"at"`     // as of which the plan was made
	Size   uint32         `json:"size"`   // contact numbers in a slice
	Slices int            `json:"slices"`
}

// of answers whom a slice is about. The last one is about everybody above, too.
func (b *begun) of(slice int) *roaring.Bitmap {
	from, to := uint64(slice-1)*uint64(b.Size), uint64(slice)*uint64(b.Size)
	if slice == b.Slices {
		to = math.MaxUint32 + 1
	}
	set := roaring.New()
	set.AddRange(from, to)
	return set
}

// digest is a plan's key, shortened.
func digest(n plan.Node) string {
	sum := sha256.Sum256([]byte(plan.Key(n)))
	return hex.EncodeToString(sum[:])
}

// slice prepares the scan of a shadow that has just been made, in slices. What
// another process has left of it is used. The caller holds r.commit, and has
// taken in what others have committed.
func (run *recalculation) slice(f *follower, work string, compile func(at muster.Instant) (*program, error)) error {
	r := run.r
	if r.share.store == nil {
		return nil
	}
	s := &sliced{work: work, node: f.program.node, found: map[int]*roaring.Bitmap{}}
	s.begun = begun{Run: uuid.NewString(), Plan: digest(s.node), Commit: r.share.seen.Load(), At: r.live.at, Size: r.opts.Slice, Slices: 1}
	left, err := r.left(work)
	if err != nil {
		return err
	}
	err = r.store.View(r.life, func(v store.View) error {
		if all := v.Contacts(); !all.IsEmpty() {
			s.begun.Slices = int(all.Maximum()/s.begun.Size) + 1
		}
		if left == nil {
			return nil
		}
		return left.takeUp(v.(store.SharedView), s, compile)
	})
	run.sliced[f] = s
	return err
}

// left reads what there is of a work; nil is nothing.
func (r *Roster) left(work string) (*sliced, error) {
	if work == "" {
		return nil, nil
	}
	parts, err := r.share.store.Left(r.life, work)
	if err != nil || parts[0] == nil {
		return nil, err
	}
	s := &sliced{work: work, found: map[int]*roaring.Bitmap{}}
	if err := json.Unmarshal(parts[0], &s.begun); err != nil {
		return nil, fmt.Errorf("read what is left of the %s: %w", work, err)
	}
	for slice, part := range parts {
		body, ours := bytes.CutPrefix(part, []byte(s.begun.Run))
		if slice == 0 || !ours {
			continue
		}
		set := roaring.New()
		if _, err := set.ReadFrom(bytes.NewReader(body)); err != nil {
			return nil, fmt.Errorf("read part %d of what is left of the %s: %w", slice, work, err)
		}
		s.found[slice] = set
	}
	return s, nil
}

// takeUp makes what was left the beginning of another scan, if it means the same
// and it is known who is to be looked at again, and those are not most.
func (s *sliced) takeUp(v store.SharedView, by *sliced, compile func(at muster.Instant) (*program, error)) error {
	if len(s.found) == 0 || s.begun.At > by.begun.At {
		return nil
	}
	was, err := compile(s.begun.At)
	if err != nil || digest(was.node) != s.begun.Plan {
		return err
	}
	facts, everyone := was.refresh(by.begun.At)
	again, known, err := v.Touched(s.begun.Commit)
	if err != nil || everyone || !known {
		return err
	}
	if len(facts) > 0 {
		moved, err := v.Named(facts)
		if err != nil {
			return err
		}
		again.Or(roaring.FastOr(moved...))
	}
	done := roaring.New()
	for slice := range s.found {
		done.Or(s.begun.of(slice))
	}
	done.And(v.Contacts())
	again.And(done)
	if again.GetCardinality() > done.GetCardinality()/2 {
		return nil
	}
	by.begun.Size, by.begun.Slices = s.begun.Size, s.begun.Slices
	by.found, by.again = s.found, again
	return nil
}

// scanSlices does the slices that are missing and answers all. Between two
// slices it gives up when it is cancelled.
func (run *recalculation) scanSlices(s *sliced, query store.Query, progress func(share float64)) (*roaring.Bitmap, error) {
	look := func(of *roaring.Bitmap) (*roaring.Bitmap, error) {
		query.Of = of
		answers, err := run.r.store.Scan(run.job.ctx, []store.Query{query}, nil)
		if err != nil {
			return nil, err
		}
		return answers[0], nil
	}
	if err := run.goOn(s, look); err != nil {
		return nil, err
	}
	for slice := 1; slice <= s.begun.Slices; slice++ {
		progress(float64(len(s.found)) / float64(s.begun.Slices))
		if s.found[slice] != nil {
			continue
		}
		set, err := look(s.begun.of(slice))
		if err != nil {
			return nil, err
		}
		s.found[slice] = set
		if err := run.leave(s, slice); err != nil {
			return nil, err
		}
	}
	all := roaring.New()
	for _, set := range s.found {
		all.Or(set)
	}
	return all, nil
}

// goOn corrects what another process has found, and leaves it as found by this one.
func (run *recalculation) goOn(s *sliced, look func(of *roaring.Bitmap) (*roaring.Bitmap, error)) error {
	if s.again != nil && !s.again.IsEmpty() {
		are, err := look(s.again)
		if err != nil {
			return err
		}
		for slice, set := range s.found {
			set.AndNot(s.again)
			set.Or(roaring.And(are, s.begun.of(slice)))
		}
	}
	if len(s.found) > 0 {
		run.r.log.Info("a recalculation goes on from what another node has left", "group", run.job.Code, "slices", len(s.found), "of", s.begun.Slices)
	}
	slices := []int{0}
	for slice := range s.found {
		slices = append(slices, slice)
	}
	return run.leave(s, slices...)
}

// leave keeps parts of the scan in the store: 0 is how it began, others are slices.
func (run *recalculation) leave(s *sliced, slices ...int) error {
	if s.work == "" {
		return nil
	}
	parts := map[int][]byte{}
	for _, slice := range slices {
		var err error
		if slice == 0 {
			parts[0], err = json.Marshal(s.begun)
		} else if parts[slice], err = s.found[slice].ToBytes(); err == nil {
			parts[slice] = append([]byte(s.begun.Run), parts[slice]...)
		}
		if err != nil {
			return err
		}
	}
	held, err := run.r.share.store.Leave(run.job.ctx, leaseOfWork, run.r.duty.id, s.work, parts)
	if err == nil && !held {
		err = errHandedOver
	}
	return err
}

// workOf names what a recalculation leaves of a group, and of the judge beside it.
func workOf(code string) (target, judge string) {
	return "recalculation of " + code, "judge of " + code
}

// forget drops what a recalculation has left. That it stays does no harm: it is
// taken up only where it is still right.
func (r *Roster) forget(code string) {
	if r.share.store == nil {
		return
	}
	target, judge := workOf(code)
	for _, work := range []string{target, judge} {
		if _, err := r.share.store.Leave(r.life, leaseOfWork, r.duty.id, work, nil); err != nil && r.life.Err() == nil {
			r.log.Warn("what a recalculation has left could not be dropped", "work", work, "error", err)
		}
	}
}
