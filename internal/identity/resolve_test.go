package identity_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/identity"
)

// person makes a contact: its number is also its id and its age, so person 1
// was created first.
func person(no muster.ContactNo, externalID, email string, visitor bool) *identity.Owner {
	return &identity.Owner{
		No: no, ID: idOf(no), ExternalID: externalID, Email: email, HasVisitor: visitor,
		CreatedAt: muster.Instant(1000 * int64(no)),
	}
}

func idOf(no muster.ContactNo) muster.ContactID { return muster.ContactID{15: byte(no)} }

// print writes an answer in one line: who is meant, who merges into it, what
// is set, what is ignored; or the code of the error.
func print(d identity.Decision, err error) string {
	if err != nil {
		return string(muster.CodeOf(err))
	}
	var b strings.Builder
	if d.Create {
		b.WriteString("new")
	} else {
		fmt.Fprintf(&b, "#%d", d.Contact.No)
	}
	for _, m := range d.Merge {
		fmt.Fprintf(&b, " merge #%d", m.No)
	}
	for _, set := range []struct{ name, value string }{
		{"external_id", d.SetExternalID}, {"email", d.SetEmail}, {"visitor_id", d.AddVisitor},
	} {
		if set.value != "" {
			fmt.Fprintf(&b, " %s=%s", set.name, set.value)
		}
	}
	if len(d.Ignored) > 0 {
		fmt.Fprintf(&b, " ignored %s", strings.Join(d.Ignored, ","))
	}
	return b.String()
}

