package engine

import (
	"math"
	"testing"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// A column without a flip has a value for every contact, instant 0 included;
// with one, 0 in the column is no value.
func TestAColumnOfInstantsTellsNoValueFromTheFirstInstant(t *testing.T) {
	const flip = math.MinInt64
	var full, gappy paged[int64]
	for no, at := range map[uint32]muster.Instant{1: 0, 2: 86400} {
		full.set(no, int64(at))
		gappy.set(no, int64(at)^flip)
	}
	january := plan.MonthDays{Ranges: [][2]int{{101, 131}}, Zone: time.UTC}
	for _, c := range []struct {
		name string
		pred plan.Predicate
	}{
		{"range", plan.InstantRange{From: muster.Beginning, To: muster.Forever}},
		{"month-day", january},
		{"present", plan.Present{}},
	} {
		inFull, inGappy := instantTest(&full, 0, c.pred).(fieldTest), instantTest(&gappy, flip, c.pred).(fieldTest)
		for no := uint32(1); no <= 3; no++ {
			if !inFull.holds(no) {
				t.Errorf("%s of contact %d in a full column: got false, want true", c.name, no)
			}
			if got, want := inGappy.holds(no), no <= 2; got != want {
				t.Errorf("%s of contact %d in a column with gaps: got %v, want %v", c.name, no, got, want)
			}
		}
	}
	if _, ok := instantTest(&full, 0, plan.MonthDays{Ranges: january.Ranges}).(never); !ok {
		t.Error("a month-day without a zone reads an instant, want never")
	}
}

// A chunk is left when it is full, or when the arrival number no longer fits.
func TestAChunkOfRowsIsFilledBeforeTheNextBegins(t *testing.T) {
	r := newRows()
	for row := range uint64(chunkRows) {
		r.add(row+1, 1, 1, 5)
	}
	if got := len(r.chunks); got != 1 {
		t.Errorf("chunks of %d rows: got %d, want 1", chunkRows, got)
	}
	r.add(chunkRows+1, 1, 1, 5)
	if got := len(r.chunks); got != 2 {
		t.Errorf("chunks of %d rows: got %d, want 2", chunkRows+1, got)
	}
	base := r.chunks[1].base
	far, _ := r.add(base+math.MaxUint32, 1, 1, 5)
	if got := len(r.chunks); got != 2 {
		t.Errorf("chunks with a row %d later: got %d, want 2", uint32(math.MaxUint32), got)
	}
	farther, _ := r.add(base+math.MaxUint32+1, 1, 1, 5)
	if got := len(r.chunks); got != 3 {
		t.Errorf("chunks with a row that is one later still: got %d, want 3", got)
	}
	for ref, want := range map[rowRef]uint64{far: base + math.MaxUint32, farther: base + math.MaxUint32 + 1} {
		if got := r.row(ref); got != want {
			t.Errorf("arrival number: got %d, want %d", got, want)
		}
	}
}

// A text goes when its last row has gone, and its code is never given again.
func TestADictionaryDropsWhatNobodyUsesAndNothingElse(t *testing.T) {
	d := newDictionary()
	codes := map[string]uint32{}
	for _, text := range []string{"again", "unused", "used", "twice"} {
		codes[text], _ = d.code(textScalar(text))
		d.use(codes[text])
	}
	d.use(codes["twice"])
	for _, text := range []string{"unused", "again", "twice"} {
		d.unuse(codes[text])
	}
	d.use(codes["again"])
	want := func(when string, texts ...string) {
		t.Helper()
		dropped := d.drop()
		if len(dropped) != len(texts) {
			t.Fatalf("%s: dropped %v, want those of %v in %v", when, dropped, texts, codes)
		}
		for i, text := range texts {
			if dropped[i] != codes[text] {
				t.Errorf("%s: dropped %v, want those of %v in %v", when, dropped, texts, codes)
			}
		}
	}
	want("after the last row", "unused")
	want("once more")
	d.noteDead()
	want("after looking for all")
	d.unuse(codes["again"])
	d.dead = nil // as after loading, when nobody counted
	d.noteDead()
	want("after loading", "again")
	for _, text := range []string{"used", "twice"} {
		if got := d.find(textScalar(text)); got != codes[text] {
			t.Errorf("code of %s: got %d, want %d", text, got, codes[text])
		}
	}
	if code, isNew := d.code(textScalar("unused")); !isNew || code == codes["unused"] {
		t.Errorf("a dropped text comes back with code %d, new: %v; want a new code", code, isNew)
	}
}
