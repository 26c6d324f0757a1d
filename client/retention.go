package client

import (
	"context"
	"net/http"

	"github.com/muster-groups/muster"
)

// Retention is what is removed by age.
type Retention struct {
	Enabled       bool            `json:"enabled"`
	Hour          int             `json:"hour"`
	TimeZone      string          `json:"time_zone"`
	Activities    []RetentionType `json:"activities"`
	AnonymousDays int             `json:"anonymous_days"`
	KnownDays     int             `json:"known_days"`
	NextRun       *muster.Instant `json:"next_run"`
	Running       *RetentionRun   `json:"running"`
	LastRun       *RetentionRun   `json:"last_run"`
}

// RetentionType is how long activities of a type are kept.
type RetentionType struct {
	Type string `json:"type"`
	Days int    `json:"days"`
}

// RetentionInput changes what is removed by age; nil members stay. A preview
// reads the rules only.
type RetentionInput struct {
	Enabled       *bool            `json:"enabled,omitempty"`
	Hour          *int             `json:"hour,omitempty"`
	Activities    *[]RetentionType `json:"activities,omitempty"` // replaces the days of all types
	AnonymousDays *int             `json:"anonymous_days,omitempty"`
	KnownDays     *int             `json:"known_days,omitempty"`
}

// RetentionRun is one nightly run.
type RetentionRun struct {
	ID         string          `json:"id"`
	Status     string          `json:"status"` // "running", "done" or "stopped"
	StartedAt  muster.Instant  `json:"started_at"`
	EndedAt    *muster.Instant `json:"ended_at"`
	Steps      int             `json:"steps"`
	Activities []struct {
		RetentionType
		Before  muster.Instant `json:"before"`
		Removed int64          `json:"removed"`
	} `json:"activities"`
	Contacts []struct {
		Kind    string         `json:"kind"` // "anonymous" or "known"
		Days    int            `json:"days"`
		Before  muster.Instant `json:"before"`
		Removed int64          `json:"removed"`
	} `json:"contacts"`
	Entered uint64 `json:"entered"`
	Left    uint64 `json:"left"`
}

// RetentionPreview is what a run would do now.
type RetentionPreview struct {
	AsOf       muster.Instant `json:"as_of"`
	Activities []struct {
		RetentionType
		Before     muster.Instant `json:"before"`
		Activities int64          `json:"activities"`
		Contacts   uint64         `json:"contacts"`
	} `json:"activities"`
	Contacts []struct {
		Kind     string         `json:"kind"`
		Days     int            `json:"days"`
		Before   muster.Instant `json:"before"`
		Contacts uint64         `json:"contacts"`
	} `json:"contacts"`
	Groups []struct {
		Group   string `json:"group"`
		Name    string `json:"name"`
		Members uint64 `json:"members"`
		Leaves  uint64 `json:"leaves"`
		Enters  uint64 `json:"enters"`
	} `json:"groups"`
}

// Retention answers what is removed by age.
func (c *Client) Retention(ctx context.Context) (Retention, error) {
	return get[Retention](ctx, c, "/retention")
}

// SetRetention changes what is removed by age.
func (c *Client) SetRetention(ctx context.Context, in RetentionInput) (Retention, error) {
	var out Retention
	err := c.Call(ctx, http.MethodPatch, "/retention", in, &out)
	return out, err
}

// PreviewRetention answers what a run by the rules of in would remove now.
func (c *Client) PreviewRetention(ctx context.Context, in RetentionInput) (RetentionPreview, error) {
	in.Enabled, in.Hour = nil, nil
	return post[RetentionPreview](ctx, c, "/retention/preview", in)
}

// RetentionRuns lists the runs, latest first.
func (c *Client) RetentionRuns(ctx context.Context) ([]RetentionRun, error) {
	page, err := get[Page[RetentionRun]](ctx, c, "/retention/runs")
	return page.Items, err
}
