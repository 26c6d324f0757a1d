package script

import (
	"maps"
	"slices"
	"time"

	"github.com/muster-groups/muster"
)

// retention is what the model removes by age.
type retention struct {
	Retention
	since muster.Instant // the last run, or when it was enabled
}

func (m *Model) setRetention(r Retention) {
	if r.Enabled && !m.Enabled {
		m.since = m.last
	}
	m.Retention = r
}

// retain removes what is past its retention, when the night's hour has passed
// since the last time: first the activities of each type, then contacts, in a
// step for itself each.
func (m *Model) retain() {
	zone := m.schema.Zone
	since := m.since.Time().In(zone)
	hour := time.Date(since.Year(), since.Month(), since.Day(), m.Hour, 0, 0, 0, zone)
	if !hour.After(since) {
		hour = time.Date(since.Year(), since.Month(), since.Day()+1, m.Hour, 0, 0, 0, zone)
	}
	if !m.Enabled || m.last.Time().Before(hour) {
		return
	}
	m.since = m.last
	before := func(days int) muster.Instant { return m.last - muster.Instant(days)*86400 }
	for _, code := range slices.Sorted(maps.Keys(m.schema.ActivityTypes)) {
		days := m.schema.ActivityTypes[code].RetentionDays
		if days == 0 {
			continue
		}
		m.commit(func(c *commit) {
			for _, p := range m.people {
				p.Activities = slices.DeleteFunc(p.Activities, func(a muster.Activity) bool {
					past := a.Type == code && a.At < before(days)
					if past {
						c.touch(p, touch{cause: muster.Cause{Kind: muster.CauseRetention, Code: code}})
					}
					return past
				})
			}
		})
	}
	for _, rule := range []struct {
		days  int
		known bool
	}{{m.AnonymousDays, false}, {m.KnownDays, true}} {
		if rule.days == 0 {
			continue
		}
		m.commit(func(c *commit) {
			for _, p := range m.people {
				active := slices.ContainsFunc(p.Activities, func(a muster.Activity) bool { return a.At >= before(rule.days) })
				if known := p.Email != "" || p.ExternalID != ""; p.parent == nil && !p.erased && known == rule.known && !active && p.CreatedAt < before(rule.days) {
					m.gone(c, p)
					c.retired = true
				}
			}
		})
	}
}
