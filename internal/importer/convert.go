package importer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/muster-groups/muster"
)

// Reading says how values are written where files differ.
type Reading struct {
	// Dates is the order in dates like 3/4/2026: "dmy", "mdy", or "" when the
	// file has none. 2026-04-03 and 3.4.2026 need no help. "unix" and "unixms"
	// read numbers of seconds or milliseconds since 1970.
	Dates string
	// Zone is where times without an offset were written. Nil is UTC.
	Zone *time.Location
	// DecimalComma reads 1.234,50 as 1234.50.
	DecimalComma bool
}

// converter turns a cell's text into the form that the API reads.
type converter struct {
	Reading
	countries map[string]string // names in several languages -> code
	layouts   []string          // to try, the one that fitted last time first
}

func newConverter(r Reading) *converter {
	if r.Zone == nil {
		r.Zone = time.UTC
	}
	return &converter{Reading: r, layouts: slices.Concat(instantLayouts, slashLayouts[r.Dates])}
}

// field converts a value by the field's type: a text, a boolean or a list.
func (c *converter) field(f muster.Field, cell Cell) (any, error) {
	text := strings.TrimSpace(cell.Text)
	switch f.Type {
	case muster.NumberField:
		return c.number(text)
	case muster.BooleanField:
		return boolean(text)
	case muster.DateField:
		return c.date(text)
	case muster.DatetimeField:
		return c.instant(text)
	case muster.ChoiceField:
		return c.choice(f, text), nil
	case muster.ChoicesField:
		parts := cell.List
		if parts == nil {
			parts = strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == ',' || r == '|' })
		}
		codes := []string{}
		for _, p := range parts {
			if p = c.choice(f, strings.TrimSpace(p)); p != "" {
				codes = append(codes, p)
			}
		}
		return codes, nil
	}
	return text, nil
}

// choice answers the code of a choice that is written by its name. What is
// unknown stays as it is: the server judges.
func (c *converter) choice(f muster.Field, text string) string {
	for _, choice := range f.Choices {
		if strings.EqualFold(choice.Code, text) || strings.EqualFold(choice.Name, text) {
			return choice.Code
		}
	}
	switch f.Code {
	case "country":
		if code, ok := c.country(text); ok {
			return code
		}
	case "gender":
		switch strings.ToLower(strings.TrimSuffix(text, ".")) {
		case "f", "w", "female", "woman", "mrs", "ms", "frau", "weiblich", "femme":
			return "female"
		case "m", "male", "man", "mr", "herr", "männlich", "homme":
			return "male"
		}
	}
	return text
}

// country finds a country by its name in one of several languages.
func (c *converter) country(text string) (string, bool) {
	if c.countries == nil {
		c.countries = map[string]string{}
		for _, in := range []language.Tag{language.English, language.German, language.French, language.Italian, language.Spanish, language.Dutch} {
			names := display.Regions(in)
			for _, country := range muster.Countries() {
				if region, err := language.ParseRegion(country.Code); err == nil {
					c.countries[letters(names.Name(region))] = country.Code
				}
			}
		}
		for name, code := range map[string]string{"usa": "US", "uk": "GB", "england": "GB", "holland": "NL", "czechrepublic": "CZ", "unitedstatesofamerica": "US"} {
			c.countries[name] = code
		}
	}
	code, ok := c.countries[letters(text)]
	return code, ok
}

func (c *converter) number(text string) (string, error) {
	plain := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "'", "", "’", "").Replace(text)
	if c.DecimalComma {
		plain = strings.ReplaceAll(strings.ReplaceAll(plain, ".", ""), ",", ".")
	}
	d, err := muster.ParseDecimal(plain)
	if err != nil {
		if !c.DecimalComma && strings.Contains(text, ",") {
			return "", fmt.Errorf("%q is not a number with a decimal point; is the comma the decimal sign? Then say so", clip(text))
		}
		return "", err
	}
	return d.String(), nil
}

