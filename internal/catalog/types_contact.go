package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/muster-groups/muster"
)

// contactTypes are the conditions on what is known of a contact.
func contactTypes() []conditionType {
	return []conditionType{
		{
			code: "age", category: ContactDetails, label: "Age", synonyms: []string{"years", "birthday", "older", "younger"},
			params:   []param{compares("Age", comparison{kinds: []valueKind{numberKind}, key: "years", low: 0, high: maxAge, missing: missingAlways})},
			sentence: "Contact's age {op}", subject: "age",
		},
		{
			code: "age-between", category: ContactDetails, label: "Age between", synonyms: []string{"years", "birthday"},
			params: []param{
				age("from", "From age", func(a *Args) []*muster.Decimal { return decimals(a) }, 0),
				age("to", "To age", func(a *Args) []*muster.Decimal { return decimals(a) }, 1),
				missing(),
			},
			sentence: "Contact's age [is|is not] between {from} and {to}", subject: "age",
			check: func(r *reader, at string, a *Args) {
				if a.Numbers[1] < a.Numbers[0] {
					r.fail(at+"/to", "out_of_range", "Expected at least %s, the age in from.", a.Numbers[0])
				}
			},
		},
		{
			code: "birthday", category: ContactDetails, label: "Birthday", synonyms: []string{"anniversary", "born"},
			params: []param{
				word("when", "When", true, []Option{{"yesterday", "was yesterday"}, {"today", "is today"}, {"tomorrow", "is tomorrow"}, {"in_next", "is in the next"}, {"in_month", "is in"}},
					func(a *Args) string { return a.When }, func(a *Args, s string) { a.When = s }),
				onlyWhen("in_next", count("days", "Days", 1, 366, func(a *Args) *int { return &a.Days })),
				onlyWhen("in_month", monthParam()),
				missing(),
			},
			sentence: "Contact's birthday {when}", subject: "birthday",
		},
		{
			code: "gender", category: ContactDetails, label: "Gender", synonyms: []string{"sex", "male", "female"},
			params: []param{genderParam(), missing()}, sentence: "Contact's gender [is|is not] {value}", subject: "gender",
		},
		{
			code: "country", category: ContactDetails, label: "Country", synonyms: []string{"location", "nation", "address"},
			params: []param{countryParam(), missing()}, sentence: "Contact's country [is|is not] {any_of}", subject: "country",
		},
		{
			code: "state", category: ContactDetails, label: "State", synonyms: []string{"region", "province", "location", "address"},
			params: []param{stateParam(), missing()}, sentence: "Contact's state [is|is not] {any_of}", subject: "state",
		},
		{
			code: "field", category: ContactDetails, label: "Field value", synonyms: []string{"attribute", "property", "status", "account", "role", "persona", "value"},
			params:   []param{fieldParam(), fieldComparison()},
			sentence: "Contact's {field} {op}", subject: "field",
		},
		{
			code: "field-empty", category: ContactDetails, label: "Field is empty", synonyms: []string{"missing", "unknown", "no value"},
			params: []param{fieldParam()}, sentence: "Contact's {field} [is|is not] empty",
		},
		{
			code: "consent", category: ContactDetails, label: "Consent", synonyms: []string{"agreement", "agreed", "revoked", "privacy", "GDPR"},
			params: []param{consentParam(), state(Option{"agreed", "agreed to"}, Option{"revoked", "revoked"})}, common: takesWithin,
			sentence: "Contact [has|has not] {state} {consent}",
		},
		{
			code: "in-groups", category: ContactDetails, label: "In contact groups", synonyms: []string{"segment", "member", "group"},
			params:   []param{mode(), groupsParam()},
			sentence: "Contact [is|is not] in {groups}",
		},
		{
			code: "recipient-list", category: ContactDetails, label: "Recipient list", synonyms: []string{"newsletter", "subscription", "subscribed", "unsubscribed", "bounced"},
			params: []param{listParam(), state(Option{"receiving", "receiving"}, Option{"unsubscribed", "unsubscribed from"}, Option{"bounced", "bounced on"})}, common: takesWithin,
			sentence: "Contact [is|is not] {state} {list}",
		},
		{
			code: "unsubscribed-from-all", category: ContactDetails, label: "Unsubscribed from all emails", synonyms: []string{"opted out", "opt-out"},
			common: takesWithin, sentence: "Contact [has|has not] unsubscribed from all emails",
		},
		{
			code: "created", category: ContactDetails, label: "Created", synonyms: []string{"new contacts", "first seen", "since"},
			params:   []param{compares("Created", comparison{kinds: []valueKind{datetimeKind}, missing: missingNever})},
			sentence: "Contact's creation {op}",
		},
		{
			code: "identified", category: ContactDetails, label: "Identified", synonyms: []string{"known", "anonymous", "email"},
			sentence: "Contact is [identified|anonymous]",
		},
		{
			code: "registered", category: ContactDetails, label: "Registered member", synonyms: []string{"member", "account", "sign up"},
			sentence: "Contact [is|is not] a registered, enabled member",
		},
	}
}

