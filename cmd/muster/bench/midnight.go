package bench

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
)

// calendarGroups is how many groups with calendar conditions are live.
const calendarGroups = 1000

// midnightZone is where the measured midnights are; most calendar groups live
// there. The first midnight after the generated year is, west of Greenwich, that
// of its last day: the data lies right before it, and every period turns.
const midnightZone = "America/New_York"

// measureMidnight takes 1,000 calendar groups over local midnight under load.
func (b *bench) measureMidnight(ctx context.Context) error {
	if err := b.calendarLive(ctx); err != nil {
		return err
	}
	s, err := b.serve()
	if err != nil {
		return err
	}
	defer s.close()
	zone, err := time.LoadLocation(midnightZone)
	if err != nil {
		return err
	}
	for range 2 {
		midnight := nextMidnight(b.clock.Now(), zone)
		if err := b.midnight(ctx, s, midnight, midnight.Time().In(zone).Format("2 January")); err != nil {
			return err
		}
	}
	return nil
}

// midnight moves the clock second by second over an instant, beside single
// activities.
func (b *bench) midnight(ctx context.Context, s *server, midnight muster.Instant, name string) error {
	const before, after = 15, 5 // seconds
	if _, err := b.app.MoveClock(ctx, app.ClockInput{To: midnight - before}); err != nil {
		return err
	}
	seq, err := b.lastSeq(ctx)
	if err != nil {
		return err
	}
	var ticks sync.WaitGroup
	var wave, other time.Duration
	var tickError error
	ticks.Go(func() {
		started := time.Now()
		for to := midnight - before + 1; to <= midnight+after; to++ {
			time.Sleep(time.Until(started.Add(time.Duration(to-midnight+before) * time.Second)))
			began := time.Now()
			if _, tickError = b.app.MoveClock(ctx, app.ClockInput{To: to}); tickError != nil {
				return
			}
			if took := time.Since(began); to == midnight {
				wave = took
			} else {
				other = max(other, took)
			}
		}
	})
	times, err := b.singlesAtRate(ctx, s, before+after)
	ticks.Wait()
	if err := errors.Join(err, tickError); err != nil {
		return err
	}
	moved, err := b.lastSeq(ctx)
	if err != nil {
		return err
	}
	b.found("midnight", name+" begins: the tick", ms(wave), "ms", "%d calendar groups beside %d others; %s change records in these %d s; the slowest other tick %.0f ms",
		calendarGroups, b.Groups, grouped(float64(moved-seq)), before+after, ms(other))
	b.found("midnight", name+" begins: one activity, 99 %", ms(quantile(times, .99)), "ms", "%d a second over HTTP; median %.1f ms, slowest %.0f ms", singleRate, ms(median(times)), ms(quantile(times, 1)))
	return nil
}

// lastSeq answers the last change record's number.
func (b *bench) lastSeq(ctx context.Context) (seq muster.Seq, err error) {
	err = b.store.View(ctx, func(v store.View) error {
		seq = v.LastSeq()
		return nil
	})
	return seq, err
}

// nextMidnight answers the first instant after now at which a day begins in a zone.
func nextMidnight(now muster.Instant, zone *time.Location) muster.Instant {
	local := now.Time().In(zone)
	return muster.InstantOf(time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, zone))
}

// calendarLive makes the calendar groups live, beside the run's own.
func (b *bench) calendarLive(ctx context.Context) error {
	if err := b.allLive(ctx); err != nil {
		return err
	}
	for i := range calendarGroups {
		code := fmt.Sprintf("calendar-%04d", i)
		if b.roster.State().Groups[code] == nil {
			condition, err := muster.ParseCondition([]byte(b.calendarCondition(i)))
			if err != nil {
				return fmt.Errorf("%s: %w", b.calendarCondition(i), err)
			}
			zone := calendarZone(i)
			_, _, err = b.roster.SaveGroup(ctx, roster.Save{Create: true, Code: code, Name: &code, Condition: &condition, Zone: &zone, Author: "bench"})
			if err != nil {
				return fmt.Errorf("group %s: %w", code, err)
			}
		}
		if status, _ := b.roster.Status(code); status != muster.UpToDate {
			if err := b.recalculate(ctx, code); err != nil {
				return err
			}
		}
		b.Progress("calculating calendar groups", float64(i+1)/calendarGroups)
	}
	return nil
}

// calendarZone spreads the groups: seven in ten share a zone, one more has the
// same midnight under another name, two sleep at other times.
func calendarZone(i int) string {
	switch i / 12 % 10 {
	case 7:
		return "America/Toronto"
	case 8:
		return "Europe/Berlin"
	case 9:
		return "Asia/Tokyo"
	}
	return midnightZone
}

// calendarCondition is a mix of what the calendar moves, most of it narrowed by
// a page or a country as marketers do.
func (b *bench) calendarCondition(i int) string {
	periods := [...]string{"today", "yesterday", "this_week", "last_week", "this_month", "last_month", "this_quarter", "this_year"}
	countries := [...]string{"DE", "AT", "CH", "FR", "GB", "US"}
	k := i / 12
	page, period, country := b.load.Page(k*3%500), periods[k%len(periods)], countries[k%len(countries)]
	visited := fmt.Sprintf(`{"type":"visited-page","params":{"pages":[%q],"within":{"period":%q}}}`, page, period)
	from := fmt.Sprintf(`{"type":"country","params":{"any_of":[%q]}}`, country)
	conditions := [12]string{
		visited,
		visited + "," + from,
		fmt.Sprintf(`{"type":"performed-any","params":{"times":{"at_least":%d},"within":{"period":%q}}},%s`, 1+k%5, period, from),
		fmt.Sprintf(`{"type":"orders","params":{"within":{"period":%q}}}`, period),
		fmt.Sprintf(`{"type":"weekday","params":{"any_of":["monday","thursday"]}},{"type":"visited-page","params":{"pages":[%q],"within":{"last":"30d"}}}`, page),
		fmt.Sprintf(`{"type":"time-of-day","params":{"from":"00:00","to":"06:00"}},{"type":"visited-page","params":{"pages":[%q]}}`, page),
		fmt.Sprintf(`{"type":"month","params":{"any_of":["january"]}},{"type":"consent","params":{"consent":"tracking"}},%s,{"type":"visited-page","params":{"pages":[%q]}}`, from, page),
		fmt.Sprintf(`{"type":"birthday","params":{"when":"today"}},%s`, from),
		fmt.Sprintf(`{"type":"birthday","params":{"when":"in_next","days":%d}},%s`, 1+k%30, from),
		fmt.Sprintf(`{"type":"age","params":{"op":"at_least","years":%d}}`, 18+k%50),
		fmt.Sprintf(`{"type":"created","params":{"op":"in_last","value":"%dd"}},%s`, 30+k, visited),
		fmt.Sprintf(`{"type":"birthday","params":{"when":"in_month","month":"january"}},{"type":"visited-page","not":true,"params":{"pages":[%q],"within":{"period":%q}}}`, page, period),
	}
	return fmt.Sprintf(`{"match":"all","groups":[{"match":"all","conditions":[%s]}]}`, conditions[i%12])
}
