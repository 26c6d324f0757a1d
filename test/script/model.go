package script

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/oracle"
)

// Model is the system that others are compared with: plain lists of people,
// every group evaluated from scratch by the oracle after every step. It is
// written from the design alone and is as slow as it looks.
type Model struct {
	catalog *catalog.Catalog
	schema  *muster.Schema
	options Options
	clock   muster.Instant
	last    muster.Instant            // of the last commit
	people  []*person                 // in order of creation; merged and erased ones stay
	groups  []*group                  // in order of creation
	seen    map[string]muster.Instant // when an activity id arrived
	log     []Change
	told    int // how much of the log Changes has answered
	history []snapshot
	retention
}

// person is a contact: a parent, one that was merged, or one that was erased.
type person struct {
	oracle.Person
	visitors []string
	parent   *person // nil for a parent
	erased   bool
}

// group is a contact group; checked conditions are made anew when needed,
// because definitions change.
type group struct {
	code            string
	active, pending *version
	members         map[muster.ContactID]bool
}

type version struct {
	condition muster.Condition
	zone      string
}

// snapshot is who was in which group after a commit.
type snapshot struct {
	at      muster.Instant
	members map[string]map[muster.ContactID]bool
}

// NewModel makes an empty model.
func NewModel(o Options) *Model {
	schema := muster.NewSchema(time.UTC)
	schema.GroupNames = map[string]string{}
	return &Model{catalog: catalog.New(), schema: schema, options: o, clock: o.Clock, last: o.Clock, seen: map[string]muster.Instant{}}
}

// SetClock says what time it is.
func (m *Model) SetClock(t muster.Instant) { m.clock = t }

// Advance brings every group to the time of the clock. When a night's hour of
// retention has passed, what is past it is removed.
func (m *Model) Advance() error {
	m.commit(func(*commit) {})
	m.retain()
	return nil
}

// SetZone sets the project's zone and recalculates the groups without their own.
func (m *Model) SetZone(name string) error {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" {
		return muster.Errorf(muster.CodeInvalid, "%q is not a time zone", name)
	}
	m.commit(func(c *commit) {
		m.schema = m.schema.Clone()
		m.schema.Zone = zone
		c.recalculated = m.groups
		c.recalculation = muster.CauseRecalculation
	})
	return nil
}

// Define adds or replaces a definition.
func (m *Model) Define(d Definition) error {
	m.commit(func(c *commit) {
		if d.Retention != nil {
			m.setRetention(*d.Retention)
			return
		}
		m.schema = m.schema.Clone()
		d.addTo(m.schema)
		if d.Activity != nil {
			c.recalculated, c.recalculation = m.groups, muster.CauseRecalculation
		}
	})
	return nil
}

// Drop removes a definition or group that no condition uses.
func (m *Model) Drop(kind, code string) error {
	for _, g := range m.groups {
		for _, v := range []*version{g.active, g.pending} {
			if v != nil && g.code != code && uses(m.check(v), kind, code) {
				return muster.Errorf(muster.CodeInUse, "group %s uses %s %s", g.code, kind, code)
			}
		}
	}
	m.commit(func(*commit) {
		m.schema = m.schema.Clone()
		switch kind {
		case "field":
			delete(m.schema.Fields, code)
		case "activity":
			delete(m.schema.ActivityTypes, code)
		case "consent":
			delete(m.schema.Consents, code)
		case "list":
			delete(m.schema.Lists, code)
		case "channel":
			delete(m.schema.Channels, code)
		case "group":
			delete(m.schema.Groups, code)
			m.groups = slices.DeleteFunc(m.groups, func(g *group) bool { return g.code == code })
		}
	})
	return nil
}

// Contact answers the parent that an identifier names.
func (m *Model) Contact(who muster.Identifiers) (muster.Contact, error) {
	p, err := m.named(who)
	if err != nil {
		return muster.Contact{}, err
	}
	c := muster.Contact{
		ID: p.ID, ExternalID: p.ExternalID, Email: p.Email, VisitorIDs: p.visitors,
		Fields: p.Fields, CreatedAt: p.CreatedAt, LastActivityAt: muster.Beginning,
		Decisions: standing(p.Decisions),
	}
	for _, a := range p.Activities {
		c.LastActivityAt = max(c.LastActivityAt, a.At)
	}
	for _, other := range m.people {
		if other != p && !other.erased && other.root() == p {
			c.MergedIDs = append(c.MergedIDs, other.ID)
		}
	}
	return c, nil
}

