package roster

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/store"
)

// The kinds of document that the roster keeps in the store.
const (
	docField        = "field"
	docActivityType = "activity_type"
	docConsent      = "consent"
	docList         = "list"
	docChannel      = "channel"
	docGroup        = "group"
	docDeletedGroup = "deleted_group" // by number
	docSettings     = "settings"
	settingsCode    = "project"
)

const (
	maxStartGap = 400 * 86400 // seconds; more at start needs AcceptClock
	maxRunGap   = 24 * 3600   // seconds; more while running needs AcceptClock
)

// Open reads the definitions and groups, and catches the clock up: when it
// returns, every group is right as of now. It refuses (CodeConflict) a clock
// more than 400 days ahead of the last commit without AcceptClock.
func Open(ctx context.Context, st store.Store, opts Options) (*Roster, error) {
	r := &Roster{store: st, catalog: catalog.New(), opts: withDefaults(opts)}
	r.log = r.opts.Logger
	r.life, r.stop = context.WithCancel(context.Background())
	r.jobs.progress = map[string]*Job{}
	r.feed.changed = make(chan struct{})

	r.openShared()
	var state *State
	var tick muster.Instant
	err := st.View(ctx, func(v store.View) error {
		var err error
		tick = v.Tick()
		if shared, ok := v.(store.SharedView); ok {
			r.share.seen.Store(shared.Written().Commit)
		}
		if state, err = load(v); err != nil {
			return err
		}
		return firstError(r.heard.load(v), r.erased.load(v))
	})
	if err != nil {
		return nil, err
	}
	now := r.opts.Clock.Now()
	if tick != 0 && now > tick+maxStartGap && !r.opts.AcceptClock && !r.opts.Manual {
		return nil, muster.Errorf(muster.CodeConflict, "the system clock says %s, more than 400 days after the last commit at %s; if that is right, start once with --accept-clock", now, tick)
	}
	r.state.Store(state)
	if tick == 0 {
		tick = now
	}
	r.latest.Store(int64(tick))
	r.live = &liveSet{at: tick, groups: map[muster.GroupNo]*follower{}}
	for _, g := range state.Groups {
		if g.Active == 0 {
			continue
		}
		p, err := r.compile(state.Schema, g, g.Active, g.ActiveZone, tick)
		if err != nil {
			return nil, fmt.Errorf("the active condition of group %s no longer checks: %w", g.Code, err)
		}
		r.live.groups[g.No] = &follower{group: g.No, code: g.Code, program: p}
	}
	r.live.rebuild()
	if r.opts.ReadOnly {
		return r, r.startShared(ctx)
	}
	r.commit.Lock()
	_, err = r.write(ctx, nil) // at start a gap of up to 400 days is taken as it is
	r.opened = true
	r.commit.Unlock()
	if err != nil {
		return nil, err
	}
	if err := r.startShared(ctx); err != nil {
		r.stop()
		r.done.Wait()
		return nil, err
	}
	for _, g := range r.State().Groups {
		if r.Works() && (g.Requested || g.Redefined) {
			r.enqueue(g.Code, false)
		}
	}
	return r, nil
}

