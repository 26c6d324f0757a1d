package roster

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// Retention is what is removed by age, beside the days that activity types
// carry. Nothing is removed, and nothing late is refused, while it is not enabled.
type Retention struct {
	Enabled bool `json:"enabled"`
	// Hour is the hour of the project's time zone at which the nightly run begins.
	Hour int `json:"hour"`
	// AnonymousDays and KnownDays are after how many days without an activity
	// contacts are erased; 0 is never. Who never did anything counts from creation.
	AnonymousDays int `json:"anonymous_days"`
	KnownDays     int `json:"known_days"`
	// LastRun is when the last run began, or retention was enabled.
	LastRun muster.Instant `json:"last_run"`
}

const (
	docRetention  = "retention"
	retentionCode = "project"
	// usualHour is when runs begin while nobody has said another hour.
	usualHour = 3
	// mostDays bounds the days of a rule: a hundred years.
	mostDays = 36500
)

// Inactive is a kind of contact that is erased when inactive.
type Inactive string

// The kinds of contact. Known contacts have an email or an external id.
const (
	Anonymous Inactive = "anonymous"
	Known     Inactive = "known"
)

// TypeRule is how long activities of a type are kept.
type TypeRule struct {
	Type string
	Days int
}

// ContactRule is after how long without an activity contacts of a kind are erased.
type ContactRule struct {
	Kind Inactive
	Days int
}

// RetentionRules are what a run goes by, in the order in which it does.
type RetentionRules struct {
	Activities []TypeRule
	Contacts   []ContactRule
}

