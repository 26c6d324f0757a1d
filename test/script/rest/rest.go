package rest

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/test/script"
)

// System is the program behind its REST API.
type System struct {
	tb      testing.TB
	server  *server
	admin   *client.Client
	collect *client.Client
	clock   muster.Instant // that the script wants
	now     muster.Instant // that the server has
	fields  map[string]muster.Field
	seen    map[muster.ContactID]bool
	told    muster.Seq
}

// New starts the program where the flags of place say, which has to be empty.
func New(tb testing.TB, o script.Options, binary string, place ...string) *System {
	tb.Helper()
	s := &System{tb: tb, clock: o.Clock, now: o.Clock, fields: muster.NewSchema(nil).Fields, seen: map[muster.ContactID]bool{}}
	var err error
	if s.server, err = start(binary, place, o.Clock); err != nil {
		tb.Fatal(err)
	}
	if err := s.connect(); err != nil {
		tb.Fatal(errors.Join(err, s.server.stop()))
	}
	return s
}

func (s *System) connect() (err error) {
	if s.admin, err = s.server.client(adminKey); err != nil {
		return err
	}
	key, err := s.admin.CreateKey(s.tb.Context(), "collector", "collect")
	if err != nil {
		return err
	}
	s.collect, err = s.server.client(key.Secret)
	return err
}

// Close verifies the membership as the program itself does, and stops it.
func (s *System) Close() error {
	verified, err := s.admin.Verify(s.tb.Context(), 0)
	if err == nil && verified.Wrong > 0 {
		err = muster.Errorf(muster.CodeInternal, "%d memberships are wrong: %+v", verified.Wrong, verified.Differences)
	}
	return errors.Join(err, s.server.stop())
}

// SetClock says what time it is; the server is told before the next change.
func (s *System) SetClock(t muster.Instant) { s.clock = t }

// Advance moves the server's clock. It never goes back.
func (s *System) Advance() error {
	at, err := s.admin.MoveClock(s.tb.Context(), max(s.clock, s.now))
	s.now = max(s.now, at)
	return err
}

func (s *System) tell() error {
	if s.clock <= s.now {
		return nil
	}
	return s.Advance()
}

// SetZone sets the project's time zone and waits for what that recalculates.
func (s *System) SetZone(name string) error {
	_, err := s.admin.SetSettings(s.tb.Context(), client.SettingsInput{TimeZone: &name})
	return errors.Join(err, s.settle())
}

func (s *System) settle() error {
	groups, err := s.admin.Groups(s.tb.Context(), "")
	for _, g := range groups {
		if g.Progress != nil {
			err = errors.Join(err, s.Recalculate(g.Code))
		}
	}
	return err
}

// Define adds or replaces a definition.
func (s *System) Define(d script.Definition) (err error) {
	ctx := s.tb.Context()
	switch {
	case d.Field != nil:
		if _, err = s.admin.Fields().Put(ctx, *d.Field); err == nil {
			s.fields[d.Field.Code] = *d.Field
		}
		return err
	case d.Consent != nil:
		_, err = s.admin.Consents().Put(ctx, *d.Consent)
		return err
	case d.List != nil:
		_, err = s.admin.Lists().Put(ctx, *d.List)
		return err
	case d.Channel != nil:
		_, err = s.admin.Channels().Put(ctx, *d.Channel)
		return err
	}
	if r := d.Retention; r != nil {
		_, err = s.admin.SetRetention(ctx, client.RetentionInput{Enabled: &r.Enabled, Hour: &r.Hour, AnonymousDays: &r.AnonymousDays, KnownDays: &r.KnownDays})
		return err
	}
	if _, err = s.admin.ActivityTypes().Put(ctx, *d.Activity); err != nil {
		return err
	}
	return s.settle()
}

// Drop removes a definition or a group.
func (s *System) Drop(kind, code string) error {
	ctx := s.tb.Context()
	var err error
	switch kind {
	case "field":
		err = s.admin.Fields().Delete(ctx, code)
	case "activity":
		err = s.admin.ActivityTypes().Delete(ctx, code)
	case "consent":
		err = s.admin.Consents().Delete(ctx, code)
	case "list":
		err = s.admin.Lists().Delete(ctx, code)
	case "channel":
		err = s.admin.Channels().Delete(ctx, code)
	default:
		err = s.admin.DeleteGroup(ctx, code)
	}
	if muster.CodeOf(err) == muster.CodeInUse { // scripts do not compare the users
		return muster.Errorf(muster.CodeInUse, "%v", err)
	}
	return err
}