const maxAge = 200

// decimals gives the two numbers of a range a place to be written to.
func decimals(a *Args) []*muster.Decimal {
	for len(a.Numbers) < 2 {
		a.Numbers = append(a.Numbers, 0)
	}
	return []*muster.Decimal{&a.Numbers[0], &a.Numbers[1]}
}

// age is one end of age-between.
func age(name, label string, ends func(*Args) []*muster.Decimal, end int) param {
	return param{
		ParamInfo: ParamInfo{Name: name, Kind: "count", Label: label, Required: true, High: maxAge},
		read: func(r *reader, o *object, a *Args) {
			target := ends(a)[end]
			if raw, ok := r.need(o, name, fmt.Sprintf("a whole number from 0 to %d", maxAge)); ok {
				n, _ := r.whole(o.place(name), raw, 0, maxAge)
				*target = muster.Decimal(n) * muster.DecimalOne
			}
		},
		print: func(a *Args, out map[string]any) { out[name] = jsonNumber(*ends(a)[end]) },
		say:   func(_ *speech, a *Args) string { return ends(a)[end].String() },
	}
}

// onlyWhen is a parameter of birthday that one value of when needs and the
// others do not take.
func onlyWhen(when string, p param) param {
	read, print := p.read, p.print
	p.Required = false
	p.When = &When{"when", when}
	p.read = func(r *reader, o *object, a *Args) {
		_, written := o.members[p.Name]
		switch {
		case a.When == when:
			read(r, o, a)
		case written:
			o.take(p.Name)
			if a.When != "" {
				r.fail(o.place(p.Name), "unknown_key", "Expected %s only where when is %s.", p.Name, when)
			}
		}
	}
	p.print = func(a *Args, out map[string]any) {
		if a.When == when {
			print(a, out)
		}
	}
	return p
}

func genderParam() param {
	p := free("value", "Gender", "field:gender", func(a *Args) *string { return &a.Code })
	p.Kind = "code"
	read := p.read
	p.read = func(r *reader, o *object, a *Args) {
		read(r, o, a)
		if f, ok := r.schema.Fields["gender"]; ok && a.Code != "" {
			a.Code, _ = r.choice(o.place("value"), a.Code, choiceKind, &f)
		}
	}
	p.say = func(s *speech, a *Args) string { return s.choice("gender", a.Code) }
	return p
}

func countryParam() param {
	return placeParam("Countries", "countries", func(r *reader, at, code string) (string, bool) {
		codes := countryCodes()
		if slices.Contains(codes, code) {
			return code, true
		}
		r.fail(at, "unknown_code", "%q is not a country; expected an ISO 3166-1 code such as DE.%s", code, suggestCountry(code))
		return "", false
	}, func(s *speech, code string) string { return countryName(code) })
}

