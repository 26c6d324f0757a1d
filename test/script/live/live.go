// Package live lets scripts drive the whole loop over any store: the roster
// with a manual clock, read in one of several ways that must not differ.
//
// It must not know which store it drives, nor any rule that scripts check.
package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/test/judge"
	"github.com/muster-groups/muster/test/script"
)

// Reading is how members are read.
type Reading int

// The readings. None of them may give another answer than the others.
const (
	// Kept reads the membership that live changes and ticks have kept.
	Kept Reading = iota
	// Recalculated recalculates the group first.
	Recalculated
	// Restarted closes and opens everything first.
	Restarted
)

// System is the loop over a store.
type System struct {
	tb      testing.TB
	options script.Options
	clock   muster.Instant
	reading Reading
	open    func() (store.Store, error)
	store   store.Store
	roster  *roster.Roster
	told    muster.Seq
}

// New makes a system over the store that open answers; open is called again
// after every restart and answers the same store.
func New(tb testing.TB, o script.Options, reading Reading, open func() (store.Store, error)) *System {
	s := &System{tb: tb, options: o, clock: o.Clock, reading: reading, open: open}
	s.start()
	return s
}

func (s *System) start() {
	st, err := s.open()
	if err != nil {
		s.tb.Fatalf("open the store: %v", err)
	}
	r, err := roster.Open(s.tb.Context(), st, roster.Options{
		Clock: roster.ClockFunc(func() muster.Instant { return s.clock }), Manual: true, ServerZone: time.UTC,
		NewID:  func(muster.Instant) muster.ContactID { return s.options.NewID() },
		Minute: func(from, _ int) int { return from },
	})
	if err != nil {
		s.tb.Fatalf("open the roster: %v", errors.Join(err, st.Close()))
	}
	s.store, s.roster = st, r
}

// Close ends the roster and then the store.
func (s *System) Close() error { return errors.Join(s.roster.Close(), s.store.Close()) }

// SetClock says what time it is.
func (s *System) SetClock(t muster.Instant) { s.clock = t }

// Advance brings every group to the time of the clock.
func (s *System) Advance() error {
	_, err := s.roster.Advance(s.tb.Context())
	return err
}

// SetZone sets the project's time zone and waits for what it recalculates.
func (s *System) SetZone(name string) error {
	if err := s.roster.SetZone(s.tb.Context(), name); err != nil {
		return err
	}
	return s.settle()
}

// settle waits for all recalculations that were begun.
func (s *System) settle() error {
	for code := range s.roster.State().Groups {
		if status, _ := s.roster.Status(code); status != muster.Recalculating {
			continue
		}
		if err := s.Recalculate(code); err != nil {
			return err
		}
	}
	return nil
}

// Define adds or replaces a definition.
func (s *System) Define(d script.Definition) error {
	ctx := s.tb.Context()
	switch {
	case d.Field != nil:
		return s.roster.PutField(ctx, *d.Field)
	case d.Consent != nil:
		return s.roster.PutNamed(ctx, roster.KindConsent, *d.Consent)
	case d.List != nil:
		return s.roster.PutNamed(ctx, roster.KindList, *d.List)
	case d.Channel != nil:
		return s.roster.PutNamed(ctx, roster.KindChannel, *d.Channel)
	case d.Retention != nil:
		r := d.Retention
		return s.roster.SetRetention(ctx, roster.RetentionChange{Enabled: &r.Enabled, Hour: &r.Hour, AnonymousDays: &r.AnonymousDays, KnownDays: &r.KnownDays})
	}
	if err := s.roster.PutActivityType(ctx, *d.Activity); err != nil {
		return err
	}
	return s.settle()
}

// Drop removes a definition or a group.
func (s *System) Drop(kind, code string) error {
	ctx := s.tb.Context()
	switch kind {
	case "field":
		return withoutUsers(s.roster.DeleteField(ctx, code))
	case "activity":
		return withoutUsers(s.roster.DeleteActivityType(ctx, code))
	case "group":
		return withoutUsers(s.roster.DeleteGroup(ctx, code))
	}
	named := map[string]roster.Kind{"consent": roster.KindConsent, "list": roster.KindList, "channel": roster.KindChannel}
	return withoutUsers(s.roster.DeleteNamed(ctx, named[kind], code))
}

// withoutUsers keeps the code of a refusal and drops the list of users, which scripts
// do not compare.
func withoutUsers(err error) error {
	if err == nil || muster.CodeOf(err) != muster.CodeInUse {
		return err
	}
	return muster.Errorf(muster.CodeInUse, "%v", err)
}

// Apply applies a batch.
func (s *System) Apply(b muster.Batch) (muster.BatchResult, error) {
	return s.roster.Apply(s.tb.Context(), b)
}

// Contact answers the parent that an identifier names.
func (s *System) Contact(who muster.Identifiers) (c muster.Contact, err error) {
	err = s.store.View(s.tb.Context(), func(v store.View) error {
		no, err := find(v, who)
		if err != nil {
			return err
		}
		c, err = v.Contact(no)
		return err
	})
	return c, err
}

func find(v store.View, who muster.Identifiers) (muster.ContactNo, error) {
	if !who.ID.IsZero() {
		return v.ByID(who.ID)
	}
	for _, try := range []struct {
		value string
		find  func(string) muster.ContactNo
	}{{who.ExternalID, v.ByExternalID}, {who.Email, v.ByEmail}, {who.VisitorID, v.ByVisitor}} {
		if try.value == "" {
			continue
		}
		if no := try.find(try.value); no != 0 {
			return no, nil
		}
	}
	return 0, muster.Errorf(muster.CodeNotFound, "there is no such contact")
}

