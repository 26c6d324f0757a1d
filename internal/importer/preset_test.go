package importer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/importer"
)

// exports are the headings that systems write, shortened to what tells them apart.
var exports = []struct{ system, header, want string }{
	{"HubSpot", "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lifecycle Stage,Create Date,Country/Region",
		"external_id first_name last_name email phone owner status created_at country"},
	{"Mailchimp", "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,LEID,EUID,TAGS",
		"email first_name last_name - created_at - external_id -"},
	{"Mautic", "id,title,firstname,lastname,email,zipcode,points,last_active,stage",
		"external_id title first_name last_name email zip - - status"},
	{"Kentico Xperience", "ContactGUID,ContactFirstName,ContactLastName,ContactEmail,ContactZIP,ContactCreated,ContactLastModified",
		"external_id first_name last_name email zip created_at -"},
	{"listmonk", "uuid,email,name,attributes,status,created_at,updated_at", "external_id email ? - all_mail created_at -"},
	{"", "E-Mail,Vorname,PLZ,Lieblingsfarbe", "email first_name zip ?"},
}

func TestExportsOfOtherSystemsAreRecognisedByTheirHeadings(t *testing.T) {
	schema := importer.Schema{Fields: muster.BuiltInFields()}
	for _, e := range exports {
		m, err := importer.NewMapping(importer.Contacts, schema, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		header := strings.Split(e.header, ",")
		if got := m.Recognise(header); got != e.system {
			t.Errorf("%s: recognised %q, want %q", e.header, got, e.system)
		}
		var got []string
		for _, name := range header {
			target := m.Resolve(name)
			column := m.Columns()[len(m.Columns())-1]
			switch {
			case column.How == "":
				got = append(got, "?")
			case target.IsZero():
				got = append(got, "-")
			default:
				got = append(got, strings.TrimPrefix(target.String(), "fields."))
			}
		}
		if diff := cmp.Diff(e.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: %s: targets (-want +got)\n%s", e.system, e.header, diff)
		}
	}
}
