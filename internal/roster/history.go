package roster

import (
	"context"
	"fmt"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

const (
	// MostHistoryDays bounds the setting: a hundred years.
	MostHistoryDays = 36500
	// historyHour is the hour of the project's time zone at which the horizon moves,
	// away from the turn of the day.
	historyHour = 3
)

// SetHistoryDays sets after how many days history is given up, 0 for never. What
// is older then is given up at once.
func (r *Roster) SetHistoryDays(ctx context.Context, days int) error {
	if days < 0 || days > MostHistoryDays {
		return located("/history_days", fmt.Sprintf("expected a number of days up to %d, or 0 to keep all of history", MostHistoryDays))
	}
	return r.define(ctx, func(c *commit, _ *muster.Schema) error {
		next := c.state.Settings
		next.HistoryDays = days
		c.state.Settings = next
		if err := c.put(docSettings, settingsCode, next); err != nil {
			return err
		}
		return c.retreat()
	})
}

// horizonAt answers where the horizon of history is to be as of an instant: at
// the beginning of a day of the project's time zone. It moves once a day.
func (s *State) horizonAt(now muster.Instant) muster.Instant {
	days := s.Settings.HistoryDays
	if days == 0 {
		return muster.Beginning
	}
	zone := s.Schema.Zone
	if zone == nil {
		zone = time.UTC
	}
	return (muster.DateOf((now - historyHour*3600).Time().In(zone)) - muster.Date(days)).Start(zone)
}

// keepHorizon moves the horizon of history when that is due.
func (r *Roster) keepHorizon(ctx context.Context, now muster.Instant) error {
	wanted := r.State().horizonAt(now)
	if muster.Instant(r.horizon.Load()) == wanted {
		return nil // it was looked at already
	}
	due := false
	err := r.store.View(ctx, func(v store.View) (err error) {
		due, err = older(v, wanted)
		return err
	})
	if err == nil && due {
		r.commit.Lock()
		_, err = r.write(ctx, func(c *commit) error { return c.retreat() })
		r.commit.Unlock()
	}
	if err == nil {
		r.horizon.Store(int64(wanted))
	}
	return err
}

// retreat moves the horizon to where it is to be, if anything lies before it.
func (c *commit) retreat() error {
	wanted := c.state.horizonAt(c.at)
	if due, err := older(c.tx, wanted); err != nil || !due {
		return err
	}
	if err := c.tx.SetHorizon(wanted); err != nil {
		return err
	}
	c.r.log.Info("history before the horizon is given up", "horizon", wanted.String())
	return nil
}

// older reports whether there is a record of before an instant.
func older(v store.View, than muster.Instant) (bool, error) {
	h := v.Horizon()
	if than <= h.At {
		return false, nil
	}
	oldest, err := v.Changes(store.ChangeQuery{After: h.Seq, Limit: 1})
	return len(oldest) > 0 && oldest[0].At < than, err
}
