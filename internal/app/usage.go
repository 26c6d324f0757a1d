package app

import (
	"context"
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// Usage is what becomes of a definition: who has it, and which groups name it.
type Usage struct {
	Counts map[string]uint64 `json:"counts" doc:"How many contacts: with_value of a field; agreed and revoked of a consent; receiving, bounced and unsubscribed of a list; ever, last_30_days and last_24_hours of an activity type or channel."`
	UsedBy []string          `json:"used_by" nullable:"false" doc:"The codes of the groups whose active or pending condition names it."`
	Values []ValueSample     `json:"values" nullable:"false" doc:"Values seen of the field, or of each attribute of the activity type, the most frequent ones first."`
	AsOf   muster.Instant    `json:"as_of"`
}

// ValueSample is some values of a field or attribute.
type ValueSample struct {
	Code   string   `json:"code"`
	Name   string   `json:"name"`
	Values []string `json:"values" nullable:"false"`
}

// usageValues is how many values a sample shows.
const usageValues = 10

// FieldUsage answers what becomes of a field.
func (a *App) FieldUsage(ctx context.Context, code string) (Usage, error) {
	f, err := a.Field(code)
	if err != nil {
		return Usage{}, err
	}
	sources := []ValueSample{{Code: f.Code, Name: f.Name}}
	if f.System || f.Code == "email" {
		sources = nil // an address is not an example for everybody's eyes
	}
	return a.usage(ctx, "field:", sources, func(u catalog.Uses) bool { return slices.Contains(u.Fields, code) },
		map[string]plan.Node{"with_value": a.fieldPresent(code)})
}

// fieldPresent is the contacts that have a value.
func (a *App) fieldPresent(code string) plan.Node {
	switch code {
	case "identified":
		return plan.Identified{}
	case "last_activity_at":
		return acted(nil, nil, muster.Beginning)
	}
	return &plan.Field{Code: code, Pred: plan.Present{}}
}

// ActivityTypeUsage answers what becomes of an activity type.
func (a *App) ActivityTypeUsage(ctx context.Context, code string) (Usage, error) {
	t, err := a.ActivityType(code)
	if err != nil {
		return Usage{}, err
	}
	sources := []ValueSample{{Code: muster.ValueAttribute, Name: "Value"}}
	for _, attribute := range t.Attributes {
		sources = append(sources, ValueSample{Code: attribute.Code, Name: attribute.Name})
	}
	return a.usage(ctx, "attribute:", sources, func(u catalog.Uses) bool { return slices.Contains(u.ActivityTypes, code) }, a.actedSince([]string{code}, nil))
}

// NamedUsage answers what becomes of a consent, a list or a channel.
func (a *App) NamedUsage(ctx context.Context, kind NamedKind, code string) (Usage, error) {
	if _, err := a.OneNamed(kind, code); err != nil {
		return Usage{}, err
	}
	decided := func(on muster.DecisionKind, state muster.DecisionState) plan.Node {
		return &plan.Decided{Kind: on, Code: code, State: state, From: muster.Beginning, To: muster.Forever}
	}
	switch kind.noun {
	case Consents().noun:
		return a.usage(ctx, "", nil, func(u catalog.Uses) bool { return slices.Contains(u.Consents, code) }, map[string]plan.Node{
			"agreed": decided(muster.OnConsent, muster.Agreed), "revoked": decided(muster.OnConsent, muster.Revoked)})
	case Lists().noun:
		return a.usage(ctx, "", nil, func(u catalog.Uses) bool { return slices.Contains(u.Lists, code) }, map[string]plan.Node{
			"receiving": decided(muster.OnList, muster.Receiving), "bounced": decided(muster.OnList, muster.Bounced),
			"unsubscribed": decided(muster.OnList, muster.Unsubscribed)})
	}
	return a.usage(ctx, "", nil, func(u catalog.Uses) bool { return slices.Contains(u.Channels, code) }, a.actedSince(nil, []string{code}))
}

// acted is the contacts who did something of the types in the channels, ever since an instant.
func acted(types, channels []string, from muster.Instant) *plan.Acted {
	return &plan.Acted{Types: types, Channels: channels, From: from, To: muster.Forever, Measure: plan.Count,
		Compare: plan.Compare{Op: plan.AtLeast, A: 1_000_000}}
}

func (a *App) actedSince(types, channels []string) map[string]plan.Node {
	now := a.roster.Now()
	return map[string]plan.Node{
		"ever": acted(types, channels, muster.Beginning), "last_30_days": acted(types, channels, now-30*86400+1), "last_24_hours": acted(types, channels, now-86400+1),
	}
}

func (a *App) usage(ctx context.Context, prefix string, sources []ValueSample, names func(catalog.Uses) bool, counted map[string]plan.Node) (Usage, error) {
	out := Usage{Counts: map[string]uint64{}, UsedBy: notNil(a.roster.NamedBy(names)), Values: []ValueSample{}}
	var keys []string
	var queries []store.Query
	for key, node := range counted {
		keys, queries = append(keys, key), append(queries, store.Query{Node: plan.Canon(node)})
	}
	sets, err := a.store().Scan(ctx, queries, nil)
	if err != nil {
		return out, err
	}
	for i, set := range sets {
		out.Counts[keys[i]] = set.GetCardinality()
	}
	for _, source := range sources {
		err := a.view(ctx, func(v store.View) error {
			values, err := v.Values(prefix+source.Code, "", usageValues)
			source.Values = notNil(values)
			return err
		})
		if err != nil {
			return out, err
		}
		if len(source.Values) > 0 {
			out.Values = append(out.Values, source)
		}
	}
	out.AsOf = a.roster.Now()
	return out, nil
}