func stateParam() param {
	p := placeParam("States", "states", func(r *reader, at, code string) (string, bool) {
		country, part, ok := strings.Cut(code, "-")
		if ok && slices.Contains(countryCodes(), country) && len(part) >= 1 && len(part) <= 3 && strings.Trim(part, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == "" {
			return code, true
		}
		r.fail(at, "unknown_code", "%q is not a state; expected an ISO 3166-2 code such as US-CA.", code)
		return "", false
	}, func(s *speech, code string) string { return s.choice("state", code) })
	p.Kind = "texts" // nobody lists them all: those seen are suggestions
	return p
}

func placeParam(label, source string, check func(r *reader, at, code string) (string, bool), name func(*speech, string) string) param {
	p := freeList("any_of", label, source, "", "any of", func(a *Args) *[]string { return &a.Codes })
	p.Kind = "codes"
	p.read = func(r *reader, o *object, a *Args) {
		if raw, ok := r.need(o, "any_of", "an array of codes"); ok {
			a.Codes, _ = r.texts(o.place("any_of"), raw, "codes", func(at, code string) (string, bool) {
				return check(r, at, strings.ToUpper(code))
			})
		}
	}
	p.say = func(s *speech, a *Args) string {
		return orList(s.names(a.Codes, func(code string) string { return name(s, code) }))
	}
	return p
}

func countryCodes() []string {
	var codes []string
	for _, c := range muster.Countries() {
		codes = append(codes, c.Code)
	}
	return codes
}

func countryName(code string) string {
	for _, c := range muster.Countries() {
		if c.Code == code {
			return c.Name
		}
	}
	return code
}

// suggestCountry helps those who write the name of a country, or UK.
func suggestCountry(written string) string {
	if written == "UK" {
		return ` Did you mean "GB"?`
	}
	for _, c := range muster.Countries() {
		if strings.EqualFold(c.Name, written) {
			return fmt.Sprintf(" Did you mean %q?", c.Code)
		}
	}
	return ""
}

func fieldParam() param {
	return defined("field", "Field", "fields", "field", func(s *muster.Schema) map[string]muster.Field { return s.Fields },
		func(s *speech, code string) string { return s.field(code) }, func(a *Args) *string { return &a.Field })
}

// fieldComparison offers the operators of the field's type.
func fieldComparison() param {
	p := comparesBy("Comparison", comparison{values: "field:{field}"}, "field", func(r *reader, a *Args, c *comparison) {
		if f, ok := r.schema.Fields[a.Field]; ok {
			c.kinds, c.field = []valueKind{fieldKind(f.Type)}, &f
			if f.Code == "last_activity_at" {
				// The last activity is found as a span of time, which an
				// anniversary is not.
				c.unsupported = AnniversaryInNext
			}
		}
	})
	for _, k := range []valueKind{textKind, numberKind, booleanKind, dateKind, datetimeKind, choiceKind, choicesKind} {
		p.Kinds = append(p.Kinds, string(k))
	}
	return p
}

// fieldKind is the kind of value a field of this type holds; the words are the same.
func fieldKind(t muster.FieldType) valueKind { return valueKind(t) }

func consentParam() param {
	return defined("consent", "Consent", "consents", "consent", func(s *muster.Schema) map[string]muster.Named { return s.Consents },
		func(s *speech, code string) string { return s.consent(code) }, func(a *Args) *string { return &a.Code })
}

func listParam() param {
	return defined("list", "Recipient list", "lists", "recipient list", func(s *muster.Schema) map[string]muster.Named { return s.Lists },
		func(s *speech, code string) string { return "the list " + s.list(code) }, func(a *Args) *string { return &a.Code })
}

func groupsParam() param {
	return definedList("groups", "Contact groups", "groups", "contact group", func(s *muster.Schema) map[string]muster.GroupNo { return s.Groups },
		func(s *speech, codes []string) string {
			return s.modal("the group", "the groups", s.names(codes, s.group))
		}, func(a *Args) *[]string { return &a.Codes })
}
