package identity_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/identity"
	"pgregory.net/rapid"
)

// A world carries decisions out in the plainest way: who owns what, by maps.
// It fails the test when a decision asks for something a store would refuse.
type world struct {
	people     map[muster.ContactNo]*identity.Owner
	byExternal map[string]muster.ContactNo
	byEmail    map[string]muster.ContactNo // by key
	byVisitor  map[string]muster.ContactNo
	last       muster.ContactNo
}

func newWorld() *world {
	return &world{
		people:     map[muster.ContactNo]*identity.Owner{},
		byExternal: map[string]muster.ContactNo{},
		byEmail:    map[string]muster.ContactNo{},
		byVisitor:  map[string]muster.ContactNo{},
	}
}

// find answers fresh copies, as a store does, so that identity cannot rely on
// pointers being equal.
func (w *world) find(who muster.Identifiers) identity.Found {
	owner := func(no muster.ContactNo) *identity.Owner {
		if o, ok := w.people[no]; ok {
			copied := *o
			return &copied
		}
		return nil
	}
	return identity.Found{
		ByID:         owner(muster.ContactNo(who.ID[15])),
		ByExternalID: owner(w.byExternal[who.ExternalID]),
		ByEmail:      owner(w.byEmail[identity.EmailKey(who.Email)]),
		ByVisitor:    owner(w.byVisitor[who.VisitorID]),
	}
}

func (w *world) apply(t *rapid.T, d identity.Decision, createdAt muster.Instant) muster.ContactNo {
	if d.Create {
		w.last++
		w.people[w.last] = &identity.Owner{No: w.last, ID: idOf(w.last), CreatedAt: createdAt}
		d.Contact = w.people[w.last]
	}
	parent := w.people[d.Contact.No]
	for _, m := range d.Merge {
		merged := w.people[m.No]
		if merged.ExternalID != "" && parent.ExternalID != "" {
			t.Fatalf("merging #%d into #%d gives two external ids, %s and %s", m.No, parent.No, merged.ExternalID, parent.ExternalID)
		}
		if merged.Email != "" && parent.Email != "" {
			t.Fatalf("merging #%d into #%d gives two emails, %s and %s", m.No, parent.No, merged.Email, parent.Email)
		}
		parent.ExternalID += merged.ExternalID
		parent.Email += merged.Email
		parent.HasVisitor = parent.HasVisitor || merged.HasVisitor
		for _, owners := range []map[string]muster.ContactNo{w.byExternal, w.byEmail, w.byVisitor} {
			for key, no := range owners {
				if no == m.No {
					owners[key] = parent.No
				}
			}
		}
		delete(w.people, m.No)
	}
	own := func(owners map[string]muster.ContactNo, old, key string) {
		if no, taken := owners[key]; taken {
			t.Fatalf("%q is given to #%d but belongs to #%d", key, parent.No, no)
		}
		delete(owners, old)
		owners[key] = parent.No
	}
	if d.SetExternalID != "" {
		own(w.byExternal, parent.ExternalID, d.SetExternalID)
		parent.ExternalID = d.SetExternalID
	}
	if d.SetEmail != "" {
		own(w.byEmail, identity.EmailKey(parent.Email), identity.EmailKey(d.SetEmail))
		parent.Email = d.SetEmail
	}
	if d.AddVisitor != "" {
		own(w.byVisitor, "", d.AddVisitor)
		parent.HasVisitor = true
	}
	return parent.No
}

// request draws identifiers from small pools, so that they collide often.
func (w *world) request(t *rapid.T) muster.Identifiers {
	who := muster.Identifiers{
		ExternalID: rapid.SampledFrom([]string{"", "", "A", "B", "C"}).Draw(t, "external_id"),
		Email:      rapid.SampledFrom([]string{"", "", "a@x.org", "A@X.ORG ", "b@x.org", "c@x.org"}).Draw(t, "email"),
		VisitorID:  rapid.SampledFrom([]string{"", "u", "v", "w", "x"}).Draw(t, "visitor_id"),
	}
	living := slices.Sorted(maps.Keys(w.people))
	if who.IsZero() || len(living) > 0 && rapid.IntRange(0, 3).Draw(t, "named by id") == 0 {
		no := muster.ContactNo(1)
		if len(living) > 0 {
			no = rapid.SampledFrom(living).Draw(t, "id")
		}
		who.ID = idOf(no)
	}
	return who
}

// grow makes a world of a few requests.
func grow(t *rapid.T) *world {
	w := newWorld()
	for range rapid.IntRange(0, 12).Draw(t, "requests before") {
		who := w.request(t)
		d, err := identity.Resolve(who, w.find(who), drawAuthority(t))
		if err == nil {
			w.apply(t, d, muster.Instant(rapid.IntRange(0, 3).Draw(t, "created_at")))
		}
	}
	return w
}

func drawAuthority(t *rapid.T) muster.Authority {
	return rapid.SampledFrom([]muster.Authority{muster.Collect, muster.Edit}).Draw(t, "authority")
}

