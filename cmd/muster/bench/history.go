package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// The measured month: every group gains and loses one contact at a time, each
// in a second of its own, which is the form of a change that costs most. A
// year of it is twelve such months.
const (
	historyGroups  = 1000
	historyMembers = 20_000 // of each group at the beginning
	historyDays    = 30
	historyMoves   = 80 // of each group a day
	historyYear    = 365.0 / historyDays
	historyAsked   = 200 // instants of the past
)

// measureHistory writes a month of history into a store of its own.
func (b *bench) measureHistory(ctx context.Context) error {
	dir := filepath.Join(b.dir, "history")
	st, err := b.Open(ctx, dir)
	if err != nil {
		return err
	}
	h := &historian{bench: b, st: st, chance: rand.New(rand.NewPCG(b.Seed, 1)), at: end()}
	defer func() { h.st.Close() }()
	if err := h.begin(ctx); err != nil {
		return err
	}
	// What the disk holds is asked after a start, which leaves nothing in the log.
	if err := h.reopen(ctx, dir); err != nil {
		return err
	}
	before, err := h.st.Stats(ctx)
	if err != nil {
		return err
	}
	started := time.Now()
	for day := range historyDays {
		if err := h.day(ctx); err != nil {
			return err
		}
		if err := h.maintain(ctx); err != nil {
			return err
		}
		b.Progress("a month of history", float64(day+1)/historyDays)
	}
	took := time.Since(started)
	after, err := h.st.Stats(ctx)
	if err != nil {
		return err
	}
	if err := h.ask(ctx); err != nil {
		return err
	}
	reopening := time.Now()
	if err := h.reopen(ctx, dir); err != nil {
		return err
	}
	b.found("history", "closing and opening with it", time.Since(reopening).Seconds(), "s", "")
	opened, err := h.st.Stats(ctx)
	if err != nil {
		return err
	}
	records := float64(after.Changes - before.Changes)
	inMemory, onDisk := float64(after.Bytes["history"]-before.Bytes["history"])/records, float64(opened.Bytes["disk"]-before.Bytes["disk"])/records
	b.found("history", "memory of a change", inMemory, "bytes", "%s changes of %d groups of %s, each in a run of its own", grouped(records), historyGroups, grouped(historyMembers))
	b.found("history", "disk of a change", onDisk, "bytes", "")
	b.found("history", "a year, in memory", inMemory*records*historyYear/(1<<20), "MB", "extrapolated from %d days: %s changes", historyDays, grouped(records*historyYear))
	b.found("history", "a year, on disk", onDisk*records*historyYear/(1<<20), "MB", "extrapolated likewise")
	b.found("history", "writing a change", float64(took.Microseconds())/records, "µs", "%d in a commit", historyGroups)
	return nil
}

// historian moves contacts in and out of groups.
type historian struct {
	*bench
	st     store.Store
	chance *rand.Rand
	at     muster.Instant
}

func (h *historian) reopen(ctx context.Context, dir string) error {
	if err := h.st.Close(); err != nil {
		return err
	}
	opened, err := h.Open(ctx, dir)
	if err != nil {
		return err
	}
	h.st = opened
	return nil
}

// maintain does the housekeeping that a server does now and then.
func (h *historian) maintain(ctx context.Context) (err error) {
	for more := true; more && err == nil; {
		more, err = h.st.Maintain(ctx)
	}
	return err
}

// begin makes the contacts and the groups' first members.
func (h *historian) begin(ctx context.Context) error {
	const batch = 10_000
	for made := 0; made < h.Contacts; made += batch {
		err := h.st.Update(ctx, func(tx store.Tx) error {
			if err := tx.SetTick(h.at); err != nil {
				return err
			}
			for i := made; i < min(made+batch, h.Contacts); i++ {
				if _, err := tx.CreateContact(muster.ContactID{byte(i), byte(i >> 8), byte(i >> 16), byte(i >> 24), 1}, h.at); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		h.Progress("contacts", float64(made+batch)/float64(h.Contacts))
	}
	return h.st.Update(ctx, func(tx store.Tx) error {
		for group := 1; group <= historyGroups; group++ {
			entered := roaring.New()
			for range min(historyMembers, h.Contacts/2) {
				entered.Add(h.anybody())
			}
			if err := tx.Record(muster.GroupNo(group), muster.Cause{Kind: muster.CauseCondition}, entered, roaring.New()); err != nil {
				return err
			}
		}
		return nil
	})
}

func (h *historian) anybody() uint32 { return uint32(h.chance.IntN(h.Contacts) + 1) }

// day lets every group move one contact, some of them members, every 18 minutes.
func (h *historian) day(ctx context.Context) error {
	for range historyMoves {
		h.at += 86400 / historyMoves
		err := h.st.Update(ctx, func(tx store.Tx) error {
			if err := tx.SetTick(h.at); err != nil {
				return err
			}
			for group := muster.GroupNo(1); group <= historyGroups; group++ {
				members, no := tx.Members(group), h.anybody()
				if h.chance.IntN(2) == 0 && !members.IsEmpty() {
					no, _ = members.Select(uint32(h.chance.IntN(int(members.GetCardinality()))))
				}
				entered, left := roaring.BitmapOf(no), roaring.New()
				if members.Contains(no) {
					entered, left = left, entered
				}
				if err := tx.Record(group, muster.Cause{Kind: muster.CauseActivity, Code: "page_visit"}, entered, left); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ask asks for members at instants of the month.
func (h *historian) ask(ctx context.Context) error {
	times := make([]time.Duration, historyAsked)
	for i := range times {
		err := h.st.View(ctx, func(v store.View) error {
			group := muster.GroupNo(h.chance.IntN(historyGroups) + 1)
			at := h.at - muster.Instant(h.chance.IntN(historyDays*86400))
			started := time.Now()
			members, err := v.MembersAt(group, at)
			times[i] = time.Since(started)
			if err == nil && members.IsEmpty() {
				return fmt.Errorf("group %d had no members at %s", group, at)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	h.found("history", "members of a group at a past instant", ms(median(times)), "ms", "%d instants; slowest %.1f ms", historyAsked, ms(quantile(times, 1)))
	return nil
}
