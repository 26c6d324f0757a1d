// Command soak runs everything that takes long, one after the other: all
// scripts in all readings on both stores and over REST, a million random steps,
// two hundred kills, every operation of the disk failing once, fuzzing, and the
// suites of the browser and of foreign SDKs. It prints what was run and how
// much of it, and ends with status 1 when anything failed.
//
// With -hours it stops what is still running when its share of the time is
// over, and counts what was done by then. It must not know what the tests mean:
// it reads only what they say about how much they did.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	hours := flag.Float64("hours", 0, "how long to go on, roughly; 0 is until everything was run in full")
	only := flag.String("only", "", "only the parts whose name contains this text")
	logs := flag.String("logs", filepath.Join("out", "soak"), "where what the tests say is kept")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, time.Duration(*hours*float64(time.Hour)), *only, *logs); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, budget time.Duration, only, logs string) error {
	if err := os.MkdirAll(logs, 0o755); err != nil {
		return err
	}
	fmt.Printf("commit %s, %s\n\n", commit(ctx), time.Now().Format("2006-01-02 15:04"))
	began, failed, ran := time.Now(), []string(nil), 0
	for i, p := range parts() {
		if !strings.Contains(p.name, only) {
			continue
		}
		ran++
		o, err := p.run(ctx, share(p, budget), filepath.Join(logs, fmt.Sprintf("%02d-%s.log", i+1, strings.ReplaceAll(p.name, " ", "-"))))
		if err != nil {
			return err
		}
		fmt.Println(o)
		if !o.passed {
			failed = append(failed, p.name)
		}
		if ctx.Err() != nil {
			return errors.New("interrupted")
		}
	}
	fmt.Printf("\n%d parts in %s; what they said is in %s\n", ran, time.Since(began).Round(time.Second), logs)
	if len(failed) > 0 {
		return fmt.Errorf("failed: %s", strings.Join(failed, ", "))
	}
	return nil
}

// share is a part's time of the budget; 0 is no limit.
func share(p part, budget time.Duration) time.Duration {
	total := 0
	for _, other := range parts() {
		total += other.weight
	}
	return budget * time.Duration(p.weight) / time.Duration(total)
}

// commit says which sources are run.
func commit(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}
