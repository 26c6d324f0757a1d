package app

import (
	"context"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
)

// Retention is what is removed by age.
type Retention struct {
	Enabled       bool            `json:"enabled" doc:"Whether anything is removed, and late activities past their type's days are refused."`
	Hour          int             `json:"hour" doc:"The hour of the project's time zone at which the nightly run begins."`
	TimeZone      string          `json:"time_zone" doc:"The project's time zone."`
	Activities    []RetentionType `json:"activities" nullable:"false" doc:"The types whose activities are not kept for ever."`
	AnonymousDays int             `json:"anonymous_days" doc:"After how many days without an activity anonymous contacts are erased; 0 is never."`
	KnownDays     int             `json:"known_days" doc:"The same for contacts with an email or an external id."`
	NextRun       *muster.Instant `json:"next_run" doc:"When the next run begins; null while not enabled."`
	Running       *RetentionRun   `json:"running" doc:"The run that is at work; null when none is."`
	LastRun       *RetentionRun   `json:"last_run" doc:"The last run that ended; null when none has."`
}

// RetentionType is how long activities of a type are kept.
type RetentionType struct {
	Type string `json:"type"`
	Days int    `json:"days"`
}

// RetentionInput changes what is removed by age; members left out stay.
type RetentionInput struct {
	Enabled *bool `json:"enabled,omitempty"`
	Hour    *int  `json:"hour,omitempty" doc:"0 to 23."`
	RetentionRules
}

// RetentionRules are rules to try or to keep; members left out stay.
type RetentionRules struct {
	Activities    *[]RetentionType `json:"activities,omitempty" doc:"Replaces the days of all activity types: those left out are kept for ever."`
	AnonymousDays *int             `json:"anonymous_days,omitempty" doc:"0 is never."`
	KnownDays     *int             `json:"known_days,omitempty" doc:"0 is never."`
}

// RetentionRun is one nightly run.
type RetentionRun struct {
	ID         string             `json:"id"`
	Status     string             `json:"status" enum:"running,done,stopped" doc:"It is stopped when retention is switched off in the middle."`
	StartedAt  muster.Instant     `json:"started_at"`
	EndedAt    *muster.Instant    `json:"ended_at"`
	Steps      int                `json:"steps" doc:"How many commits it took."`
	Activities []RetentionRemoved `json:"activities" nullable:"false"`
	Contacts   []RetentionErased  `json:"contacts" nullable:"false"`
	Entered    uint64             `json:"entered" doc:"How many change records with the cause retention it made."`
	Left       uint64             `json:"left"`
}

// RetentionRemoved is what a run removed of an activity type.
type RetentionRemoved struct {
	RetentionType
	Before  muster.Instant `json:"before" doc:"Activities before this instant go."`
	Removed int64          `json:"removed"`
}

// RetentionErased is how many contacts of a kind a run erased.
type RetentionErased struct {
	Kind    string         `json:"kind" enum:"anonymous,known"`
	Days    int            `json:"days"`
	Before  muster.Instant `json:"before" doc:"Contacts made before this instant without an activity since go."`
	Removed int64          `json:"removed"`
}

// Retention answers what is removed by age, and what runs and has run.
func (a *App) Retention(ctx context.Context) (Retention, error) {
	runs, err := a.roster.RetentionRuns(ctx)
	if err != nil {
		return Retention{}, err
	}
	state := a.roster.State()
	out := Retention{Enabled: state.Retention.Enabled, Hour: state.Retention.Hour, TimeZone: a.Settings().TimeZone, Activities: []RetentionType{},
		AnonymousDays: state.Retention.AnonymousDays, KnownDays: state.Retention.KnownDays, NextRun: optionalInstant(a.roster.NextRetention())}
	for _, rule := range state.RetentionRules().Activities {
		out.Activities = append(out.Activities, RetentionType(rule))
	}
	for _, run := range runs {
		shaped := shapeRetentionRun(run)
		switch {
		case run.EndedAt == 0 && out.Running == nil:
			out.Running = &shaped
		case run.EndedAt != 0 && out.LastRun == nil:
			out.LastRun = &shaped
		}
	}
	return out, nil
}

// SaveRetention changes what is removed by age.
func (a *App) SaveRetention(ctx context.Context, in RetentionInput) (Retention, error) {
	change := in.change()
	change.Enabled, change.Hour = in.Enabled, in.Hour
	if err := a.roster.SetRetention(ctx, change); err != nil {
		return Retention{}, err
	}
	return a.Retention(ctx)
}

func (r RetentionRules) change() roster.RetentionChange {
	change := roster.RetentionChange{AnonymousDays: r.AnonymousDays, KnownDays: r.KnownDays}
	if r.Activities != nil {
		rules := make([]roster.TypeRule, len(*r.Activities))
		for i, rule := range *r.Activities {
			rules[i] = roster.TypeRule(rule)
		}
		change.Activities = &rules
	}
	return change
}

// RetentionRuns answers the runs, the latest first.
func (a *App) RetentionRuns(ctx context.Context) (Page[RetentionRun], error) {
	runs, err := a.roster.RetentionRuns(ctx)
	out := make([]RetentionRun, len(runs))
	for i, run := range runs {
		out[i] = shapeRetentionRun(run)
	}
	return PageOf(out, ""), err
}

func shapeRetentionRun(run roster.RetentionRun) RetentionRun {
	out := RetentionRun{ID: run.StartedAt.String(), Status: "done", StartedAt: run.StartedAt, EndedAt: optionalInstant(run.EndedAt), Steps: run.Steps,
		Activities: []RetentionRemoved{}, Contacts: []RetentionErased{}, Entered: run.Entered, Left: run.Left}
	switch {
	case run.EndedAt == 0:
		out.Status = "running"
	case run.Stopped:
		out.Status = "stopped"
	}
	for _, t := range run.Activities {
		out.Activities = append(out.Activities, RetentionRemoved{RetentionType{t.Type, t.Days}, t.Before, t.Removed})
	}
	for _, c := range run.Contacts {
		out.Contacts = append(out.Contacts, RetentionErased{string(c.Kind), c.Days, c.Before, c.Removed})
	}
	return out
}
