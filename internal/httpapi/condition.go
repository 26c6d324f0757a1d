package httpapi

import (
	"context"
	"encoding/json"

	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/catalog"
)

func (s *Server) registerConditions() {
	preview := operation("POST", "/conditions/preview", "preview-condition", "Conditions", "Count the contacts that a condition matches")
	preview.Description = "The condition may be unfinished: parts with a problem are reported and left out."
	register(s, preview, func(ctx context.Context, in *struct {
		Body struct {
			Condition json.RawMessage `json:"condition" doc:"The condition."`
			TimeZone  string          `json:"time_zone,omitempty" doc:"An IANA time zone; by default the project's."`
			Group     string          `json:"group,omitempty" doc:"The code of a group: who would enter and leave it."`
			Estimate  bool            `json:"estimate,omitempty" doc:"Answer at once. Where it takes long to look at all contacts the counts are estimated from a random sample."`
		}
	}) (*output[app.Preview], error) {
		return answer(s.app.PreviewCondition(ctx, app.PreviewInput{Condition: in.Body.Condition, TimeZone: in.Body.TimeZone, Group: in.Body.Group, Estimate: in.Body.Estimate}))
	})
	explain := operation("POST", "/conditions/explain", "explain-condition", "Conditions", "Say why a contact matches a condition, or why not")
	explain.Description = "The condition may be unfinished: parts with a problem are reported and left out."
	register(s, explain, func(ctx context.Context, in *struct {
		Body struct {
			Condition json.RawMessage `json:"condition" doc:"The condition."`
			Contact   string          `json:"contact" minLength:"1" doc:"The contact's id, external id or email."`
			TimeZone  string          `json:"time_zone,omitempty" doc:"An IANA time zone; by default the project's."`
		}
	}) (*output[app.ConditionExplanation], error) {
		return answer(s.app.ExplainCondition(ctx, app.ExplainConditionInput{Condition: in.Body.Condition, Contact: in.Body.Contact, TimeZone: in.Body.TimeZone}))
	})
	register(s, operation("GET", "/catalog", "get-catalog", "Conditions", "Describe every condition type"),
		func(context.Context, *struct{}) (*output[catalog.Description], error) {
			return answer(s.app.Catalog(), nil)
		})
	options := operation("GET", "/options/{source}", "list-options", "Conditions", "List the values that a parameter may take")
	register(s, options, func(ctx context.Context, in *struct {
		Source string   `path:"source" doc:"A source of the catalogue, field:CODE or attribute:NAME."`
		Query  string   `query:"q" doc:"Contained in the value or its name."`
		Types  []string `query:"types" doc:"Activity types, separated by commas: of the source attributes, only theirs."`
		Limit  int      `query:"limit" minimum:"1" maximum:"500" default:"50"`
	}) (*output[app.Page[app.SourceOption]], error) {
		return answer(s.app.Options(ctx, in.Source, in.Query, in.Types, in.Limit))
	})
}
