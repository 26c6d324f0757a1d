package app

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/muster-groups/muster"
)

// System is how the program is: for the people who run it.
type System struct {
	Version        string             `json:"version"`
	Go             string             `json:"go" doc:"The version of Go it was built with."`
	StartedAt      muster.Instant     `json:"started_at"`
	UptimeSeconds  int64              `json:"uptime_seconds"`
	Health         Readiness          `json:"health"`
	Sizes          Sizes              `json:"sizes"`
	Rates          Rates              `json:"rates"`
	Items          map[string]int64   `json:"items" doc:"How many changes had each outcome since the start."`
	Groups         map[string]int     `json:"groups" doc:"How many groups have each status."`
	Recalculations []Recalculation    `json:"recalculations" nullable:"false" doc:"Those that run or wait."`
	Scheduled      []ScheduledRun     `json:"scheduled" nullable:"false" doc:"The daily recalculations, the next one first."`
	Settings       Settings           `json:"settings"`
	Limits         map[string]int     `json:"limits" doc:"The limits in force, by name."`
	Memory         map[string]uint64  `json:"memory" doc:"Bytes of the process: heap in use, and all that it has from the system."`
	Failures       []GroupFailure     `json:"failures" nullable:"false" doc:"Groups whose last recalculation failed."`
	Corrections    []GroupCorrections `json:"corrections" nullable:"false" doc:"Groups whose last scheduled run corrected something; anything here is a bug."`
}

// Sizes are what is stored.
type Sizes struct {
	Contacts   int64            `json:"contacts"`
	Merged     int64            `json:"merged"`
	Activities int64            `json:"activities"`
	Changes    int64            `json:"changes"`
	Bytes      map[string]int64 `json:"bytes" doc:"By what they hold."`
}

// Rates are what came in during the last minute, per second.
type Rates struct {
	Items   float64 `json:"items"`
	Batches float64 `json:"batches"`
}

// Recalculation is one that runs or waits.
type Recalculation struct {
	Group string `json:"group"`
	Name  string `json:"name"`
	Progress
}

// ScheduledRun is a daily recalculation to come.
type ScheduledRun struct {
	Group string         `json:"group"`
	Name  string         `json:"name"`
	At    muster.Instant `json:"at"`
}

// GroupFailure is why a recalculation failed.
type GroupFailure struct {
	Group   string `json:"group"`
	Message string `json:"message"`
}

// GroupCorrections is how many memberships a scheduled run corrected.
type GroupCorrections struct {
	Group string `json:"group"`
	Count int    `json:"count"`
}

// System answers how the program is.
func (a *App) System(ctx context.Context) (System, error) {
	stats, err := a.store().Stats(ctx)
	if err != nil {
		return System{}, err
	}
	now := time.Now()
	out := System{
		Version: a.version, Go: runtime.Version(), StartedAt: muster.InstantOf(a.started), UptimeSeconds: int64(now.Sub(a.started).Seconds()),
		Health:   a.Ready(ctx),
		Sizes:    Sizes{Contacts: stats.Contacts, Merged: stats.Merged, Activities: stats.Activities, Changes: stats.Changes, Bytes: stats.Bytes},
		Items:    map[string]int64{},
		Groups:   map[string]int{},
		Settings: a.Settings(),
		Limits: map[string]int{
			"activities_per_request": a.limits.ActivitiesPerRequest, "attributes_per_activity": a.limits.AttributesPerActivity,
			"line_bytes": a.limits.LineBytes, "batch_items": a.limits.BatchItems,
			"conditions_per_document": muster.DefaultConditionLimits().Conditions, "condition_nesting": muster.DefaultConditionLimits().Nesting,
		},
		Recalculations: []Recalculation{}, Scheduled: []ScheduledRun{}, Failures: []GroupFailure{}, Corrections: []GroupCorrections{},
	}
	out.Rates.Items, out.Rates.Batches = a.counters.rates(now.Unix())
	items, _ := a.counters.Items()
	for status, n := range items {
		out.Items[string(status)] = n
	}
	for status, n := range a.GroupStates() {
		out.Groups[string(status)] = n
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	out.Memory = map[string]uint64{"heap": memory.HeapInuse, "system": memory.Sys}
	a.systemOfGroups(&out)
	return out, nil
}

func (a *App) systemOfGroups(out *System) {
	for _, g := range sortedByCode(a.roster.State().Groups) {
		if _, progress := a.roster.Status(g.Code); progress != nil {
			out.Recalculations = append(out.Recalculations, Recalculation{Group: g.Code, Name: g.Name, Progress: Progress{Stage: progress.Stage, Share: progress.Share}})
		}
		if next := optionalInstant(a.roster.NextRun(g)); next != nil {
			out.Scheduled = append(out.Scheduled, ScheduledRun{Group: g.Code, Name: g.Name, At: *next})
		}
		if g.Failure != "" {
			out.Failures = append(out.Failures, GroupFailure{Group: g.Code, Message: g.Failure})
		}
		if g.LastCorrections != 0 {
			out.Corrections = append(out.Corrections, GroupCorrections{Group: g.Code, Count: g.LastCorrections})
		}
	}
	slices.SortStableFunc(out.Recalculations, func(x, y Recalculation) int { return strings.Compare(x.Stage, y.Stage) })
	slices.SortStableFunc(out.Scheduled, func(x, y ScheduledRun) int { return cmp.Compare(x.At, y.At) })
}