// boolean reads yes and no as people and systems write them.
func boolean(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "true", "yes", "y", "1", "on", "x", "ja", "j", "wahr", "oui", "vrai":
		return true, nil
	case "false", "no", "n", "0", "off", "nein", "falsch", "non", "faux":
		return false, nil
	}
	return false, fmt.Errorf("%q is neither yes nor no", clip(text))
}

// state reads what was decided on a consent, a list or all mail.
func state(part, text string) (string, error) {
	yes, no := "receiving", "unsubscribed"
	if part == partConsent {
		yes, no = "agreed", "revoked"
	}
	word := letters(text)
	switch {
	case slices.Contains([]string{"agreed", "subscribed", "receiving", "optin", "optedin", "granted", "active", "enabled", "aktiv", "confirmed", "angemeldet"}, word):
		return yes, nil
	case slices.Contains([]string{"revoked", "unsubscribed", "optout", "optedout", "withdrawn", "denied", "inactive", "blocklisted", "abgemeldet"}, word):
		return no, nil
	case part == partList && slices.Contains([]string{"bounced", "cleaned", "hardbounce"}, word):
		return "bounced", nil
	}
	b, err := boolean(text)
	if err != nil {
		return "", fmt.Errorf("%q is no decision: expected %s, %s, yes or no", clip(text), yes, no)
	}
	if b {
		return yes, nil
	}
	return no, nil
}

var instantLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999",
	"2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 MST", "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02",
	"2.1.2006 15:04:05", "2.1.2006 15:04", "2.1.2006", "2006/01/02 15:04:05", "2006/01/02 15:04", "2006/01/02",
	time.RFC1123Z, "Jan 2, 2006 15:04:05", "Jan 2, 2006", "2 Jan 2006", "January 2, 2006",
}

var slashLayouts = map[string][]string{
	"dmy": {"2/1/2006 15:04:05", "2/1/2006 15:04", "2/1/2006 3:04 PM", "2/1/2006", "2-1-2006", "2/1/06"},
	"mdy": {"1/2/2006 15:04:05", "1/2/2006 15:04", "1/2/2006 3:04 PM", "1/2/2006 3:04:05 PM", "1/2/2006", "1-2-2006", "1/2/06"},
}

func (c *converter) time(text string) (time.Time, error) {
	if c.Dates == "unix" || c.Dates == "unixms" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return time.Time{}, fmt.Errorf("%q is not a count of seconds since 1970", clip(text))
		}
		if c.Dates == "unixms" {
			return time.UnixMilli(n).UTC(), nil
		}
		return time.Unix(n, 0).UTC(), nil
	}
	for i, layout := range c.layouts {
		t, err := time.ParseInLocation(layout, text, c.Zone)
		if err == nil && t.Year() >= 1 {
			// Layouts exclude each other, so trying in another order reads the same.
			c.layouts[0], c.layouts[i] = c.layouts[i], c.layouts[0]
			return t, nil
		}
	}
	if c.Dates == "" && strings.Contains(text, "/") {
		return time.Time{}, fmt.Errorf("%q can be read two ways; say whether the day comes first (dmy) or the month (mdy)", clip(text))
	}
	return time.Time{}, fmt.Errorf("%q is not a date or time that can be read: expected a form like 2026-01-31 12:00:00", clip(text))
}

func (c *converter) date(text string) (string, error) {
	t, err := c.time(text)
	if err != nil {
		return "", err
	}
	return muster.DateOf(t).String(), nil
}

func (c *converter) instant(text string) (string, error) {
	t, err := c.time(text)
	if err != nil {
		return "", err
	}
	return muster.InstantOf(t).String(), nil
}

// CheckDates reports whether Reading.Dates may be set to this.
func CheckDates(s string) error {
	if slices.Contains([]string{"", "dmy", "mdy", "unix", "unixms"}, s) {
		return nil
	}
	return fmt.Errorf("dates %q are not known: expected dmy, mdy, unix or unixms", s)
}
