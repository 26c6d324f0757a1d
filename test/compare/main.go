// Command compare asks Muster and DuckDB the same two questions over the same
// generated activities, in one run on the same machine, one after the other in
// turn, and prints the medians and their ratio.
//
// It is a module of its own, so that the product does not depend on DuckDB.
// Muster's side is the directory that `muster bench --reuse DIR` leaves; DuckDB's
// is a database file beside it, made on the first run from the same generator.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/sample"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded"
)

// question is what both are asked.
type question struct {
	name      string
	condition muster.Condition
	sql       string
}

func main() {
	dir := flag.String("reuse", "bench-data", "the directory that muster bench --reuse wrote")
	contacts := flag.Int("contacts", 1_000_000, "how many contacts it has")
	activities := flag.Int("activities", 20_000_000, "how many activities it has")
	rounds := flag.Int("rounds", 9, "how many turns each has, of five questions in a row; the median counts")
	flag.Parse()
	if err := run(context.Background(), *dir, *contacts, *activities, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir string, contacts, activities, rounds int) error {
	end := muster.InstantOf(time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)) // as in muster bench
	load := sample.NewLoad(1, contacts, activities, end)
	duck, err := openDuck(ctx, filepath.Join(dir, fmt.Sprintf("compare-%d-%d.duckdb", contacts, activities)), load)
	if err != nil {
		return err
	}
	defer duck.close()
	m, err := openMuster(ctx, filepath.Join(dir, "data"), end)
	if err != nil {
		return err
	}
	defer m.close()

	page := load.Page(2)
	questions := []question{
		{"visited " + page + " at least 3 times in 90 days", sample.Visits(page, 3, "90d"),
			"SELECT contact FROM activity WHERE type = 0 AND page = '" + page + "' AND occurred > ? AND occurred <= ? GROUP BY contact HAVING count(*) >= 3"},
		{"any activity at least 3 times in 90 days", sample.Acts(3, "90d"),
			"SELECT contact FROM activity WHERE occurred > ? AND occurred <= ? GROUP BY contact HAVING count(*) >= 3"},
	}
	fmt.Printf("%d contacts, %d activities; medians of %d turns of %d\n\n", contacts, activities, rounds, inARow)
	fmt.Printf("%-48s %10s %10s %8s %10s\n", "", "Muster", "DuckDB", "ratio", "contacts")
	for _, q := range questions {
		if err := ask(ctx, m, duck, q, rounds); err != nil {
			return err
		}
	}
	return nil
}

func ask(ctx context.Context, m *musterSide, duck *duckSide, q question, rounds int) error {
	query, err := m.query(q.condition)
	if err != nil {
		return err
	}
	from, to := int64(m.at)-90*86400, int64(m.at)
	var ours, theirs []float64
	var found, foundThere int
	for range rounds {
		// Several times in a row, so that neither finds the other's data in the
		// processor's caches each time; the first time does not count.
		times, err := repeat(func() (err error) { found, err = m.ask(ctx, query); return err })
		if err != nil {
			return err
		}
		ours = append(ours, times...)
		times, err = repeat(func() (err error) { foundThere, err = duck.ask(ctx, q.sql, from, to); return err })
		if err != nil {
			return err
		}
		theirs = append(theirs, times...)
	}
	fmt.Printf("%-48s %7.1f ms %7.1f ms %8.3f %10d\n", q.name, median(ours), median(theirs), median(ours)/median(theirs), found)
	if found != foundThere && m.pristine {
		return fmt.Errorf("%s: Muster finds %d contacts, DuckDB %d", q.name, found, foundThere)
	}
	if found != foundThere {
		fmt.Printf("%-48s (DuckDB finds %d: muster bench has applied more since)\n", "", foundThere)
	}
	return nil
}

// inARow is how often each is asked before the other's turn.
const inARow = 5

func repeat(ask func() error) (times []float64, err error) {
	for i := range inARow + 1 {
		started := time.Now()
		if err := ask(); err != nil {
			return nil, err
		}
		if i > 0 {
			times = append(times, float64(time.Since(started))/float64(time.Millisecond))
		}
	}
	return times, nil
}

func median(list []float64) float64 {
	list = slices.Clone(list)
	slices.Sort(list)
	return list[len(list)/2]
}

// musterSide is an embedded store with what is needed to ask it.
type musterSide struct {
	store    store.Store
	roster   *roster.Roster
	at       muster.Instant
	pristine bool // nothing was applied after the load
}

func openMuster(ctx context.Context, dir string, end muster.Instant) (*musterSide, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("%w; first run: muster bench --only load --reuse DIR", err)
	}
	st, err := embedded.Open(ctx, dir, embedded.Options{})
	if err != nil {
		return nil, err
	}
	m := &musterSide{store: st, at: end}
	err = st.View(ctx, func(v store.View) error { m.at = max(m.at, v.Tick()); return nil })
	if err == nil {
		m.roster, err = roster.Open(ctx, st, roster.Options{Clock: roster.ClockFunc(func() muster.Instant { return m.at }), Manual: true})
	}
	if err != nil {
		return nil, err
	}
	stats, err := st.Stats(ctx)
	m.pristine = err == nil && m.at == end && stats.Changes == 0
	return m, err
}

func (m *musterSide) query(c muster.Condition) (store.Query, error) {
	checked, _, err := m.roster.CheckCondition(c, false)
	if err != nil {
		return store.Query{}, err
	}
	return store.Query{Node: m.roster.Lower(checked, nil, m.at)}, nil
}

func (m *musterSide) ask(ctx context.Context, q store.Query) (int, error) {
	sets, err := m.store.Scan(ctx, []store.Query{q}, nil)
	if err != nil {
		return 0, err
	}
	return int(sets[0].GetCardinality()), nil
}

func (m *musterSide) close() {
	_ = m.roster.Close() // the data was only read
	_ = m.store.Close()
}
