package definition

import (
	"time"

	"github.com/muster-groups/muster"
)

// ProjectSettings are the settings of the project. There is one of it; what it
// does not mention stays as it is.
type ProjectSettings struct {
	// TimeZone is an IANA name, in which days begin where a group has none of its own.
	TimeZone *string `json:"time_zone,omitempty"`
	// HistoryDays is how many days the past can be asked for, 0 for ever.
	HistoryDays *int `json:"history_days,omitempty"`
}

// unusual leaves out what a project has that was told nothing; nil is all of it.
func (s ProjectSettings) unusual() *ProjectSettings {
	if s.TimeZone != nil && *s.TimeZone == "UTC" {
		s.TimeZone = nil
	}
	if s.HistoryDays != nil && *s.HistoryDays == 0 {
		s.HistoryDays = nil
	}
	if s == (ProjectSettings{}) {
		return nil
	}
	return &s
}

// over is s with what it does not mention from others.
func (s ProjectSettings) over(others ProjectSettings) *ProjectSettings {
	if s.TimeZone == nil {
		s.TimeZone = others.TimeZone
	}
	if s.HistoryDays == nil {
		s.HistoryDays = others.HistoryDays
	}
	return &s
}

// checkSettings answers what a server would refuse of the settings.
func (s *Set) checkSettings() (problems []muster.Problem) {
	if s.Settings == nil {
		return nil
	}
	if zone := s.Settings.TimeZone; zone != nil {
		if _, err := time.LoadLocation(*zone); err != nil || *zone == "" || *zone == "Local" {
			problems = append(problems, muster.Problem{Location: "/settings/time_zone", Code: "invalid", Message: "expected the name of a time zone, such as Europe/Vienna"})
		}
	}
	if days := s.Settings.HistoryDays; days != nil && *days < 0 {
		problems = append(problems, muster.Problem{Location: "/settings/history_days", Code: "invalid", Message: "expected a number of days, or 0 to answer the past for ever"})
	}
	return problems
}