func TestResolve(t *testing.T) {
	var (
		anonymous = person(1, "", "", true)
		ada       = person(2, "A", "ada@x.org", true)
		bob       = person(3, "B", "bob@x.org", true)
		mailed    = person(4, "", "m@x.org", true) // known by email, without an external id
		customer  = person(5, "C", "", true)       // known by external id, without an email
		bare      = person(6, "", "", false)       // known by its id alone
		drifter   = person(7, "", "", true)
	)
	type ids = muster.Identifiers
	type found = identity.Found
	tests := []struct {
		name  string
		who   ids
		found found
		// want holds for both authorities unless collect says otherwise.
		want, collect string
	}{
		// Nobody named, nobody known.
		{"a change that names nobody is refused", ids{}, found{}, "invalid", ""},
		{"a blank email names nobody", ids{Email: " \t"}, found{}, "invalid", ""},
		{"an unknown id is not found", ids{ID: idOf(9)}, found{}, "not_found", ""},
		{"an unknown id is not found whoever else is named", ids{ID: idOf(9), Email: "m@x.org"}, found{ByEmail: mailed}, "not_found", ""},
		{"rule 1: an unknown visitor is a new anonymous contact", ids{VisitorID: "v"}, found{}, "new visitor_id=v", ""},
		{"rule 1: a new contact takes every identifier", ids{ExternalID: "N", Email: " n@x.org ", VisitorID: "v"}, found{}, "new external_id=N email=n@x.org visitor_id=v", ""},

		// Rule 2, found and compatible.
		{"a contact found by its id alone is meant", ids{ID: idOf(6)}, found{ByID: bare}, "#6", ""},
		{"rule 2: equal identifiers change nothing", ids{ExternalID: "A", Email: "ada@x.org", VisitorID: "v"}, found{ByExternalID: ada, ByEmail: ada, ByVisitor: ada}, "#2", ""},
		{"rule 2: an email in another spelling is the same", ids{ExternalID: "A", Email: " ADA@x.org"}, found{ByExternalID: ada, ByEmail: ada}, "#2", ""},
		{"rule 2: a visitor who gives an email keeps it", ids{Email: "n@x.org", VisitorID: "v"}, found{ByVisitor: anonymous}, "#1 email=n@x.org", ""},
		{"rule 2: a visitor who gives everything keeps it", ids{ExternalID: "N", Email: "n@x.org", VisitorID: "v"}, found{ByVisitor: anonymous}, "#1 external_id=N email=n@x.org", ""},
		{"rule 2: a visitor with an external id is given the email it lacks", ids{Email: "n@x.org", VisitorID: "v"}, found{ByVisitor: customer}, "#5 email=n@x.org", ""},
		{"rule 2: an email's owner is given the external id it lacks", ids{ExternalID: "N", Email: "m@x.org"}, found{ByEmail: mailed}, "#4 external_id=N", ""},
		{"rule 2: an external id's owner is given the email it lacks", ids{ExternalID: "C", Email: "n@x.org"}, found{ByExternalID: customer}, "#5 email=n@x.org", ""},
		{"rule 2: a known contact takes on another visitor id", ids{ExternalID: "A", VisitorID: "w"}, found{ByExternalID: ada}, "#2 visitor_id=w", ""},
		{"rule 2: a contact named by id is given all it lacks", ids{ID: idOf(6), ExternalID: "N", Email: "n@x.org", VisitorID: "w"}, found{ByID: bare}, "#6 external_id=N email=n@x.org visitor_id=w", ""},

		// Rule 2, a stronger identifier conflicts.
		{"rule 2: a visitor never rewrites someone's email", ids{Email: "n@x.org", VisitorID: "v"}, found{ByVisitor: mailed}, "new email=n@x.org ignored visitor_id", ""},
		{"rule 2: a visitor never rewrites someone's external id", ids{ExternalID: "N", VisitorID: "v"}, found{ByVisitor: customer}, "new external_id=N ignored visitor_id", ""},
		{"rule 2: one conflicting stronger identifier is enough for a new contact", ids{ExternalID: "N", Email: "n@x.org", VisitorID: "v"}, found{ByVisitor: mailed}, "new external_id=N email=n@x.org ignored visitor_id", ""},
		{"rule 2: another external id with a known email is a new contact without it", ids{ExternalID: "N", Email: "ada@x.org", VisitorID: "w"}, found{ByEmail: ada}, "new external_id=N visitor_id=w ignored email", ""},
		{"rule 2: so it is when the visitor is the email's owner too", ids{ExternalID: "N", Email: "ada@x.org", VisitorID: "v"}, found{ByEmail: ada, ByVisitor: ada}, "new external_id=N ignored email,visitor_id", ""},

		// Rule 2, found by something stronger.
		{"rule 2: a differing email replaces the own one only with an edit key", ids{ExternalID: "A", Email: " new@x.org "}, found{ByExternalID: ada}, "#2 email=new@x.org", "#2 ignored email"},
		{"rule 2: so it does when the contact is named by id", ids{ID: idOf(4), Email: "new@x.org"}, found{ByID: mailed}, "#4 email=new@x.org", "#4 ignored email"},
		{"rule 2: a differing email of another is taken", ids{ExternalID: "A", Email: "bob@x.org"}, found{ByExternalID: ada, ByEmail: bob}, "email_taken", "#2 ignored email"},
		{"rule 2: it is taken though its owner has no external id", ids{ExternalID: "A", Email: "m@x.org"}, found{ByExternalID: ada, ByEmail: mailed}, "email_taken", "#2 ignored email"},
		{"a differing external id replaces the own one of a contact named by id", ids{ID: idOf(2), ExternalID: "N"}, found{ByID: ada}, "#2 external_id=N", "#2 ignored external_id"},
		{"a differing external id of another is taken", ids{ID: idOf(2), ExternalID: "B"}, found{ByID: ada, ByExternalID: bob}, "external_id_taken", "#2 ignored external_id"},
		{"who names a contact by id hears that an email it lacks is taken", ids{ID: idOf(5), Email: "bob@x.org"}, found{ByID: customer, ByEmail: bob}, "email_taken", "#5 ignored email"},
		{"a visitor id of another is no error even for a contact named by id", ids{ID: idOf(2), VisitorID: "v"}, found{ByID: ada, ByVisitor: bob}, "#2 ignored visitor_id", ""},

		// Rule 3, they merge; rule 4, the parent.
		{"rule 3: an email's owner and an anonymous visitor are one", ids{Email: "m@x.org", VisitorID: "v"}, found{ByEmail: mailed, ByVisitor: anonymous}, "#4 merge #1", ""},
		{"rule 3: an external id's and an email's owner are one", ids{ExternalID: "C", Email: "m@x.org"}, found{ByExternalID: customer, ByEmail: mailed}, "#5 merge #4", ""},
		{"rule 4: the parent owns the strongest identifier, though the change did not name it", ids{Email: "m@x.org", VisitorID: "v"}, found{ByEmail: mailed, ByVisitor: customer}, "#5 merge #4", ""},
		{"rule 3: three contacts are one", ids{ExternalID: "C", Email: "m@x.org", VisitorID: "v"}, found{ByExternalID: customer, ByEmail: mailed, ByVisitor: anonymous}, "#5 merge #4 merge #1", ""},
		{"rule 3: four contacts are one", ids{ID: idOf(6), ExternalID: "C", Email: "m@x.org", VisitorID: "v"}, found{ByID: bare, ByExternalID: customer, ByEmail: mailed, ByVisitor: anonymous}, "#5 merge #4 merge #1 merge #6", ""},
		{"rule 4: among equals the parent is the one created earlier", ids{ID: idOf(7), VisitorID: "v"}, found{ByID: drifter, ByVisitor: anonymous}, "#1 merge #7", ""},
		{"rule 3: what nobody owns is added after merging", ids{ExternalID: "N", Email: "m@x.org", VisitorID: "v"}, found{ByEmail: mailed, ByVisitor: anonymous}, "#4 merge #1 external_id=N", ""},
		{"rule 3: an email to replace does not keep a visitor from merging", ids{ExternalID: "A", Email: "new@x.org", VisitorID: "v"}, found{ByExternalID: ada, ByVisitor: anonymous}, "#2 merge #1 email=new@x.org", "#2 merge #1 ignored email"},
		{"rule 3: a contact named by id merges too", ids{ID: idOf(1), Email: "m@x.org"}, found{ByID: anonymous, ByEmail: mailed}, "#4 merge #1", ""},

		// Rule 3, they cannot merge.
		{"rule 3: two external ids never merge", ids{ExternalID: "A", VisitorID: "v"}, found{ByExternalID: ada, ByVisitor: customer}, "#2 ignored visitor_id", ""},
		{"rule 3: two emails never merge", ids{Email: "m@x.org", VisitorID: "v"}, found{ByEmail: mailed, ByVisitor: bob}, "#4 ignored visitor_id", ""},
		{"rule 3: an email stays with its owner when the external ids differ", ids{ExternalID: "C", Email: "bob@x.org"}, found{ByExternalID: customer, ByEmail: bob}, "#5 ignored email", ""},
		{"rule 3: what nobody owns is still added", ids{ExternalID: "C", Email: "n@x.org", VisitorID: "v"}, found{ByExternalID: customer, ByVisitor: bob}, "#5 email=n@x.org ignored visitor_id", ""},
		{"rule 3: the email given counts as one that merging would give", ids{ExternalID: "C", Email: "n@x.org", VisitorID: "v"}, found{ByExternalID: customer, ByVisitor: mailed}, "#5 email=n@x.org ignored visitor_id", ""},
		{"rule 3: so does the external id given", ids{ExternalID: "N", Email: "m@x.org", VisitorID: "v"}, found{ByEmail: mailed, ByVisitor: customer}, "#4 external_id=N ignored visitor_id", ""},
		{"rule 3: the strongest known identifier may still point at somebody else", ids{ExternalID: "N", Email: "ada@x.org", VisitorID: "v"}, found{ByEmail: ada, ByVisitor: anonymous}, "new external_id=N ignored email,visitor_id", ""},
		{"rule 3: merging is all or nothing", ids{ExternalID: "C", Email: "m@x.org", VisitorID: "v"}, found{ByExternalID: customer, ByEmail: mailed, ByVisitor: bob}, "#5 ignored email,visitor_id", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, authority := range []muster.Authority{muster.Edit, muster.Collect, 0} {
				want := tt.want
				if authority != muster.Edit && tt.collect != "" {
					want = tt.collect
				}
				if got := print(identity.Resolve(tt.who, tt.found, authority)); got != want {
					t.Errorf("Resolve(%+v, authority %d):\n got %s\nwant %s", tt.who, authority, got, want)
				}
			}
		})
	}
}

