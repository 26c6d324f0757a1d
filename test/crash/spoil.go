package crash

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded"
	"github.com/muster-groups/muster/test/scratch"
)

// Spoil lives through a kill, changes one membership behind the
// program's back, and wants everybody to notice: the checks of this package,
// and muster verify with status 1. So it shows that Run can fail.
func Spoil(t *testing.T, program string, seed uint64) {
	l := newLife(t.TempDir(), program, scratch.Chance(seed, "spoil"))
	for l.server == nil || l.busiest() == 0 {
		if err := l.round(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := l.end(t.Context()); err != nil {
			t.Fatalf("before anything was spoiled: %v", err)
		}
	}
	if err := spoil(t.Context(), l.place); err != nil {
		t.Fatal(err)
	}
	err := verify(t.Context(), l.program, l.place)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(err.Error(), "1 membership wrong") {
		t.Errorf("muster verify of a spoiled directory: got %v, want status 1 and the wrong membership", err)
	}
	if err := l.end(t.Context()); err == nil {
		t.Error("the check of a spoiled directory found nothing")
	}
}

// busiest answers how many acknowledged activities somebody has who is a contact.
func (l *life) busiest() int {
	most := 0
	for _, w := range l.writers {
		for _, p := range w.people {
			if !p.erasing && !p.gone() && !p.id.IsZero() {
				most = max(most, len(p.done))
			}
		}
	}
	return most
}

// spoil changes the stored membership of one contact in the first group.
func spoil(ctx context.Context, dir string) error {
	s, err := embedded.Open(ctx, dir, embedded.Options{})
	if err != nil {
		return err
	}
	err = s.Update(ctx, func(tx store.Tx) error {
		const first muster.GroupNo = 1
		one := roaring.BitmapOf(tx.Contacts().Minimum())
		cause := muster.Cause{Kind: muster.CauseField, Code: "round"}
		if tx.Members(first).Intersects(one) {
			return tx.Record(first, cause, nil, one)
		}
		return tx.Record(first, cause, one, nil)
	})
	return errors.Join(err, s.Close())
}
