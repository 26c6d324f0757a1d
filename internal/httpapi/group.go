package httpapi

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
)

type CodeInput struct {
	Code string `path:"code" doc:"The group's code."`
}

// GroupFields are what a group can be created or changed with.
type GroupFields struct {
	Description           *string         `json:"description,omitempty" maxLength:"2000"`
	Condition             json.RawMessage `json:"condition,omitempty" doc:"The condition: {match, groups: [{match, not?, conditions: [...]}]}. GET /catalog lists the condition types."`
	ScheduleRecalculation *bool           `json:"schedule_recalculation,omitempty" doc:"Recalculate daily, at a minute between 02:00 and 06:00."`
	TimeZone              *string         `json:"time_zone,omitempty" doc:"The group's own IANA time zone; the empty text is the project's."`
	ShownToWebsites       *bool           `json:"shown_to_websites,omitempty" doc:"Whether a collect key's lookup answers the group."`
	Recalculate           bool            `json:"recalculate,omitempty" doc:"Recalculate at once when something is pending."`
}

func (f GroupFields) input(code string, name *string) app.GroupInput {
	return app.GroupInput{Code: code, Name: name, Description: f.Description, Condition: f.Condition,
		ScheduleRecalculation: f.ScheduleRecalculation, TimeZone: f.TimeZone, ShownToWebsites: f.ShownToWebsites, Recalculate: f.Recalculate}
}