func (m *Model) named(who muster.Identifiers) (*person, error) {
	if !who.ID.IsZero() {
		return m.byID(who.ID)
	}
	for _, p := range []*person{m.byExternalID(who.ExternalID), m.byEmail(who.Email), m.byVisitor(who.VisitorID)} {
		if p != nil {
			return p, nil
		}
	}
	return nil, muster.Errorf(muster.CodeNotFound, "there is no such contact")
}

// Activities answers what a parent did, in order of arrival.
func (m *Model) Activities(id muster.ContactID) ([]muster.Activity, error) {
	p, err := m.byID(id)
	if err != nil {
		return nil, err
	}
	return p.Activities, nil
}

// standing answers the decision that stands of each kind and code, in order.
func standing(all []muster.Decision) []muster.Decision {
	type subject struct {
		kind muster.DecisionKind
		code string
	}
	latest := map[subject]muster.Decision{}
	for _, d := range all {
		key := subject{d.Kind, d.Code}
		old, known := latest[key]
		// Of two states at the same instant the higher one is the stricter.
		if !known || d.At > old.At || d.At == old.At && d.State > old.State {
			latest[key] = d
		}
	}
	return slices.SortedFunc(maps.Values(latest), func(a, b muster.Decision) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Code, b.Code))
	})
}

// Status answers a group's status.
func (m *Model) Status(code string) (muster.GroupStatus, error) {
	g := m.group(code)
	switch {
	case g == nil:
		return "", muster.Errorf(muster.CodeNotFound, "there is no group %s", code)
	case g.active == nil:
		return muster.NeverCalculated, nil
	case g.pending != nil:
		return muster.ConditionChanged, nil
	}
	return muster.UpToDate, nil
}

// Members answers the members as of the last commit.
func (m *Model) Members(code string) ([]muster.ContactID, error) {
	g := m.group(code)
	if g == nil {
		return nil, muster.Errorf(muster.CodeNotFound, "there is no group %s", code)
	}
	return slices.Collect(maps.Keys(g.members)), nil
}

// MembersAt answers the members after the last commit at or before an instant.
func (m *Model) MembersAt(code string, at muster.Instant) ([]muster.ContactID, error) {
	var members map[muster.ContactID]bool
	for _, s := range m.history {
		if s.at <= at {
			members = s.members[code]
		}
	}
	return slices.Collect(maps.Keys(members)), nil
}

// Changes answers what was not answered yet.
func (m *Model) Changes() ([]Change, error) {
	list := slices.Clone(m.log[m.told:])
	m.told = len(m.log)
	return list, nil
}

// Explain asks the oracle about one contact and the active condition.
func (m *Model) Explain(code string, contact muster.ContactID) (map[string]bool, error) {
	g := m.group(code)
	if g == nil || g.active == nil {
		return nil, muster.Errorf(muster.CodeNotFound, "group %s was never calculated", code)
	}
	p, err := m.byID(contact)
	if err != nil {
		return nil, err
	}
	asked := p.Person
	asked.Groups = map[string]bool{}
	for _, other := range m.groups {
		asked.Groups[other.code] = other.members[p.ID]
	}
	matched, truth := oracle.Explain(m.check(g.active), &asked, m.last, m.zone(g.active), m.schema)
	truth[""] = matched
	return truth, nil
}

// Close has nothing to do.
func (m *Model) Close() error { return nil }

func (m *Model) group(code string) *group {
	for _, g := range m.groups {
		if g.code == code {
			return g
		}
	}
	return nil
}

// check checks a condition that was sound when it was saved.
func (m *Model) check(v *version) *catalog.Condition {
	checked, err := m.catalog.Check(v.condition, m.schema)
	if err != nil {
		panic("a saved condition is no longer sound: " + err.Error())
	}
	return checked
}

func (m *Model) zone(v *version) *time.Location {
	if v.zone == "" {
		return m.schema.Zone
	}
	zone, err := time.LoadLocation(v.zone)
	if err != nil {
		panic(err)
	}
	return zone
}

// root is the parent of a person, or the person itself.
func (p *person) root() *person {
	for p.parent != nil {
		p = p.parent
	}
	return p
}

// emailKey is the form in which emails are compared: trimmed and case folded.
func emailKey(s string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(trim(s))))
}
