package collect

import (
	"cmp"
	"slices"
	"strings"

	"github.com/valyala/fastjson"

	"github.com/muster-groups/muster"
)

// identifyCall makes a change of a contact: identifiers, fields and consents.
func (t *translation) identifyCall() {
	change := muster.ContactChange{Fields: map[string]muster.Value{}}
	// Some libraries put the traits into the context.
	traits := t.traits(t.v.Get("context", "traits"), t.v.Get("traits"))
	t.email(traits.get("email"))
	if !t.named() {
		return
	}
	for _, trait := range traits.list {
		t.trait(&change, trait.path, trait.name, trait.value)
		if t.out.Err != nil {
			return
		}
	}
	t.fullName(&change, traits)
	t.consents(&change)
	t.contact(change)
}

// alias says that somebody known by a previous id is this user. A previous id
// is a visitor's: two users with external ids of their own never become one
// because a website says so.
func (t *translation) alias() {
	t.who.VisitorID = identifier(t.v.Get("previousId"))
	if t.who.ExternalID == "" || t.who.VisitorID == "" {
		t.out.Err = refused("/previousId", problemMissing, "expected userId and previousId")
		return
	}
	t.contact(muster.ContactChange{})
}

// group says which account, such as a company, somebody belongs to.
func (t *translation) group() {
	if !t.named() {
		return
	}
	change := muster.ContactChange{Fields: map[string]muster.Value{}}
	if id := t.v.Get("groupId"); id != nil {
		t.set(&change, "groupId", t.Schema.Fields["account"], id)
	}
	traits := t.traits(t.v.Get("traits"))
	for _, trait := range traits.list {
		if trait.name == "name" {
			t.set(&change, trait.path, t.Schema.Fields["company"], trait.value)
		} else {
			t.ignore(trait.path)
		}
	}
	t.contact(change)
}

// A trait is one value that is known of a user; those of objects are named by
// the path to them, as address_city.
type trait struct {
	path, name string
	value      *fastjson.Value
}

type traitList struct{ list []trait }

func (l *traitList) get(name string) *fastjson.Value {
	for _, t := range l.list {
		if t.name == name {
			return t.value
		}
	}
	return nil
}

// maxTraits bounds how many traits of one message are read.
const maxTraits = 200

// traits reads objects of traits; of equal names the last counts.
func (t *translation) traits(objects ...*fastjson.Value) *traitList {
	l := &traitList{}
	for _, v := range objects {
		t.flatten(l, "traits", "", v, 0)
	}
	slices.SortStableFunc(l.list, func(a, b trait) int { return cmp.Compare(a.name, b.name) })
	return l
}

func (t *translation) flatten(l *traitList, path, prefix string, v *fastjson.Value, depth int) {
	visit(v, func(key string, v *fastjson.Value) {
		name, at := prefix+snake(key), path+"."+cut(key, 100)
		switch {
		case len(l.list) >= maxTraits:
			t.ignore(at)
			return
		case v.Type() == fastjson.TypeObject && depth < 2:
			t.flatten(l, at, name+"_", v, depth+1)
			return
		}
		i := slices.IndexFunc(l.list, func(known trait) bool { return known.name == name })
		if i < 0 {
			l.list = append(l.list, trait{at, name, v})
		} else {
			l.list[i] = trait{at, name, v}
		}
	})
}

// fieldOf answers the field that the specification's reserved traits, and what
// senders commonly write, mean.
func fieldOf(trait string) string {
	switch trait {
	case "firstname", "given_name":
		return "first_name"
	case "lastname", "family_name", "surname":
		return "last_name"
	case "title", "position": // of a job; the title of a name is called salutation
		return "job_title"
	case "salutation":
		return "title"
	case "birthdate", "birth_date", "date_of_birth", "dob":
		return "birthday"
	case "phone_number":
		return "phone"
	case "mobile_phone":
		return "mobile"
	case "company_name":
		return "company"
	case "company_id":
		return "account"
	case "address_street", "street":
		return "address"
	case "address_city":
		return "city"
	case "address_postal_code", "address_postalcode", "address_zip", "postal_code", "postalcode", "zip_code":
		return "zip"
	case "address_state":
		return "state"
	case "address_country":
		return "country"
	case "locale":
		return "language"
	}
	return trait
}

