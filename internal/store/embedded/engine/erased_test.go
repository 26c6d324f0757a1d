package engine_test

import (
	"testing"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store/embedded/engine"
)

// Whoever is erased after records before the horizon were folded, and before the
// file got what they were folded into, is in no membership of the past that is
// loaded from that file.
func TestWhoIsErasedWhileHistoryIsFoldedIsNotInWhatIsLoaded(t *testing.T) {
	for _, many := range []int{2, 2000} { // written as numbers, and as sets
		e, d := engine.New(), &disk{}
		const group = muster.GroupNo(1)
		tick := muster.Instant(1000)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		commit := func(do func()) {
			e.Lock()
			defer e.Unlock()
			tick++
			must(e.SetTick(tick))
			do()
			d.keep(e.TakeCommit())
		}
		everybody := roaring.New()
		commit(func() {
			for n := range many {
				no, err := e.CreateContact(muster.ContactID{0: 1, 14: byte(n >> 8), 15: byte(n)}, tick)
				must(err)
				everybody.Add(uint32(no))
			}
			must(e.Record(group, muster.Cause{Kind: muster.CauseField, Code: "city"}, everybody, roaring.New()))
		})
		entered := tick
		commit(func() { must(e.SetHorizon(tick)) })
		for e.FoldSome(1000) {
		}
		if e.Folded() == 0 {
			t.Fatal("nothing was folded")
		}
		commit(func() {
			must(e.Record(group, muster.Cause{Kind: muster.CauseErasure}, roaring.New(), roaring.BitmapOf(1)))
			must(e.Erase(1))
		})
		everybody.Remove(1)
		loaded, err := d.load()
		must(err)
		got, err := loaded.MembersAt(group, entered+1)
		if err != nil || !got.Equals(everybody) {
			t.Errorf("of %d: after the load there were %d members, with the erased one %v (%v); want %d without", many, got.GetCardinality(), got.Contains(1), err, everybody.GetCardinality())
		}
	}
}
