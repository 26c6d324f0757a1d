package app

import (
	"context"
	"encoding/json"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
)

// Group is a contact group as answers show it.
type Group struct {
	Code                  string             `json:"code"`
	Name                  string             `json:"name"`
	Description           string             `json:"description"`
	Status                muster.GroupStatus `json:"status" enum:"never_calculated,condition_changed,recalculating,up_to_date,failed"`
	Members               uint64             `json:"members" doc:"How many contacts are in the group now."`
	Share                 float64            `json:"share" minimum:"0" maximum:"1" doc:"The share of all contacts that are in the group."`
	Trend                 *Trend             `json:"trend,omitempty" doc:"The group's size in the last seven days; only in the list, when asked for."`
	Active                *Version           `json:"active" doc:"The condition that membership follows; null when the group was never calculated."`
	Pending               *Version           `json:"pending" doc:"The saved condition that waits for recalculation; null when there is none."`
	Sentence              string             `json:"sentence" doc:"The pending, else the active condition in words."`
	ScheduleRecalculation bool               `json:"schedule_recalculation"`
	NextRecalculation     *muster.Instant    `json:"next_recalculation"`
	LastRecalculated      *muster.Instant    `json:"last_recalculated"`
	LastCorrections       int                `json:"last_corrections" doc:"How many memberships the last scheduled run corrected; anything but 0 is a bug."`
	Failure               string             `json:"failure,omitempty" doc:"Why the last recalculation failed."`
	Progress              *Progress          `json:"progress" doc:"How far a running or waiting recalculation is; null when there is none."`
	UsedBy                []string           `json:"used_by" nullable:"false" doc:"The codes of the groups whose conditions refer to this one."`
	Uses                  []string           `json:"uses" nullable:"false" doc:"The codes of the groups to which this one's conditions refer."`
	ShownToWebsites       bool               `json:"shown_to_websites"`
	TimeZone              *string            `json:"time_zone" doc:"The group's own time zone; null when it follows the project's."`
	CreatedAt             muster.Instant     `json:"created_at"`
	Warnings              []muster.Problem   `json:"warnings,omitempty" doc:"Only after a save: what is permitted but may not be meant."`
}

// Version is one saved condition of a group.
type Version struct {
	Number      int              `json:"number"`
	Condition   muster.Condition `json:"condition"`
	Sentence    string           `json:"sentence"`
	Sentences   []string         `json:"sentences" nullable:"false" doc:"Each single condition in words, in the order of the document."`
	TimeZone    *string          `json:"time_zone"`
	Author      string           `json:"author"`
	SavedAt     muster.Instant   `json:"saved_at"`
	ActivatedAt *muster.Instant  `json:"activated_at" doc:"When membership began to follow it; null when it never did."`
}

// Progress says how far a recalculation is.
type Progress struct {
	Stage string  `json:"stage" enum:"waiting,calculating"`
	Share float64 `json:"share" minimum:"0" maximum:"1"`
}

// GroupInput creates or changes a group. Nil members stay as they are.
type GroupInput struct {
	Code                  string
	Name                  *string
	Description           *string
	Condition             json.RawMessage
	ScheduleRecalculation *bool
	TimeZone              *string
	ShownToWebsites       *bool
	Recalculate           bool
}

// CreateGroup creates a group. Without a condition it is empty: it matches
// nobody until it gets one.
func (a *App) CreateGroup(ctx context.Context, by Principal, in GroupInput) (Group, error) {
	return a.saveGroup(ctx, by, in, true)
}

// ChangeGroup changes a group; a changed condition or zone becomes pending.
func (a *App) ChangeGroup(ctx context.Context, by Principal, in GroupInput) (Group, error) {
	return a.saveGroup(ctx, by, in, false)
}

func (a *App) saveGroup(ctx context.Context, by Principal, in GroupInput, create bool) (Group, error) {
	save := roster.Save{
		Create: create, Code: in.Code, Name: in.Name, Description: in.Description, Zone: in.TimeZone,
		ShownToWebsites: in.ShownToWebsites, Schedule: in.ScheduleRecalculation, Recalculate: in.Recalculate, Author: by.Name,
	}
	if len(in.Condition) > 0 {
		condition, err := muster.ParseCondition(in.Condition)
		if err != nil {
			return Group{}, below("/condition", err)
		}
		save.Condition = &condition
	}
	g, warnings, err := a.roster.SaveGroup(ctx, save)
	if err != nil {
		return Group{}, err
	}
	return a.savedGroup(ctx, g.Code, warnings)
}

