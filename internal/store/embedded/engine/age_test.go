package engine_test

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

// retreat sometimes moves the horizon, within the transaction.
func (w *world) retreat() {
	if rapid.IntRange(0, 4).Draw(w.t, "retreat") > 0 {
		return
	}
	at := w.tick - muster.Instant(rapid.IntRange(0, 12).Draw(w.t, "how far back"))
	w.must(w.e.SetHorizon(at))
	w.reach.At = max(w.reach.At, at)
	for _, c := range w.changes {
		if c.At < at {
			w.reach.Seq = max(w.reach.Seq, c.Seq)
		}
	}
	if got := w.e.Horizon(); got != w.reach {
		w.t.Fatalf("the horizon is %+v, want %+v", got, w.reach)
	}
}

// age sometimes packs and folds history. A round may be left unfinished: the
// next transaction, or a restart, comes between.
func (w *world) age() {
	again := func() bool { return rapid.Bool().Draw(w.t, "go on") }
	if rapid.IntRange(0, 2).Draw(w.t, "pack") == 0 {
		keep, atOnce := rapid.IntRange(0, 10).Draw(w.t, "kept"), rapid.IntRange(1, 10).Draw(w.t, "at once")
		for w.e.PackUpTo(keep, atOnce) && again() {
		}
	}
	if rapid.IntRange(0, 2).Draw(w.t, "fold") > 0 {
		return
	}
	for w.e.FoldSome(rapid.IntRange(1, 10).Draw(w.t, "at once")) && again() {
	}
	if w.e.Folded() < w.reach.Seq {
		return
	}
	w.disk.bases = w.e.Bases()
	for {
		if !again() {
			return
		}
		floors := w.e.TakeFloors(1)
		if len(floors) == 0 {
			break
		}
		w.disk.keepFloor(floors[0])
	}
	w.disk.changes = slices.DeleteFunc(w.disk.changes, func(c record.Changes) bool { return c.First <= w.reach.Seq })
}

func (d *disk) keepFloor(f record.Floor) {
	d.floors = slices.DeleteFunc(d.floors, func(old record.Floor) bool { return old.Group == f.Group })
	d.floors = append(d.floors, f)
}

// living answers a membership, and since when its members are in it, without
// those who have been erased since, as the file does.
func (d *disk) living(bitmap []byte, since []muster.Instant) ([]byte, []muster.Instant) {
	members, kept := roaring.New(), []muster.Instant(nil)
	if bitmap == nil {
		return nil, nil
	}
	if err := members.UnmarshalBinary(bitmap); err != nil {
		panic(err) // the engine wrote it
	}
	for i, no := range members.ToArray() {
		if slices.ContainsFunc(d.erased, func(e record.Erased) bool { return uint32(e.No) == no }) {
			members.Remove(no)
		} else if len(since) > 0 {
			kept = append(kept, since[i])
		}
	}
	bitmap, err := members.ToBytes()
	if err != nil {
		panic(err) // it is written into memory
	}
	return bitmap, kept
}