func withDefaults(o Options) Options {
	if o.Clock == nil {
		o.Clock = SystemClock()
	}
	if o.ServerZone == nil {
		o.ServerZone = time.Local
	}
	if o.NewID == nil {
		o.NewID = func(muster.Instant) muster.ContactID { return muster.ContactID(uuid.Must(uuid.NewV7())) }
	}
	if o.Minute == nil {
		o.Minute = func(from, to int) int { return from + rand.IntN(to-from) }
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.MaxQueue == 0 {
		o.MaxQueue = 100_000
	}
	if o.LeaseTerm == 0 {
		o.LeaseTerm = usualTerm
	}
	if o.Slice == 0 {
		o.Slice = usualSlice
	}
	return o
}

// load reads the definitions and groups out of the store's documents.
func load(v store.View) (*State, error) {
	s := &State{Groups: map[string]*muster.Group{}, ByNo: map[muster.GroupNo]*muster.Group{}, Settings: Settings{NextGroup: 1}, Retention: Retention{Hour: usualHour}, Deleted: map[muster.GroupNo]string{}}
	if err := read(v, docSettings, func(_ string, settings Settings) { s.Settings = settings }); err != nil {
		return nil, err
	}
	zone, err := loadZone(s.Settings.Zone)
	if err != nil {
		return nil, err
	}
	s.Schema = muster.NewSchema(zone)
	err = firstError(
		read(v, docField, func(code string, f muster.Field) { s.Schema.Fields[code] = f }),
		read(v, docActivityType, func(code string, t muster.ActivityType) { s.Schema.ActivityTypes[code] = t }),
		read(v, docConsent, func(code string, n muster.Named) { s.Schema.Consents[code] = n }),
		read(v, docList, func(code string, n muster.Named) { s.Schema.Lists[code] = n }),
		read(v, docChannel, func(code string, n muster.Named) { s.Schema.Channels[code] = n }),
		read(v, docGroup, func(code string, g muster.Group) { s.Groups[code] = &g }),
		read(v, docDeletedGroup, func(_ string, d deletedGroup) { s.Deleted[d.No] = d.Code }),
		read(v, docRetention, func(_ string, kept Retention) { s.Retention = kept }),
		read(v, docRetentionRun, func(_ string, run RetentionRun) {
			if run.EndedAt == 0 {
				s.run = &run
			}
		}),
	)
	if err != nil {
		return nil, err
	}
	s.index()
	return s, nil
}

// deletedGroup is what stays of a group that was deleted.
type deletedGroup struct {
	No   muster.GroupNo `json:"no"`
	Code string         `json:"code"`
}

// index makes what follows from Groups.
func (s *State) index() {
	s.ByNo = make(map[muster.GroupNo]*muster.Group, len(s.Groups))
	s.Schema.Groups = make(map[string]muster.GroupNo, len(s.Groups))
	s.Schema.GroupNames = make(map[string]string, len(s.Groups))
	for code, g := range s.Groups {
		s.ByNo[g.No] = g
		s.Schema.Groups[code] = g.No
		s.Schema.GroupNames[code] = g.Name
	}
}

func read[T any](v store.View, kind string, add func(code string, doc T)) error {
	docs, err := v.Documents(kind)
	if err != nil {
		return err
	}
	for code, body := range docs {
		var doc T
		if err := json.Unmarshal(body, &doc); err != nil {
			return fmt.Errorf("read %s %s: %w", kind, code, err)
		}
		add(code, doc)
	}
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func loadZone(name string) (*time.Location, error) {
	if name == "" {
		return time.UTC, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || strings.EqualFold(name, "local") {
		return nil, located("/time_zone", fmt.Sprintf("%q is not a time zone: expected an IANA name such as Europe/Vienna", name))
	}
	return zone, nil
}

// compile checks a group's version and makes its program. An empty zone name is
// the project's.
func (r *Roster) compile(schema *muster.Schema, g *muster.Group, version int, zoneName string, at muster.Instant) (*program, error) {
	v := g.Version(version)
	if v == nil {
		return nil, fmt.Errorf("group %s has no version %d", g.Code, version)
	}
	checked, err := r.catalog.Check(v.Condition, schema)
	if err != nil {
		return nil, err
	}
	zone := schema.Zone
	if zoneName != "" {
		if zone, err = loadZone(zoneName); err != nil {
			return nil, err
		}
	}
	return newProgram(checked, schema, zone, at), nil
}

// Start runs the clock: a tick at least every second, with the schedule and
// the store's housekeeping. With a manual clock, or only reading, it does nothing.
func (r *Roster) Start() {
	if r.opts.Manual || r.opts.ReadOnly {
		return
	}
	r.done.Go(r.tick)
	r.done.Go(r.maintain)
}

// Close ends the recalculations and the clock, and waits for them. The store
// stays open.
func (r *Roster) Close() error {
	r.stop()
	r.jobs.close()
	r.share.close()
	r.done.Wait()
	r.endShared()
	return nil
}

func (r *Roster) tick() {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-r.life.Done():
			return
		case <-ticker.C:
		}
		if _, err := r.Advance(r.life); err != nil && r.life.Err() == nil {
			r.log.Error("the clock could not advance", "error", err)
			if r.store.Err() != nil {
				return // for good; whoever runs us sees it there
			}
		}
	}
}

func (r *Roster) maintain() {
	ticker := time.NewTicker(10 * time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-r.life.Done():
			return
		case <-ticker.C:
		}
		for more := true; more && r.life.Err() == nil; {
			var err error
			if more, err = r.store.Maintain(r.life); err != nil {
				if r.life.Err() == nil {
					r.log.Error("housekeeping failed", "error", err)
				}
				break
			}
		}
	}
}

// sortedCodes is the codes of all groups, in order.
func (s *State) sortedCodes() []string {
	codes := make([]string, 0, len(s.Groups))
	for code := range s.Groups {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}
