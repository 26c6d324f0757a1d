package client

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"github.com/muster-groups/muster"
)

// Group is a contact group.
type Group struct {
	Code                  string             `json:"code"`
	Name                  string             `json:"name"`
	Description           string             `json:"description"`
	Status                muster.GroupStatus `json:"status"`
	Members               uint64             `json:"members"`
	Active                *Version           `json:"active"`
	Pending               *Version           `json:"pending"`
	Sentence              string             `json:"sentence"`
	ScheduleRecalculation bool               `json:"schedule_recalculation"`
	NextRecalculation     *muster.Instant    `json:"next_recalculation"`
	LastRecalculated      *muster.Instant    `json:"last_recalculated"`
	LastCorrections       int                `json:"last_corrections"`
	Failure               string             `json:"failure"`
	Progress              *Progress          `json:"progress"`
	UsedBy                []string           `json:"used_by"`
	ShownToWebsites       bool               `json:"shown_to_websites"`
	TimeZone              *string            `json:"time_zone"`
	CreatedAt             muster.Instant     `json:"created_at"`
	Warnings              []muster.Problem   `json:"warnings"`
}

// Version is one saved condition of a group.
type Version struct {
	Number      int              `json:"number"`
	Condition   muster.Condition `json:"condition"`
	Sentence    string           `json:"sentence"`
	TimeZone    *string          `json:"time_zone"`
	Author      string           `json:"author"`
	SavedAt     muster.Instant   `json:"saved_at"`
	ActivatedAt *muster.Instant  `json:"activated_at"`
}

// Progress says how far a recalculation is: "waiting" or "calculating", and
// the share in [0,1].
type Progress struct {
	Stage string  `json:"stage"`
	Share float64 `json:"share"`
}

// GroupInput creates or changes a group. Nil members stay as they are; Code is
// for creating only.
type GroupInput struct {
	Code                  string            `json:"code,omitempty"`
	Name                  *string           `json:"name,omitempty"`
	Description           *string           `json:"description,omitempty"`
	Condition             *muster.Condition `json:"condition,omitempty"`
	ScheduleRecalculation *bool             `json:"schedule_recalculation,omitempty"`
	TimeZone              *string           `json:"time_zone,omitempty"`
	ShownToWebsites       *bool             `json:"shown_to_websites,omitempty"`
	Recalculate           bool              `json:"recalculate,omitempty"`
}

// Groups lists all groups, or those whose code or name contains a text.
func (c *Client) Groups(ctx context.Context, search string) ([]Group, error) {
	page, err := get[Page[Group]](ctx, c, "/groups"+query("search", search))
	return page.Items, err
}

// Group answers a group.
func (c *Client) Group(ctx context.Context, code string) (Group, error) {
	return get[Group](ctx, c, groupPath(code))
}

// CreateGroup creates a group.
func (c *Client) CreateGroup(ctx context.Context, in GroupInput) (Group, error) {
	return post[Group](ctx, c, "/groups", in)
}

// ChangeGroup changes a group.
func (c *Client) ChangeGroup(ctx context.Context, code string, in GroupInput) (out Group, err error) {
	in.Code = ""
	err = c.Call(ctx, http.MethodPatch, groupPath(code), in, &out)
	return out, err
}

// DeleteGroup deletes a group.
func (c *Client) DeleteGroup(ctx context.Context, code string) error {
	return c.Call(ctx, http.MethodDelete, groupPath(code), nil, nil)
}

// Recalculate asks for a group's recalculation, and with wait waits for its end.
func (c *Client) Recalculate(ctx context.Context, code string, wait bool) (Group, error) {
	path := groupPath(code) + "/recalculate"
	if wait {
		path += "?wait=true"
	}
	return post[Group](ctx, c, path, nil)
}

// CancelRecalculation ends a group's recalculation.
func (c *Client) CancelRecalculation(ctx context.Context, code string) error {
	return c.Call(ctx, http.MethodDelete, groupPath(code)+"/recalculation", nil, nil)
}

// Member is a contact in a group; Since is nil for a membership of the past.
type Member struct {
	Contact
	Since *muster.Instant `json:"since"`
}

// Members lists a group's members, now (at 0) or at an instant.
func (c *Client) Members(ctx context.Context, code string, at muster.Instant, cursor string, limit int) (Page[Member], error) {
	return get[Page[Member]](ctx, c, groupPath(code)+"/contacts"+query("at", instant(at), "cursor", cursor, "limit", number(limit)))
}

// Count is the size of a group at an instant.
type Count struct {
	Count uint64         `json:"count"`
	At    muster.Instant `json:"at"`
}

// CountMembers answers the size of a group, now (at 0) or at an instant.
func (c *Client) CountMembers(ctx context.Context, code string, at muster.Instant) (Count, error) {
	return get[Count](ctx, c, groupPath(code)+"/contacts/count"+query("at", instant(at)))
}

// Export streams a group's members as "csv" or "ndjson". The caller closes the
// stream; an export that breaks off ends with an error other than io.EOF.
func (c *Client) Export(ctx context.Context, code, format string, at muster.Instant) (io.ReadCloser, error) {
	response, err := c.send(ctx, http.MethodGet, "/api/v1"+groupPath(code)+"/contacts."+escaped(format)+query("at", instant(at)), nil)
	if err != nil {
		return nil, err
	}
	return response.Body, nil
}

// Versions lists a group's conditions, newest first.
func (c *Client) Versions(ctx context.Context, code string) ([]Version, error) {
	page, err := get[Page[Version]](ctx, c, groupPath(code)+"/versions")
	return page.Items, err
}

// RestoreVersion makes a past condition pending again.
func (c *Client) RestoreVersion(ctx context.Context, code string, version int) (Group, error) {
	return post[Group](ctx, c, groupPath(code)+"/versions/"+strconv.Itoa(version)+"/restore", nil)
}

// GroupChanges lists who entered and left a group, latest first.
func (c *Client) GroupChanges(ctx context.Context, code, cursor string, limit int) (Page[Change], error) {
	return get[Page[Change]](ctx, c, groupPath(code)+"/changes"+query("cursor", cursor, "limit", number(limit)))
}

// Size is a group's size at the end of a step; Entered and Left are net.
type Size struct {
	At      muster.Instant `json:"at"`
	Members uint64         `json:"members"`
	Entered uint64         `json:"entered"`
	Left    uint64         `json:"left"`
}

// SizeHistory is a group's size over time. In a gap nobody looked: what moved in
// it is recorded at its end. Before KnownFrom the size is not known.
type SizeHistory struct {
	Items     []Size         `json:"items"`
	KnownFrom muster.Instant `json:"known_from"`
	Gaps      []Gap          `json:"gaps"`
}

// Gap is a stretch of time in which the server was down or its clock jumped.
type Gap struct {
	From muster.Instant `json:"from"`
	To   muster.Instant `json:"to"`
}

// GroupHistory answers a group's size per "hour", "day" or "week". Zero bounds are the defaults.
func (c *Client) GroupHistory(ctx context.Context, code string, from, to muster.Instant, per string) (SizeHistory, error) {
	return get[SizeHistory](ctx, c, groupPath(code)+"/history"+query("from", instant(from), "to", instant(to), "per", per))
}

func groupPath(code string) string { return "/groups/" + escaped(code) }