// step resolves one request, carries it out and answers the people before and
// who was meant; ok is false when the request was refused.
func (w *world) step(t *rapid.T, who muster.Identifiers, authority muster.Authority) (before map[muster.ContactNo]identity.Owner, d identity.Decision, no muster.ContactNo, ok bool) {
	before = map[muster.ContactNo]identity.Owner{}
	for n, o := range w.people {
		before[n] = *o
	}
	d, err := identity.Resolve(who, w.find(who), authority)
	if err != nil {
		return before, d, 0, false
	}
	return before, d, w.apply(t, d, 5), true
}

func TestNoContactEverHasTwoOfAnIdentifierAndNoIdentifierTwoOwners(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := grow(t) // apply refuses whatever a store would
		for key, no := range w.byExternal {
			if w.people[no] == nil || w.people[no].ExternalID != key {
				t.Fatalf("external id %s belongs to #%d, which is %+v", key, no, w.people[no])
			}
		}
		for key, no := range w.byEmail {
			if w.people[no] == nil || identity.EmailKey(w.people[no].Email) != key {
				t.Fatalf("email %s belongs to #%d, which is %+v", key, no, w.people[no])
			}
		}
	})
}

func TestACollectKeyNeverChangesAnExistingEmailOrExternalID(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := grow(t)
		who := w.request(t)
		before, d, meant, ok := w.step(t, who, muster.Collect)
		if !ok {
			return
		}
		for no, was := range before {
			now := w.people[no]
			if now == nil {
				now = w.people[meant] // it merged
			}
			if was.Email != "" && now.Email != was.Email || was.ExternalID != "" && now.ExternalID != was.ExternalID {
				t.Fatalf("%+v by a collect key: #%d was %+v, its parent is now %+v (%s)", who, no, was, *now, print(d, nil))
			}
		}
	})
}

func TestAVisitorIDNeverChangesAnotherContactsIdentifiers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := grow(t)
		who := w.request(t)
		who.ID, who.ExternalID = muster.ContactID{}, ""
		if who.Email == "" && who.VisitorID == "" {
			who.VisitorID = "v"
		}
		before, d, _, ok := w.step(t, who, drawAuthority(t))
		if !ok {
			t.Fatalf("%+v was refused; want an answer for every change with an email or a visitor id", who)
		}
		if d.Create {
			return
		}
		was := before[d.Contact.No]
		if was.Email != "" && d.SetEmail != "" || d.SetExternalID != "" {
			t.Fatalf("%+v replaces an identifier of %+v: %s", who, was, print(d, nil))
		}
	})
}

func TestWhatIsIgnoredAndWhatTheContactHasMakeUpTheRequest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := grow(t)
		who := w.request(t)
		_, d, meant, ok := w.step(t, who, drawAuthority(t))
		if !ok {
			return
		}
		o := w.people[meant]
		for _, id := range []struct {
			name  string
			given bool
			has   bool
		}{
			{"external_id", who.ExternalID != "", o.ExternalID == who.ExternalID},
			{"email", who.Email != "", identity.SameEmail(o.Email, who.Email)},
			{"visitor_id", who.VisitorID != "", w.byVisitor[who.VisitorID] == meant},
		} {
			ignored := slices.Contains(d.Ignored, id.name)
			if ignored != (id.given && !id.has) {
				t.Fatalf("%+v: %s given %v, had by #%d afterwards %v, ignored %v (%s)", who, id.name, id.given, meant, id.has, ignored, print(d, nil))
			}
		}
		if d.Create && d.SetExternalID == "" && d.SetEmail == "" && d.AddVisitor == "" {
			t.Fatalf("%+v made a contact that nobody can name again: %s", who, print(d, nil))
		}
	})
}

func TestTheSameRequestAgainMeansTheSameContactAndChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := grow(t)
		who, authority := w.request(t), drawAuthority(t)
		_, first, meant, ok := w.step(t, who, authority)
		if !ok {
			return
		}
		if !who.ID.IsZero() { // the store answers a merged id with its parent
			who.ID = idOf(meant)
		}
		second, err := identity.Resolve(who, w.find(who), authority)
		want := fmt.Sprintf("#%d", meant)
		second.Ignored = nil
		if got := print(second, err); got != want {
			t.Fatalf("%+v first: %s\nagain: got %s, want %s", who, print(first, nil), got, want)
		}
	})
}

func TestEveryoneWhoMergesIsFoundByTheRequestAndTheParentPrecedes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := grow(t)
		who := w.request(t)
		found := w.find(who)
		d, err := identity.Resolve(who, found, drawAuthority(t))
		if err != nil || d.Create {
			return
		}
		all := append([]*identity.Owner{d.Contact}, d.Merge...)
		if !slices.IsSortedFunc(all, identity.Precede) {
			t.Fatalf("%+v: %s is not in the order of rule 4", who, print(d, nil))
		}
		for _, o := range []*identity.Owner{found.ByID, found.ByExternalID, found.ByEmail, found.ByVisitor} {
			in := o != nil && slices.ContainsFunc(all, func(a *identity.Owner) bool { return a.No == o.No })
			if o != nil && len(d.Merge) > 0 && !in {
				t.Fatalf("%+v: some merge but #%d stays out: %s; want all or nothing", who, o.No, print(d, nil))
			}
		}
	})
}
