package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/sample"
	"github.com/muster-groups/muster/internal/store"
)

// loaded is written beside the data when loading is complete, so that a kept
// directory is reused only for what it holds.
type loaded struct {
	Contacts       int     `json:"contacts"`
	Activities     int     `json:"activities"`
	Seed           uint64  `json:"seed"`
	ContactSeconds float64 `json:"contact_seconds"`
	Seconds        float64 `json:"seconds"`
	Peak           int64   `json:"peak"`
}

// loadBatch is how many items a batch of the load has.
const loadBatch = 10_000

// fill loads the data, unless the directory has it already.
func (b *bench) fill(ctx context.Context) error {
	marker := filepath.Join(b.dir, "bench.json")
	want := loaded{Contacts: b.Contacts, Activities: b.Activities, Seed: b.Seed}
	if text, err := os.ReadFile(marker); err == nil {
		var has loaded
		if err := json.Unmarshal(text, &has); err != nil {
			return fmt.Errorf("%s: %w", marker, err)
		}
		if has.Contacts != want.Contacts || has.Activities != want.Activities || has.Seed != want.Seed {
			return fmt.Errorf("%s holds %d contacts and %d activities of seed %d; give the same numbers or another directory", b.dir, has.Contacts, has.Activities, has.Seed)
		}
		b.Progress("opening the data of an earlier run", -1)
		return b.open(ctx)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := b.open(ctx); err != nil {
		return err
	}
	if err := Define(ctx, b.roster, sample.LoadDefinitions()); err != nil {
		return err
	}
	started := time.Now()
	if err := b.applyAll(ctx, "loading contacts", b.Contacts, b.load.ContactBatches(loadBatch)); err != nil {
		return err
	}
	want.ContactSeconds = time.Since(started).Seconds()
	if err := b.applyAll(ctx, "loading activities", b.Activities, b.load.ActivityBatches(loadBatch)); err != nil {
		return err
	}
	want.Seconds = time.Since(started).Seconds()
	_, want.Peak = resident()
	text, err := json.Marshal(want)
	if err != nil {
		return err
	}
	return os.WriteFile(marker, text, 0o644)
}

// applyAll applies batches one after the other; the next one is generated
// meanwhile.
func (b *bench) applyAll(ctx context.Context, what string, total int, batches iter.Seq[muster.Batch]) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ready := make(chan muster.Batch, 2)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(ready)
		for batch := range batches {
			select {
			case ready <- batch:
			case <-ctx.Done():
				return
			}
		}
	}()
	defer func() { cancel(); <-done }()
	n := 0
	for batch := range ready {
		result, err := b.roster.Apply(ctx, batch)
		if err != nil {
			return err
		}
		for i, item := range result.Items {
			if item.Status != muster.Accepted {
				return fmt.Errorf("item %d was %s: %w", n+i, item.Status, item.Err)
			}
		}
		n += len(batch.Items)
		b.Progress(what, float64(n)/float64(total))
	}
	return ctx.Err()
}

// Define puts definitions in place.
func Define(ctx context.Context, r *roster.Roster, d sample.Definitions) error {
	for _, f := range d.Fields {
		if err := r.PutField(ctx, f); err != nil {
			return err
		}
	}
	for _, t := range d.ActivityTypes {
		if err := r.PutActivityType(ctx, t); err != nil {
			return err
		}
	}
	for kind, all := range map[roster.Kind][]muster.Named{roster.KindConsent: d.Consents, roster.KindList: d.Lists, roster.KindChannel: d.Channels} {
		for _, n := range all {
			if err := r.PutNamed(ctx, kind, n); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bench) measureLoad(context.Context) error {
	text, err := os.ReadFile(filepath.Join(b.dir, "bench.json"))
	if err != nil {
		return err
	}
	var l loaded
	if err := json.Unmarshal(text, &l); err != nil {
		return err
	}
	b.found("load", "contacts", float64(l.Contacts)/l.ContactSeconds, "/s", "batches of %s, one durable commit each", grouped(loadBatch))
	b.found("load", "activities", float64(l.Activities)/(l.Seconds-l.ContactSeconds), "/s", "10 %% arrive late")
	b.found("load", "everything", l.Seconds, "s", "")
	return nil
}

func (b *bench) measureMemory(ctx context.Context) error {
	stats, err := b.store.Stats(ctx)
	if err != nil {
		return err
	}
	each := func(name string, bytes, n int64) {
		if n > 0 {
			b.found("memory", name, float64(bytes)/float64(n), "bytes", "%s of %s", megabytes(bytes), grouped(float64(n)))
		}
	}
	each("each activity", stats.Bytes["activities"], stats.Activities)
	each("each contact", stats.Bytes["contacts"], stats.Contacts)
	total := int64(0)
	for what, bytes := range stats.Bytes {
		if what != "disk" {
			total += bytes
		}
	}
	b.found("memory", "engine in all", float64(total)/(1<<20), "MB", "with dictionaries %s, history %s, sets %s",
		megabytes(stats.Bytes["dictionaries"]), megabytes(stats.Bytes["history"]), megabytes(stats.Bytes["sets"]))
	b.found("memory", "disk", float64(stats.Bytes["disk"])/(1<<20), "MB", "")
	runtime.GC()
	debug.FreeOSMemory()
	now, peak := resident()
	if now > 0 {
		b.found("memory", "process, at rest", float64(now)/(1<<20), "MB", "peak so far %s", megabytes(peak))
	}
	return nil
}

func megabytes(n int64) string { return format(float64(n)/(1<<20)) + " MB" }

// tick answers the instant of the last commit.
func (b *bench) tick(ctx context.Context) (at muster.Instant, err error) {
	err = b.store.View(ctx, func(v store.View) error {
		at = v.Tick()
		return nil
	})
	return at, err
}