// SaveGroup creates or changes a group.
func (s *System) SaveGroup(save script.Save) error {
	in := roster.Save{
		Code: save.Code, Name: &save.Code, Zone: &save.Zone, Condition: &save.Condition, Author: "script",
		Create: s.roster.State().Groups[save.Code] == nil,
	}
	if _, _, err := s.roster.SaveGroup(s.tb.Context(), in); err != nil {
		return inCondition(err)
	}
	if save.Recalculate {
		return s.Recalculate(save.Code)
	}
	return nil
}

// inCondition makes problems point into the condition instead of the group.
func inCondition(err error) error {
	var e *muster.Error
	if !errors.As(err, &e) || len(e.Problems) == 0 || e.Code != muster.CodeInvalid {
		if code := muster.CodeOf(err); code != muster.CodeInternal {
			return muster.Errorf(code, "%v", err)
		}
		return err
	}
	moved := *e
	moved.Problems = slices.Clone(e.Problems)
	for i := range moved.Problems {
		moved.Problems[i].Location = strings.TrimPrefix(moved.Problems[i].Location, "/condition")
	}
	return &moved
}

// Recalculate activates what is pending and waits.
func (s *System) Recalculate(code string) error {
	job, err := s.roster.Recalculate(s.tb.Context(), code)
	if err != nil {
		return err
	}
	return job.Wait(s.tb.Context())
}

// Status answers a group's status.
func (s *System) Status(code string) (muster.GroupStatus, error) {
	if s.roster.State().Groups[code] == nil {
		return "", muster.Errorf(muster.CodeNotFound, "there is no group %s", code)
	}
	status, _ := s.roster.Status(code)
	return status, nil
}

// Members answers the members in the way of this system's reading. Before that,
// the oracle judges every contact for every group, and for every node of this
// one, and the set of its plan is evaluated, over all contacts and in a scan.
func (s *System) Members(code string) (ids []muster.ContactID, err error) {
	g := s.roster.State().Groups[code]
	if g == nil {
		return nil, muster.Errorf(muster.CodeNotFound, "there is no group %s", code)
	}
	if err := s.judge(code); err != nil {
		return nil, err
	}
	switch s.reading {
	case Recalculated:
		if g.Active != 0 && g.Pending == 0 {
			if err := s.Recalculate(code); err != nil {
				return nil, err
			}
		}
	case Restarted:
		if err := s.Close(); err != nil {
			return nil, fmt.Errorf("close: %w", err)
		}
		s.start()
	}
	err = s.store.View(s.tb.Context(), func(v store.View) error {
		ids = idsOf(v, v.Members(g.No))
		return nil
	})
	return ids, err
}

// judge has the oracle judge every contact.
func (s *System) judge(code string) error {
	ctx := s.tb.Context()
	verdict, err := judge.Compare(ctx, s.roster)
	if err != nil {
		return err
	}
	for no := range verdict.People {
		if err := verdict.CompareNodes(ctx, s.roster, code, no); err != nil {
			return err
		}
	}
	set, err := judge.Evaluate(ctx, s.roster, code)
	if err == nil && !set.Equals(verdict.Members[code]) {
		err = fmt.Errorf("at %s the set of group %s is %v, the oracle says %v", verdict.Tick, code, set, verdict.Members[code])
	}
	return err
}

func idsOf(v store.View, set *roaring.Bitmap) (ids []muster.ContactID) {
	for it := set.Iterator(); it.HasNext(); {
		ids = append(ids, v.Owner(muster.ContactNo(it.Next())).ID)
	}
	return ids
}

// MembersAt answers who was in a group at a past instant.
func (s *System) MembersAt(code string, at muster.Instant) (ids []muster.ContactID, err error) {
	g := s.roster.State().Groups[code]
	if g == nil {
		return nil, muster.Errorf(muster.CodeNotFound, "there is no group %s", code)
	}
	err = s.store.View(context.Background(), func(v store.View) error {
		set, err := v.MembersAt(g.No, at)
		if err == nil {
			ids = idsOf(v, set)
		}
		return err
	})
	return ids, err
}

// Changes answers the records since the last call.
func (s *System) Changes() (list []script.Change, err error) {
	err = s.store.View(s.tb.Context(), func(v store.View) error {
		for {
			page, err := v.Changes(store.ChangeQuery{After: s.told, Limit: 100})
			if err != nil {
				return err
			}
			for _, c := range page {
				s.told = c.Seq
				change := script.Change{At: c.At, Entered: c.Entered, Cause: c.Cause, Group: s.code(c.Group)}
				if c.Contact != 0 {
					change.Contact = v.Owner(c.Contact).ID
				}
				list = append(list, change)
			}
			if len(page) < 100 {
				return nil
			}
		}
	})
	return list, err
}

// code answers the code of a group by its number.
func (s *System) code(no muster.GroupNo) string {
	if g := s.roster.State().ByNo[no]; g != nil {
		return g.Code
	}
	return fmt.Sprintf("group %d", no)
}

// Explain evaluates every node of the active condition for one contact.
func (s *System) Explain(code string, contact muster.ContactID) (map[string]bool, error) {
	checked, zone, err := s.roster.Checked(code, false)
	if err != nil {
		return nil, err
	}
	if checked == nil {
		return nil, muster.Errorf(muster.CodeNotFound, "group %s was never calculated", code)
	}
	var no muster.ContactNo
	err = s.store.View(s.tb.Context(), func(v store.View) error {
		no, err = v.ByID(contact)
		return err
	})
	if err != nil {
		return nil, err
	}
	return judge.Truth(s.tb.Context(), s.roster, checked, zone, no)
}

// Refresh takes in what other processes on the same store have done, as a server
// does before it answers a request.
func (s *System) Refresh() error { return s.roster.Refresh(s.tb.Context()) }