func (s *Server) registerGroups() {
	register(s, operation("GET", "/groups", "list-groups", "Groups", "List the groups"),
		func(ctx context.Context, in *struct {
			Search string `query:"search" doc:"Contained in the code, name or description."`
			Status string `query:"status" enum:"never_calculated,condition_changed,recalculating,up_to_date,failed" doc:"Only groups with this status."`
			Sort   string `query:"sort" default:"code" enum:"code,-code,name,-name,members,-members,change,-change,status,-status,last_recalculated,-last_recalculated,next_recalculation,-next_recalculation" doc:"The order; - turns it. change is the change of size in seven days."`
			Trend  bool   `query:"trend" doc:"Tell the sizes of the last seven days."`
			Cursor string `query:"cursor" doc:"next of the previous page."`
			Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"1000"`
		}) (*output[app.Page[app.Group]], error) {
			return answer(s.app.Groups(ctx, app.GroupQuery{Search: in.Search, Status: muster.GroupStatus(in.Status), Sort: in.Sort, Trend: in.Trend, Cursor: in.Cursor, Limit: in.Limit}))
		})
	create := operation("POST", "/groups", "create-group", "Groups", "Create a group")
	create.DefaultStatus = http.StatusCreated
	create.Description = "Its condition is pending until the group is recalculated; with recalculate that begins at once."
	register(s, create, func(ctx context.Context, in *struct {
		Body struct {
			Code string `json:"code" doc:"Lower-case letters, digits, - _ and ., beginning with a letter."`
			Name string `json:"name" maxLength:"200"`
			GroupFields
		}
	}) (*output[app.Group], error) {
		return answer(s.app.CreateGroup(ctx, principal(ctx), in.Body.input(in.Body.Code, &in.Body.Name)))
	})
	register(s, operation("GET", "/groups/{code}", "get-group", "Groups", "Show a group"),
		func(ctx context.Context, in *CodeInput) (*output[app.Group], error) {
			return answer(s.app.Group(ctx, in.Code))
		})
	change := operation("PATCH", "/groups/{code}", "change-group", "Groups", "Change a group")
	change.Description = "What is not named stays. A changed condition or time zone becomes pending; membership follows the active one until the group is recalculated."
	register(s, change, func(ctx context.Context, in *struct {
		CodeInput
		Body struct {
			Name *string `json:"name,omitempty" minLength:"1" maxLength:"200"`
			GroupFields
		}
	}) (*output[app.Group], error) {
		return answer(s.app.ChangeGroup(ctx, principal(ctx), in.Body.input(in.Code, in.Body.Name)))
	})
	remove := operation("DELETE", "/groups/{code}", "delete-group", "Groups", "Delete a group")
	remove.DefaultStatus = http.StatusNoContent
	remove.Description = "A group to which another one's condition refers is kept (409), and errors lists those groups."
	register(s, remove, func(ctx context.Context, in *CodeInput) (*struct{}, error) {
		return nil, s.app.DeleteGroup(ctx, in.Code)
	})
	s.registerRecalculation()
	s.registerVersions()
}

func (s *Server) registerRecalculation() {
	type recalculated struct {
		Status int
		Body   app.Group
	}
	recalculate := operation("POST", "/groups/{code}/recalculate", "recalculate-group", "Groups", "Recalculate a group's membership")
	recalculate.DefaultStatus = http.StatusAccepted
	recalculate.Description = "What is pending becomes active. Answers 202 with the progress, or with wait=true 200 when done; a server that is being stopped meanwhile answers 202. A second request joins the running recalculation."
	register(s, recalculate, func(ctx context.Context, in *struct {
		CodeInput
		Wait bool `query:"wait" doc:"Answer when the recalculation has ended."`
	}) (*recalculated, error) {
		g, err := s.app.Recalculate(ctx, in.Code, in.Wait)
		if err != nil {
			return nil, err
		}
		status := http.StatusOK
		if !in.Wait || g.Status == muster.Recalculating { // a server that is stopped does not wait for the end
			status = http.StatusAccepted
		}
		return &recalculated{status, g}, nil
	})
	cancel := operation("DELETE", "/groups/{code}/recalculation", "cancel-recalculation", "Groups", "Cancel a group's recalculation")
	cancel.DefaultStatus = http.StatusNoContent
	register(s, cancel, func(ctx context.Context, in *CodeInput) (*struct{}, error) {
		return nil, s.app.CancelRecalculation(ctx, in.Code)
	})
}

func (s *Server) registerVersions() {
	register(s, operation("GET", "/groups/{code}/versions", "list-group-versions", "Groups", "List a group's conditions, newest first"),
		func(_ context.Context, in *CodeInput) (*output[app.Page[app.Version]], error) {
			return answer(s.app.Versions(in.Code))
		})
	register(s, operation("POST", "/groups/{code}/versions/{version}/restore", "restore-group-version", "Groups", "Make a past condition pending again"),
		func(ctx context.Context, in *struct {
			CodeInput
			Version int `path:"version" minimum:"1"`
		}) (*output[app.Group], error) {
			return answer(s.app.RestoreVersion(ctx, principal(ctx), in.Code, in.Version))
		})
	register(s, operation("GET", "/groups/{code}/preview", "preview-group", "Groups", "Compare the pending condition with the membership"),
		func(ctx context.Context, in *CodeInput) (*output[app.PendingPreview], error) {
			return answer(s.app.PreviewPending(ctx, in.Code))
		})
	explain := operation("GET", "/groups/{code}/explain/{contact}", "explain-membership", "Groups", "Say why a contact is in a group, or why not")
	register(s, explain, func(ctx context.Context, in *struct {
		CodeInput
		Contact string `path:"contact" doc:"The contact's id, external id or email."`
		Pending bool   `query:"pending" doc:"Explain the pending condition instead of the active one."`
	}) (*output[app.Explanation], error) {
		return answer(s.app.Explain(ctx, app.ExplainQuery{Group: in.Code, Contact: in.Contact, Pending: in.Pending}))
	})
	register(s, operation("GET", "/groups/{code}/changes", "list-group-changes", "Groups", "Show who entered and left a group, latest first"),
		func(ctx context.Context, in *struct {
			CodeInput
			PageInput
		}) (*output[app.Past], error) {
			return answer(s.app.GroupChanges(ctx, in.Code, in.Cursor, in.Limit))
		})
	register(s, operation("GET", "/groups/{code}/history", "get-group-history", "Groups", "Show a group's size over time"),
		func(ctx context.Context, in *struct {
			CodeInput
			From string `query:"from" format:"date-time" doc:"By default 30 steps before to."`
			To   string `query:"to" format:"date-time" doc:"By default now."`
			Per  string `query:"per" enum:"hour,day,week" default:"day" doc:"The length of a step, in the project's time zone; weeks begin on Monday."`
		}) (*output[app.SizeHistory], error) {
			from, err := instantParameter("from", in.From)
			if err != nil {
				return nil, err
			}
			to, err := instantParameter("to", in.To)
			if err != nil {
				return nil, err
			}
			return answer(s.app.GroupHistory(ctx, in.Code, from, to, app.Per(in.Per)))
		})
	causes := operation("GET", "/groups/{code}/causes", "count-group-causes", "Groups", "Count who entered and left a group, by cause")
	causes.Description = "Counts every entering and leaving. Where there are very many, from in the answer is later than what was asked for."
	register(s, causes, func(ctx context.Context, in *struct {
		CodeInput
		From string `query:"from" format:"date-time" doc:"By default 30 days before now."`
	}) (*output[app.Causes], error) {
		from, err := instantParameter("from", in.From)
		if err != nil {
			return nil, err
		}
		return answer(s.app.GroupCauses(ctx, in.Code, from))
	})
}