// RetentionRules answers the rules as they are kept, whether enabled or not.
func (s *State) RetentionRules() RetentionRules {
	var rules RetentionRules
	for _, rule := range []ContactRule{{Anonymous, s.Retention.AnonymousDays}, {Known, s.Retention.KnownDays}} {
		if rule.Days > 0 {
			rules.Contacts = append(rules.Contacts, rule)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(s.Schema.ActivityTypes)) {
		if days := s.Schema.ActivityTypes[code].RetentionDays; days > 0 {
			rules.Activities = append(rules.Activities, TypeRule{code, days})
		}
	}
	return rules
}

// expires reports whether an activity is past the retention of its type.
func (s *State) expires(t muster.ActivityType, at, now muster.Instant) bool {
	return s.Retention.Enabled && t.RetentionDays > 0 && at < AgedBefore(now, t.RetentionDays)
}

// AgedBefore is the instant before which things are older than some days.
func AgedBefore(now muster.Instant, days int) muster.Instant { return now - muster.Instant(days)*86400 }

// InactivePlan is the contacts of a kind who were made before an instant and have
// no activity since.
func InactivePlan(kind Inactive, before muster.Instant) plan.Node {
	var who plan.Node = plan.Identified{}
	if kind == Anonymous {
		who = &plan.Not{Of: who}
	}
	active := &plan.Acted{From: before, To: muster.Forever, Measure: plan.Count, Compare: plan.Compare{Op: plan.AtLeast, A: muster.DecimalOne}}
	return plan.Canon(&plan.All{Of: []plan.Node{who,
		&plan.Field{Code: "created_at", Pred: plan.InstantRange{From: muster.Beginning, To: before}}, &plan.Not{Of: active}}})
}

// RetentionChange changes what is removed by age; nil members stay.
type RetentionChange struct {
	Enabled       *bool
	Hour          *int
	AnonymousDays *int
	KnownDays     *int
	// Activities replaces the rules of all types.
	Activities *[]TypeRule
}

// SetRetention changes what is removed by age. What it enables begins with the
// next run.
func (r *Roster) SetRetention(ctx context.Context, change RetentionChange) error {
	return r.define(ctx, func(c *commit, s *muster.Schema) error {
		types, err := c.state.retentionWith(change)
		if err != nil {
			return err
		}
		next := c.state.Retention
		was := next.Enabled
		set(&next.Enabled, change.Enabled)
		set(&next.Hour, change.Hour)
		set(&next.AnonymousDays, change.AnonymousDays)
		set(&next.KnownDays, change.KnownDays)
		if next.Enabled && !was {
			next.LastRun = c.at
		}
		s.ActivityTypes = maps.Clone(s.ActivityTypes)
		for _, code := range slices.Sorted(maps.Keys(types)) {
			t := s.ActivityTypes[code]
			if t.RetentionDays == types[code] {
				continue
			}
			t.RetentionDays = types[code]
			s.ActivityTypes[code] = t
			if err := c.put(docActivityType, code, t); err != nil {
				return err
			}
		}
		c.state.Retention = next
		return c.put(docRetention, retentionCode, next)
	})
}

// WithRetention answers the rules as a change would leave them, or its problems.
func (s *State) WithRetention(change RetentionChange) (RetentionRules, error) {
	types, err := s.retentionWith(change)
	if err != nil {
		return RetentionRules{}, err
	}
	next := s.copy()
	set(&next.Retention.AnonymousDays, change.AnonymousDays)
	set(&next.Retention.KnownDays, change.KnownDays)
	next.Schema.ActivityTypes = maps.Clone(s.Schema.ActivityTypes)
	for code, days := range types {
		t := next.Schema.ActivityTypes[code]
		t.RetentionDays = days
		next.Schema.ActivityTypes[code] = t
	}
	return next.RetentionRules(), nil
}

// retentionWith checks a change and answers the days of every type after it.
func (s *State) retentionWith(change RetentionChange) (map[string]int, error) {
	var problems []muster.Problem
	bad := func(location, message string) {
		problems = append(problems, muster.Problem{Location: location, Code: "invalid", Message: message})
	}
	days := map[string]int{}
	for code, t := range s.Schema.ActivityTypes {
		if days[code] = t.RetentionDays; change.Activities != nil {
			days[code] = 0
		}
	}
	if change.Activities != nil {
		for i, rule := range *change.Activities {
			at := "/activities/" + strconv.Itoa(i)
			switch already, known := days[rule.Type]; {
			case !known:
				bad(at+"/type", "there is no activity type "+strconv.Quote(rule.Type))
			case already != 0:
				bad(at+"/type", "expected each activity type once, found "+rule.Type+" again")
			case rule.Days < 1 || rule.Days > mostDays:
				bad(at+"/days", fmt.Sprintf("expected 1 to %d days; leave the activity type out to keep its activities for ever", mostDays))
			default:
				days[rule.Type] = rule.Days
			}
		}
	}
	if change.Hour != nil && (*change.Hour < 0 || *change.Hour > 23) {
		bad("/hour", "expected an hour from 0 to 23")
	}
	next := s.Retention
	set(&next.AnonymousDays, change.AnonymousDays)
	set(&next.KnownDays, change.KnownDays)
	shortest, least := shortestKept(days)
	for _, rule := range []struct {
		at   string
		days int
	}{{"/anonymous_days", next.AnonymousDays}, {"/known_days", next.KnownDays}} {
		switch {
		case rule.days < 0 || rule.days > mostDays:
			bad(rule.at, fmt.Sprintf("expected 1 to %d days, or 0 to keep them for ever", mostDays))
		case least > 0 && rule.days > least:
			bad(rule.at, tooLate(shortest, least))
		}
	}
	if problems != nil {
		return nil, &muster.Error{Code: muster.CodeInvalid, Message: "the retention was not changed", Problems: problems}
	}
	return days, nil
}

// tooLate says why contacts cannot be kept longer than the activities that tell
// whether they are active.
func tooLate(activityType string, days int) string {
	return fmt.Sprintf("expected at most %d days, or 0: activities of the type %s are removed after %d days, and then nobody can tell who was active before", days, activityType, days)
}

// shortestKept answers the type with a rule whose activities go first, and after
// how many days; 0 when there is no rule.
func shortestKept(days map[string]int) (activityType string, least int) {
	for _, code := range slices.Sorted(maps.Keys(days)) {
		if n := days[code]; n > 0 && (least == 0 || n < least) {
			activityType, least = code, n
		}
	}
	return activityType, least
}

// checkKept refuses a number of days for an activity type that would let
// contacts look inactive too early.
func (s *State) checkKept(days int) error {
	longest := max(s.Retention.AnonymousDays, s.Retention.KnownDays)
	if days > 0 && days < longest {
		return located("/retention_days", fmt.Sprintf("expected at least %d days, or 0: contacts are erased after %d days without an activity, which only their activities can tell", longest, longest))
	}
	return nil
}

// NextRetention answers when the next run begins, 0 when retention is not
// enabled. A run that was missed lies in the past.
func (r *Roster) NextRetention() muster.Instant {
	s := r.State()
	if !s.Retention.Enabled {
		return 0
	}
	return nextRun(s.Retention.Hour*60, s.Schema.Zone, s.Retention.LastRun)
}

func set[T any](member, to *T) {
	if to != nil {
		*member = *to
	}
}
