package identity_test

import (
	"testing"

	"github.com/muster-groups/muster/internal/identity"
)

func TestMerge(t *testing.T) {
	var (
		anonymous = person(1, "", "", true)
		ada       = person(2, "A", "ada@x.org", true)
		bob       = person(3, "B", "bob@x.org", true)
		mailed    = person(4, "", "m@x.org", true)
		customer  = person(5, "C", "", true)
		sameMail  = person(6, "", "BOB@x.org", true)
	)
	for _, tt := range []struct {
		name          string
		contact, into *identity.Owner
		keep, want    string
	}{
		{"an anonymous contact merges into a known one", anonymous, ada, "", "#2 merge #1"},
		{"the one named by into is the parent, whatever it owns", ada, anonymous, "", "#1 merge #2"},
		{"different kinds of identifier come together", mailed, customer, "", "#5 merge #4"},
		{"two external ids are a conflict", customer, ada, "", "conflict"},
		{"two emails are a conflict", mailed, ada, "", "conflict"},
		{"two spellings of one email are no conflict", sameMail, bob, "", "#3 merge #6"},
		{"keep into leaves the parent's identifiers", ada, bob, "into", "#3 merge #2"},
		{"keep contact gives the parent those of the contact", ada, bob, "contact", "#3 merge #2 external_id=A email=ada@x.org"},
		{"keep contact replaces only what both have: the email", mailed, bob, "contact", "#3 merge #4 email=m@x.org"},
		{"keep contact replaces only what both have: the external id", customer, bob, "contact", "#3 merge #5 external_id=C"},
		{"keep without a conflict changes nothing", mailed, customer, "contact", "#5 merge #4"},
		{"an unknown side is refused", ada, bob, "left", "invalid"},
		{"a contact does not merge into itself", ada, ada, "", "invalid"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := print(identity.Merge(tt.contact, tt.into, tt.keep)); got != tt.want {
				t.Errorf("Merge(#%d, #%d, %q): got %s, want %s", tt.contact.No, tt.into.No, tt.keep, got, tt.want)
			}
		})
	}
}