func (a *App) savedGroup(ctx context.Context, code string, warnings []muster.Problem) (Group, error) {
	out, err := a.Group(ctx, code)
	for _, w := range warnings {
		w.Location = "/condition" + w.Location
		out.Warnings = append(out.Warnings, w)
	}
	return out, err
}

// Group answers a group, CodeNotFound when there is none.
func (a *App) Group(ctx context.Context, code string) (Group, error) {
	var g *muster.Group
	var size Group
	err := a.view(ctx, func(v store.View) (err error) {
		if g, err = a.group(code); err == nil { // as it goes with its members
			size.measure(v, g)
		}
		return err
	})
	if err != nil {
		return Group{}, err
	}
	out := a.shapeGroup(g)
	out.Members, out.Share = size.Members, size.Share
	return out, nil
}

// measure fills a group's size.
func (out *Group) measure(v store.View, g *muster.Group) {
	out.Members = v.Members(g.No).GetCardinality()
	if contacts := v.Contacts().GetCardinality(); contacts > 0 {
		out.Share = float64(out.Members) / float64(contacts)
	}
}

func (a *App) shapeGroup(g *muster.Group) Group {
	status, progress := a.roster.Status(g.Code)
	out := Group{
		Code: g.Code, Name: g.Name, Description: g.Description, Status: status,
		Active: a.shapeVersion(g.Version(g.Active)), Pending: a.shapeVersion(g.Version(g.Pending)),
		ScheduleRecalculation: g.Schedule != nil, NextRecalculation: optionalInstant(a.roster.NextRun(g)),
		LastRecalculated: optionalInstant(g.LastRecalculated), LastCorrections: g.LastCorrections, Failure: g.Failure,
		UsedBy: notNil(a.roster.UsedBy(g.Code)), Uses: notNil(a.roster.Uses(g)), ShownToWebsites: g.ShownToWebsites, TimeZone: optional(g.Zone), CreatedAt: g.CreatedAt,
	}
	if progress != nil {
		out.Progress = &Progress{Stage: progress.Stage, Share: progress.Share}
	}
	switch {
	case out.Pending != nil:
		out.Sentence = out.Pending.Sentence
	case out.Active != nil:
		out.Sentence = out.Active.Sentence
	}
	return out
}

func (a *App) shapeVersion(v *muster.Version) *Version {
	if v == nil {
		return nil
	}
	whole, each := a.sentencesOf(v.Condition)
	return &Version{
		Number: v.Number, Condition: v.Condition, Sentence: whole, Sentences: each, TimeZone: optional(v.Zone),
		Author: v.Author, SavedAt: v.SavedAt, ActivatedAt: optionalInstant(v.ActivatedAt),
	}
}

// DeleteGroup removes a group; CodeInUse when another one refers to it.
func (a *App) DeleteGroup(ctx context.Context, code string) error {
	return a.roster.DeleteGroup(ctx, code)
}

// Recalculate asks for a group's recalculation. With wait it answers when the
// recalculation has ended, with its error if it failed; or when waits end.
func (a *App) Recalculate(ctx context.Context, code string, wait bool) (Group, error) {
	job, err := a.roster.Recalculate(ctx, code)
	if err != nil {
		return Group{}, err
	}
	if wait {
		waiting, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(a.waits, cancel)()
		if err := job.Wait(waiting); err != nil && (ctx.Err() != nil || waiting.Err() == nil) {
			return Group{}, err
		}
	}
	return a.Group(ctx, code)
}

// CancelRecalculation ends a group's recalculation; everything is as before it.
func (a *App) CancelRecalculation(ctx context.Context, code string) error {
	return a.roster.Cancel(ctx, code)
}

// Versions lists a group's conditions, newest first.
func (a *App) Versions(code string) (Page[Version], error) {
	g, err := a.group(code)
	if err != nil {
		return Page[Version]{}, err
	}
	var out []Version
	for i := len(g.Versions) - 1; i >= 0; i-- {
		out = append(out, *a.shapeVersion(&g.Versions[i]))
	}
	return PageOf(out, ""), nil
}

// RestoreVersion makes a past condition of a group pending again.
func (a *App) RestoreVersion(ctx context.Context, by Principal, code string, number int) (Group, error) {
	g, warnings, err := a.roster.RestoreVersion(ctx, code, number, by.Name)
	if err != nil {
		return Group{}, err
	}
	return a.savedGroup(ctx, g.Code, warnings)
}