// SaveGroup creates or changes a group.
func (s *System) SaveGroup(save script.Save) error {
	ctx := s.tb.Context()
	if err := s.tell(); err != nil {
		return err
	}
	in := client.GroupInput{Code: save.Code, Name: &save.Code, Condition: &save.Condition, TimeZone: &save.Zone}
	_, err := s.admin.Group(ctx, save.Code)
	if client.IsNotFound(err) {
		_, err = s.admin.CreateGroup(ctx, in)
	} else if err == nil {
		_, err = s.admin.ChangeGroup(ctx, save.Code, in)
	}
	if err != nil {
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
	if !errors.As(err, &e) {
		return err
	}
	if e.Code != muster.CodeInvalid {
		return muster.Errorf(e.Code, "%v", err)
	}
	return below("/condition", err)
}

// below takes a prefix off the places that an error points at.
func below(prefix string, err error) error {
	var e *muster.Error
	if !errors.As(err, &e) {
		return err
	}
	moved := *e
	moved.Problems = slices.Clone(e.Problems)
	for i := range moved.Problems {
		moved.Problems[i].Location = strings.TrimPrefix(moved.Problems[i].Location, prefix)
	}
	return &moved
}

// Recalculate activates what is pending and waits.
func (s *System) Recalculate(code string) error {
	if err := s.tell(); err != nil {
		return err
	}
	_, err := s.admin.Recalculate(s.tb.Context(), code, true)
	return err
}

// Status answers a group's status.
func (s *System) Status(code string) (muster.GroupStatus, error) {
	g, err := s.admin.Group(s.tb.Context(), code)
	return g.Status, err
}

// Members lists the members.
func (s *System) Members(code string) ([]muster.ContactID, error) { return s.MembersAt(code, 0) }

// MembersAt lists who was a member at an instant; 0 is now. The count must agree.
func (s *System) MembersAt(code string, at muster.Instant) (ids []muster.ContactID, err error) {
	ctx := s.tb.Context()
	for m, err := range client.All(func(cursor string) (client.Page[client.Member], error) {
		return s.admin.Members(ctx, code, at, cursor, 3)
	}) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, m.ID)
	}
	if at != 0 {
		return ids, nil // contacts that were merged since count, but are not listed
	}
	count, err := s.admin.CountMembers(ctx, code, at)
	if err == nil && int(count.Count) != len(ids) {
		err = muster.Errorf(muster.CodeInternal, "%d members are listed, %d are counted", len(ids), count.Count)
	}
	return ids, err
}

// Changes answers the feed since the last call.
func (s *System) Changes() (list []script.Change, err error) {
	for {
		feed, err := s.admin.Changes(s.tb.Context(), client.FeedQuery{After: s.told, Limit: 5})
		if err != nil {
			return nil, err
		}
		for _, c := range feed.Items {
			change := script.Change{Group: c.Group, At: c.At, Entered: c.Direction == "entered", Cause: muster.Cause{Kind: causeOf(c.Cause.Kind), Code: c.Cause.Code}}
			// Records of an erasure tell for a time whom they were about; to a script
			// the contact is gone.
			if erased := (muster.Change{Entered: change.Entered, Cause: change.Cause}).Erased(); c.ContactID != nil && !erased {
				change.Contact = *c.ContactID
			}
			list = append(list, change)
		}
		if len(feed.Items) == 0 {
			return list, nil
		}
		s.told = feed.Last
	}
}

func causeOf(name string) muster.CauseKind {
	for kind := muster.CauseActivity; kind <= muster.CauseRetention; kind++ {
		if kind.String() == name {
			return kind
		}
	}
	return 0
}

// Explain answers the truth of every node.
func (s *System) Explain(code string, contact muster.ContactID) (map[string]bool, error) {
	explanation, err := s.admin.Explain(s.tb.Context(), code, contact.String(), false)
	if err != nil {
		return nil, err
	}
	truth := map[string]bool{}
	var walk func(n *client.ExplainedNode)
	walk = func(n *client.ExplainedNode) {
		truth[n.Pointer] = n.Matches
		for _, child := range n.Of {
			walk(child)
		}
	}
	walk(&explanation.ExplainedNode)
	return truth, nil
}

// Contact answers the parent that an identifier names.
func (s *System) Contact(who muster.Identifiers) (muster.Contact, error) {
	ctx := s.tb.Context()
	if who.ID.IsZero() {
		found, err := s.admin.Lookup(ctx, who)
		if err != nil {
			return muster.Contact{}, err
		}
		if found.ContactID == nil {
			return muster.Contact{}, muster.Errorf(muster.CodeNotFound, "there is no such contact")
		}
		who.ID = *found.ContactID
	}
	c, err := s.admin.Contact(ctx, who.ID)
	if err != nil {
		return muster.Contact{}, err
	}
	return s.contact(c)
}

func (s *System) contact(c client.Contact) (muster.Contact, error) {
	out := muster.Contact{ID: c.ID, VisitorIDs: c.VisitorIDs, Fields: map[string]muster.Value{}, CreatedAt: c.CreatedAt, LastActivityAt: muster.Beginning, MergedIDs: c.MergedIDs}
	if c.ExternalID != nil {
		out.ExternalID = *c.ExternalID
	}
	if c.Email != nil {
		out.Email = *c.Email
	}
	if c.LastActivityAt != nil {
		out.LastActivityAt = *c.LastActivityAt
	}
	for code, raw := range c.Fields {
		f := s.fields[code]
		if f.System || code == "email" {
			continue
		}
		v, err := f.ParseJSON(raw)
		if err != nil {
			return out, err
		}
		out.Fields[code] = v
	}
	decide := func(kind muster.DecisionKind, code string, d client.Decision) {
		state, _ := muster.ParseDecisionState(kind, d.State)
		out.Decisions = append(out.Decisions, muster.Decision{Kind: kind, Code: code, State: state, At: d.At, Version: d.Version})
	}
	for code, d := range c.Consents {
		decide(muster.OnConsent, code, d)
	}
	for code, d := range c.Lists {
		decide(muster.OnList, code, d)
	}
	if c.AllMail != nil {
		decide(muster.OnAllMail, "", *c.AllMail)
	}
	slices.SortFunc(out.Decisions, func(a, b muster.Decision) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Code, b.Code))
	})
	return out, nil
}
