package roster_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store/embedded"
)

func TestTimeInWhichTheProcessWasDownIsMarkedAsAGap(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	clock := muster.Instant(1_000_000)
	run := func(do func(r *roster.Roster)) {
		t.Helper()
		st, err := embedded.Open(ctx, dir, embedded.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r, err := roster.Open(ctx, st, roster.Options{Clock: roster.ClockFunc(func() muster.Instant { return clock })})
		if err != nil {
			t.Fatal(err)
		}
		do(r)
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	}
	advance := func(r *roster.Roster) {
		t.Helper()
		if _, err := r.Advance(ctx); err != nil {
			t.Fatal(err)
		}
	}
	run(advance)
	clock += 30 // a quick restart is none
	run(advance)
	clock += 3600
	run(func(r *roster.Roster) {
		clock++
		advance(r)
		clock += 7200 // the machine slept
		advance(r)
		for _, tt := range []struct {
			from, to muster.Instant
			want     []roster.Gap
		}{
			{0, clock, []roster.Gap{{1_000_030, 1_003_630}, {1_003_631, 1_010_831}}},
			{1_003_700, clock, []roster.Gap{{1_003_631, 1_010_831}}},
			{0, 1_000_029, []roster.Gap{}},
		} {
			got, err := r.Gaps(ctx, tt.from, tt.to)
			if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
				t.Errorf("Gaps(%d, %d): %v, -want +got:\n%s", tt.from, tt.to, err, diff)
			}
		}
	})
}
