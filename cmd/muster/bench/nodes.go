package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/sample"
	"github.com/muster-groups/muster/internal/store"
)

// measureNodes feeds one node, and then two nodes of one database at once, each
// with batches one after the other. A store that belongs to one process has none.
func (b *bench) measureNodes(ctx context.Context) (err error) {
	if _, shared := b.store.(store.Shared); !shared {
		return nil
	}
	if err := b.allLive(ctx); err != nil {
		return err
	}
	st, err := b.Open(ctx, filepath.Join(b.dir, "data"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	other, err := roster.Open(ctx, st, roster.Options{Clock: app.NewManualClock(b.clock.Now()), Manual: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, other.Close()) }()
	all := uint32(b.Contacts)
	few := min(all, 10_000)
	cases := []struct {
		name  string
		feeds []feed
		rates []float64
		applied
	}{
		{name: "one node", feeds: []feed{{b.roster, 0, all}}},
		{name: "one node, two feeders, contacts of their own", feeds: []feed{{b.roster, 0, all / 2}, {b.roster, all / 2, all}}},
		{name: "two nodes, contacts of their own", feeds: []feed{{b.roster, 0, all / 2}, {other, all / 2, all}}},
		{name: "two nodes, the same contacts", feeds: []feed{{b.roster, 0, few}, {other, 0, few}}},
	}
	// In turn, as the base and the disk are others at each time.
	for range nodesInTurn {
		for i := range cases {
			c := &cases[i]
			a, err := b.feedAll(ctx, c.feeds)
			if err != nil {
				return err
			}
			c.rates, c.times, c.moves = append(c.rates, a.rate), append(c.times, a.times...), c.moves+a.moves
		}
	}
	for _, c := range cases {
		rates := make([]string, len(c.rates))
		for i, rate := range c.rates {
			rates[i] = grouped(rate)
		}
		b.found("nodes", c.name, median(c.rates), "/s", "median of %s; %s", strings.Join(rates, ", "), c.note())
	}
	return nil
}

// nodesInTurn is how often one node and two are fed, one after the other.
const nodesInTurn = 5

// feed is a node that is told of what contacts [from, to) do.
type feed struct {
	node     *roster.Roster
	from, to uint32
}

// feedAll applies batches through all feeds at once.
func (b *bench) feedAll(ctx context.Context, feeds []feed) (a applied, err error) {
	each := 2 * b.Rounds
	found := make(chan applied, len(feeds))
	failed := make(chan error, len(feeds))
	started := time.Now()
	for _, f := range feeds {
		stream := b.stream
		b.stream += uint64(each)
		go func() {
			var one applied
			var err error
			defer func() { found <- one; failed <- err }()
			for i := range each {
				batch := b.load.TrafficOf(f.from, f.to, stream+uint64(i), applyBatch, 0, sample.BusyPages, b.clock.Now())
				began := time.Now()
				var result muster.BatchResult
				if result, err = f.node.Apply(ctx, batch); err != nil {
					return
				}
				one.times = append(one.times, time.Since(began))
				one.moves += len(result.Entered) + len(result.Left)
				for _, item := range result.Items {
					if item.Status != muster.Accepted {
						err = fmt.Errorf("an activity was %s: %w", item.Status, item.Err)
						return
					}
				}
			}
		}()
	}
	for range feeds {
		one := <-found
		err = errors.Join(err, <-failed)
		a.times, a.moves = append(a.times, one.times...), a.moves+one.moves
	}
	a.rate = float64(len(a.times)*applyBatch) / time.Since(started).Seconds()
	return a, err
}