// trait writes one trait to its field, or deals with it as the policy says.
func (t *translation) trait(change *muster.ContactChange, path, name string, v *fastjson.Value) {
	switch name {
	case "email", "name", "id", "user_id", "anonymous_id":
		return // identifiers, and the name that is split
	}
	f, known := t.Schema.Fields[fieldOf(name)]
	if !known {
		f, known = t.Schema.Fields[codeOf("field", name)]
	}
	switch {
	case known && f.System:
		t.ignore(path)
	case known:
		t.set(change, path, f, v)
	default:
		t.unknownTrait(change, path, name, v)
	}
}

func (t *translation) unknownTrait(change *muster.ContactChange, path, name string, v *fastjson.Value) {
	kind := fieldType(v)
	switch {
	case t.Traits == Refuse:
		t.out.Err = refused("/"+strings.ReplaceAll(path, ".", "/"), problemUnknown, "there is no field for the trait "+name)
	case t.Traits != Create || kind == "":
		t.ignore(path)
	default:
		f := muster.Field{Code: codeOf("field", name), Name: shown(name), Type: kind}
		t.out.Fields = append(t.out.Fields, f)
		t.set(change, path, f, v)
	}
}

// set writes a value to a field; one that does not fit is left out.
func (t *translation) set(change *muster.ContactChange, path string, f muster.Field, v *fastjson.Value) {
	value, err := fieldValue(f, v)
	if err != nil {
		t.ignore(path)
		return
	}
	change.Fields[f.Code] = value
}

// email reads the email that identifies; what cannot be one is left out.
func (t *translation) email(v *fastjson.Value) {
	email := strings.TrimSpace(text(v))
	if email == "" {
		return
	}
	if muster.CheckEmail(email) != nil {
		t.ignore("traits.email")
		return
	}
	t.who.Email = email
}

// fullName splits a name into first and last where the traits do not say them.
func (t *translation) fullName(change *muster.ContactChange, traits *traitList) {
	v := traits.get("name")
	first, last, _ := strings.Cut(strings.Join(strings.Fields(text(v)), " "), " ")
	for code, part := range map[string]string{"first_name": first, "last_name": last} {
		if _, said := change.Fields[code]; said || part == "" {
			continue
		}
		if value, err := t.Schema.Fields[code].ParseText(cut(part, muster.MaxFieldText)); err == nil {
			change.Fields[code] = value
		}
	}
}

// consents reads context.consent.categoryPreferences: the codes of consents
// with true or false. Codes that are not defined are none of ours.
func (t *translation) consents(change *muster.ContactChange) {
	visit(t.v.Get("context", "consent", "categoryPreferences"), func(key string, v *fastjson.Value) {
		code := key
		if _, known := t.Schema.Consents[code]; !known {
			code = snake(key)
		}
		if _, known := t.Schema.Consents[code]; !known || v.Type() != fastjson.TypeTrue && v.Type() != fastjson.TypeFalse {
			t.ignore("context.consent.categoryPreferences." + cut(key, 100))
			return
		}
		d := muster.DecisionInput{Kind: muster.OnConsent, Code: code, State: muster.Revoked}
		if t.hasAt {
			d.At = t.at
		}
		if v.Type() == fastjson.TypeTrue {
			d.State = muster.Agreed
		}
		change.Decisions = append(change.Decisions, d)
	})
	slices.SortFunc(change.Decisions, func(a, b muster.DecisionInput) int { return cmp.Compare(a.Code, b.Code) })
}
