package definition

import (
	"fmt"

	"github.com/muster-groups/muster"
)

// RetentionRules is what is removed by age, beside the retention_days of
// activity types. There is one of it.
type RetentionRules struct {
	Enabled       bool `json:"enabled"`
	Hour          int  `json:"hour"`
	AnonymousDays int  `json:"anonymous_days,omitempty"`
	KnownDays     int  `json:"known_days,omitempty"`
}

// usualRetention is what a project has that was told nothing.
func usualRetention() RetentionRules { return RetentionRules{Hour: 3} }

// checkRetention answers what a server would refuse of the rules.
func (s *Set) checkRetention() (problems []muster.Problem) {
	if s.Retention == nil {
		return nil
	}
	bad := func(key, message string) {
		problems = append(problems, muster.Problem{Location: "/retention/" + key, Code: "invalid", Message: message})
	}
	if r := s.Retention; r.Hour < 0 || r.Hour > 23 {
		bad("hour", "expected an hour from 0 to 23")
	}
	for key, days := range map[string]int{"anonymous_days": s.Retention.AnonymousDays, "known_days": s.Retention.KnownDays} {
		if days < 0 {
			bad(key, "expected a number of days, or 0 to keep them for ever")
		}
		for _, t := range s.ActivityTypes {
			if t.RetentionDays > 0 && days > t.RetentionDays {
				bad(key, fmt.Sprintf("expected at most %d days, because activities of the type %s are removed then", t.RetentionDays, t.Code))
			}
		}
	}
	return problems
}

// retentionFirst reports whether a change of the rules has to be made before
// those of activity types: contacts are never kept longer than the activities
// that tell whether they are active.
func retentionFirst(current Set, change Change) bool {
	is, ok := change.Value.(RetentionRules)
	if !ok || current.Retention == nil {
		return false
	}
	return max(is.AnonymousDays, is.KnownDays) < max(current.Retention.AnonymousDays, current.Retention.KnownDays)
}
