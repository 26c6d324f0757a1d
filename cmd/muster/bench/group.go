package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/sample"
)

// save creates a group without calculating it.
func (b *bench) save(ctx context.Context, g sample.Group) error {
	_, _, err := b.roster.SaveGroup(ctx, roster.Save{Create: true, Code: g.Code, Name: &g.Name, Condition: &g.Condition, Author: "bench"})
	if err != nil {
		return fmt.Errorf("group %s: %w", g.Code, err)
	}
	return nil
}

func (b *bench) recalculate(ctx context.Context, code string) error {
	job, err := b.roster.Recalculate(ctx, code)
	if err != nil {
		return fmt.Errorf("group %s: %w", code, err)
	}
	if err := job.Wait(ctx); err != nil {
		return fmt.Errorf("group %s: %w", code, err)
	}
	return nil
}

// live makes sure that groups exist and are up to date.
func (b *bench) live(ctx context.Context, groups []sample.Group) (took time.Duration, err error) {
	started := time.Now()
	for i, g := range groups {
		if b.roster.State().Groups[g.Code] == nil {
			if err := b.save(ctx, g); err != nil {
				return 0, err
			}
		}
		if status, _ := b.roster.Status(g.Code); status != muster.UpToDate {
			if err := b.recalculate(ctx, g.Code); err != nil {
				return 0, err
			}
		}
		b.Progress("calculating groups", float64(i+1)/float64(len(groups)))
	}
	return time.Since(started), nil
}

func (b *bench) drop(ctx context.Context, groups []sample.Group) error {
	for _, g := range groups {
		if b.roster.State().Groups[g.Code] == nil {
			continue
		}
		if err := b.roster.DeleteGroup(ctx, g.Code); err != nil {
			return err
		}
	}
	return nil
}

// allLive makes the run's groups live.
func (b *bench) allLive(ctx context.Context) error {
	_, err := b.live(ctx, sample.LoadGroups(b.load, b.Groups))
	return err
}

// members counts the memberships of all groups, to show that they are at work.
func (b *bench) memberships(ctx context.Context) (total uint64, err error) {
	page, err := b.app.Groups(ctx, app.GroupQuery{})
	if err != nil {
		return 0, err
	}
	for _, g := range page.Items {
		total += g.Members
	}
	return total, nil
}