func TestTheParentIsTheSameInWhateverOrderContactsAreCompared(t *testing.T) {
	// Each line precedes the next: strength first, then age, then id.
	order := []*identity.Owner{
		{No: 8, ID: idOf(8), ExternalID: "A", CreatedAt: 90},
		{No: 7, ID: idOf(7), Email: "x@x.org", HasVisitor: true, CreatedAt: 80},
		{No: 6, ID: idOf(6), Email: "y@x.org", CreatedAt: 81},
		{No: 5, ID: idOf(2), HasVisitor: true, CreatedAt: 50},
		{No: 4, ID: idOf(3), HasVisitor: true, CreatedAt: 50},
		{No: 3, ID: idOf(1), CreatedAt: 10},
		{No: 2, ID: idOf(9), CreatedAt: 10},
	}
	for i, a := range order {
		for j, b := range order {
			got := identity.Precede(a, b)
			if (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Errorf("Precede(%+v, %+v) = %d; want the order of the list, %d and %d", *a, *b, got, i, j)
			}
		}
	}
}

func TestEmailsAreComparedTrimmedAndFolded(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"ada@x.org", "ada@x.org", true},
		{" Ada@X.org\n", "ada@x.org", true},
		{"STRASSE@x.org", "straße@x.org", true},
		{"Σίσυφος@x.org", "σίσυφοσ@x.org", true},
		{"ada@x.org", "ada@x.com", false},
		{"a.da@x.org", "ada@x.org", false},
		{"", "ada@x.org", false},
	} {
		if got := identity.SameEmail(tt.a, tt.b); got != tt.want {
			t.Errorf("SameEmail(%q, %q) = %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
	if got := identity.EmailKey(" \t "); got != "" {
		t.Errorf("EmailKey of a blank email = %q, want none", got)
	}
}

func TestResolveLeavesItsArgumentsAlone(t *testing.T) {
	a, b := person(1, "", "", true), person(2, "", "b@x.org", true)
	before := []identity.Owner{*a, *b}
	d, err := identity.Resolve(muster.Identifiers{Email: "b@x.org", VisitorID: "v", ExternalID: "N"},
		identity.Found{ByEmail: b, ByVisitor: a}, muster.Edit)
	if got, want := print(d, err), "#2 merge #1 external_id=N"; got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	if after := []identity.Owner{*a, *b}; !slices.Equal(before, after) {
		t.Errorf("the contacts changed: got %+v, want %+v", after, before)
	}
	if d.Contact != b {
		t.Errorf("Contact is a copy; want the caller's own %p, got %p", b, d.Contact)
	}
}
