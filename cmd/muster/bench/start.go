package bench

import (
	"context"
	"os"
	"path/filepath"
	"time"
)

func (b *bench) measureStart(ctx context.Context) error {
	started := time.Now()
	if err := b.close(); err != nil {
		return err
	}
	closed := time.Since(started)
	started = time.Now()
	if err := b.open(ctx); err != nil {
		return err
	}
	b.found("start", "opening until ready", time.Since(started).Seconds(), "s", "the file is in the system's cache")
	b.found("start", "closing", closed.Seconds(), "s", "")
	if now, peak := resident(); now > 0 {
		b.found("start", "process, peak of the whole run", float64(peak)/(1<<20), "MB", "")
	}
	return nil
}

// syncLatency measures the disk alone: how long writing four kilobytes and
// waiting for them takes.
func (b *bench) syncLatency(n int) (times []time.Duration, err error) {
	f, err := os.Create(filepath.Join(b.dir, "sync.tmp"))
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	page := make([]byte, 4096)
	for range n {
		started := time.Now()
		if _, err := f.Write(page); err != nil {
			return nil, err
		}
		if err := f.Sync(); err != nil {
			return nil, err
		}
		times = append(times, time.Since(started))
	}
	return times, nil
}
