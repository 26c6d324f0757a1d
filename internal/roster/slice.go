package roster

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/uuid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// On a store that others share a recalculation looks at the contacts in slices,
// each in a committed state of its own, and leaves what it has found in the
// store. Leaves that read what activities say are asked of everybody first, each
// by itself: a slice of one would cost as much as all. When its process dies, the next one that works looks again only at
// those whom commits have concerned, or time has moved, since it began, and goes
// on with the slices that are missing.

// usualSlice is how many contact numbers a slice has: so few that it takes a
// fraction of a second, so many that what a slice costs by itself does not count.
const usualSlice = 20_000

// sliced is the scan of one shadow in slices.
type sliced struct {
	work  string // under which it is left; "" is nowhere
	begun begun
	// node is the plan as of the beginning. In the place of each leaf that is asked
	// of everybody it reads a group that is none, see wide.
	node   plan.Node
	leaves []plan.Node
	// found is whom the parts have found that are done: slices by their number from
	// 1, leaves by that below 0.
	found map[int]*roaring.Bitmap
	// again are the contacts that another process looked at too early, also those
	// who are none any more.
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

// divide takes the leaves that are to be asked of everybody out of a plan.
func (s *sliced) divide(n plan.Node) plan.Node {
	switch n := n.(type) {
	case *plan.All:
		return &plan.All{Of: s.divideEach(n.Of)}
	case *plan.Any:
		return &plan.Any{Of: s.divideEach(n.Of)}
	case *plan.Not:
		return &plan.Not{Of: s.divide(n.Of)}
	case *plan.Acted:
		if len(n.Where) > 0 || n.Channels != nil || n.Measure != plan.Count {
			s.leaves = append(s.leaves, n)
			return &plan.InGroup{Group: wide(len(s.leaves))}
		}
	}
	return n
}

func (s *sliced) divideEach(nodes []plan.Node) []plan.Node {
	list := make([]plan.Node, len(nodes))
	for i, n := range nodes {
		list[i] = s.divide(n)
	}
	return list
}

// wide is the number of the group that stands for a leaf, which is numbered from 1.
func wide(leaf int) muster.GroupNo { return math.MaxUint32 - muster.GroupNo(leaf) }

// sliceable tells plans that are more than leaves that have been asked already.
func (s *sliced) sliceable() bool {
	for leaf := range plan.Leaves(s.node) {
		if in, ok := leaf.(*plan.InGroup); !ok || in.Group < wide(len(s.leaves)) {
			return true
		}
	}
	return false
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
	s := &sliced{work: work, found: map[int]*roaring.Bitmap{}}
	s.node = s.divide(f.program.node)
	s.begun = begun{Run: uuid.NewString(), Plan: digest(f.program.node), Commit: r.share.seen.Load(), At: r.live.at, Size: r.opts.Slice, Slices: 1}
	left, err := r.left(work)
	if err != nil {
		return err
	}
	err = r.store.View(r.life, func(v store.View) error {
		if all := v.Contacts(); !all.IsEmpty() && s.sliceable() {
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
	for part, body := range parts {
		body, ours := bytes.CutPrefix(body, []byte(s.begun.Run))
		if part == 0 || !ours {
			continue
		}
		set := roaring.New()
		if _, err := set.ReadFrom(bytes.NewReader(body)); err != nil {
			return nil, fmt.Errorf("read part %d of what is left of the %s: %w", part, work, err)
		}
		s.found[part] = set
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
	moves, everyone := was.refresh(by.begun.At)
	again, known, err := v.Touched(s.begun.Commit)
	if err != nil || everyone || !known {
		return err
	}
	if len(moves) > 0 {
		moved, err := v.Named(plan.Facts(moves))
		if err != nil {
			return err
		}
		again.Or(roaring.FastOr(moved...))
	}
	if again.GetCardinality() > v.Contacts().GetCardinality()/2 {
		return nil
	}
	by.begun.Size, by.begun.Slices = s.begun.Size, s.begun.Slices
	by.found, by.again = s.found, again
	return nil
}

// scanSlices does the parts that are missing and answers all. Between two of
// them it gives up when it is cancelled.
func (run *recalculation) scanSlices(s *sliced, over map[muster.GroupNo]*roaring.Bitmap, progress func(share float64)) (*roaring.Bitmap, error) {
	members := maps.Clone(over)
	look := func(n plan.Node, of *roaring.Bitmap) (*roaring.Bitmap, error) {
		answers, err := run.r.store.Scan(run.job.ctx, []store.Query{{Node: n, Of: of, Members: members}}, nil)
		if err != nil {
			return nil, err
		}
		return answers[0], nil
	}
	do := func(part int, n plan.Node, of *roaring.Bitmap) error {
		progress(float64(len(s.found)) / float64(len(s.leaves)+s.begun.Slices))
		if s.found[part] != nil {
			return nil
		}
		set, err := look(n, of)
		if err != nil {
			return err
		}
		s.found[part] = set
		return run.leave(s, part)
	}
	read := func(part int) {
		if members == nil {
			members = map[muster.GroupNo]*roaring.Bitmap{}
		}
		members[wide(-part)] = s.found[part]
	}
	if err := run.goOn(s, look, read); err != nil {
		return nil, err
	}
	if err := run.scanLeaves(s); err != nil {
		return nil, err
	}
	for i := range s.leaves {
		read(-1 - i)
	}
	all := roaring.New()
	for slice := 1; slice <= s.begun.Slices; slice++ {
		if err := do(slice, s.node, s.begun.of(slice)); err != nil {
			return nil, err
		}
		all.Or(s.found[slice])
	}
	return all, nil
}

// scanLeaves asks the leaves that are missing of everybody, together: the store
// may do several at a time.
func (run *recalculation) scanLeaves(s *sliced) error {
	var missing []int
	var queries []store.Query
	for i, leaf := range s.leaves {
		if s.found[-1-i] == nil {
			missing, queries = append(missing, -1-i), append(queries, store.Query{Node: leaf})
		}
	}
	if len(missing) == 0 {
		return nil
	}
	answers, err := run.r.store.Scan(run.job.ctx, queries, nil)
	if err != nil {
		return err
	}
	for i, part := range missing {
		s.found[part] = answers[i]
	}
	return run.leave(s, missing...)
}

// goOn corrects what another process has found, leaves first, and leaves it as
// found by this one.
func (run *recalculation) goOn(s *sliced, look func(n plan.Node, of *roaring.Bitmap) (*roaring.Bitmap, error), read func(part int)) error {
	parts := slices.Sorted(maps.Keys(s.found))
	if len(parts) > 0 {
		run.r.log.Info("a recalculation goes on from what another node has left", "group", run.job.Code, "parts", len(parts), "of", len(s.leaves)+s.begun.Slices)
	}
	var sliced *roaring.Bitmap // who of those in slices
	for _, part := range parts {
		correct := !s.again.IsEmpty()
		switch {
		case part < 0 && correct:
			are, err := look(s.leaves[-1-part], s.again)
			if err != nil {
				return err
			}
			s.found[part].AndNot(s.again)
			s.found[part].Or(are)
		case correct:
			if sliced == nil {
				var err error
				if sliced, err = look(s.node, s.again); err != nil {
					return err
				}
			}
			s.found[part].AndNot(s.again)
			s.found[part].Or(roaring.And(sliced, s.begun.of(part)))
		}
		if part < 0 {
			read(part)
		}
	}
	return run.leave(s, append(parts, 0)...)
}

// leave keeps parts of the scan in the store: 0 is how it began.
func (run *recalculation) leave(s *sliced, which ...int) error {
	if s.work == "" {
		return nil
	}
	parts := map[int][]byte{}
	for _, part := range which {
		var err error
		if part == 0 {
			parts[0], err = json.Marshal(s.begun)
		} else if parts[part], err = s.found[part].ToBytes(); err == nil {
			parts[part] = append([]byte(s.begun.Run), parts[part]...)
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
