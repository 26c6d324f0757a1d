package langdoc

import (
	"fmt"
	"strings"
)

// A match is a condition of Kentico's with what covers it here.
type match struct {
	number, condition  string
	conditionType      string
	script, containing string // where it is proven; a text that tells its line
}

// matches are the conditions to be covered, in words of our own.
func matches() []match {
	return []match{
		{"X1", "age compared with a number", "age", "contact/age.txt", ""},
		{"X2", "age between two numbers", "age-between", "contact/age-between.txt", ""},
		{"X3", "birthday is today, tomorrow, in the next days, in a month", "birthday", "contact/birthday-in-next.txt", "in_next"},
		{"X4", "is female", "gender", "parity/kentico-gender.txt", "female"},
		{"X5", "is male", "gender", "parity/kentico-gender.txt", `"male"`},
		{"X6", "is from a country", "country", "contact/country.txt", ""},
		{"X7", "is from a state", "state", "contact/state.txt", ""},
		{"X8", "a field compared with a value", "field", "field/text-contains.txt", "contains"},
		{"X9", "a field is empty", "field-empty", "field/text-empty-is-missing.txt", ""},
		{"X10", "agreed to a consent", "consent", "contact/consent.txt", ""},
		{"X11", "is in contact groups", "in-groups", "contact/in-groups.txt", ""},
		{"X12", "visited a page", "visited-page", "web/visited-page.txt", ""},
		{"X13", "visited a page with a URL", "visited-url", "web/visited-url-positive.txt", ""},
		{"X14", "landed on a page", "landed-on-page", "web/landed-on-page.txt", ""},
		{"X15", "landed on a page with a URL", "landed-on-url", "web/landed-on-url.txt", ""},
		{"X16", "submitted a form", "submitted-form", "web/submitted-form.txt", ""},
		{"X17", "entered data from a source", "entered-data", "web/entered-data.txt", ""},
		{"X18", "performed activities of types", "performed", "web/performed-any-of.txt", ""},
		{"X19", "performed any activity", "performed-any", "web/performed-any.txt", ""},
		{"X20", "performed an activity with a value", "performed-with-value", "web/performed-with-value.txt", ""},
		{"X21", "was inactive for a time", "inactive", "web/inactive.txt", ""},
		{"X22", "clicked a link in an email", "email-clicked", "email/clicked.txt", ""},
		{"X23", "clicked a link with a URL in an email", "email-clicked-url", "email/clicked-url.txt", ""},
		{"X24", "the day of the week", "weekday", "time/weekday.txt", ""},
		{"X25", "the month", "month", "time/month.txt", ""},
		{"X26", "the time of day", "time-of-day", "time/time-of-day.txt", ""},
		{"X automation, K", "receives a recipient list", "recipient-list", "contact/recipient-list.txt", ""},
		{"X automation, K", "is a registered member", "registered", "contact/registered.txt", ""},
		{"K", "status", "field", "parity/kentico-13-fields.txt", `"status"`},
		{"K", "account", "field", "parity/kentico-13-fields.txt", `"account"`},
		{"K", "role", "field", "parity/kentico-13-fields.txt", `"roles"`},
		{"K", "persona", "field", "parity/kentico-13-fields.txt", `"persona"`},
		{"K", "opted out of all mail", "unsubscribed-from-all", "contact/unsubscribed-from-all.txt", ""},
		{"K", "was created in a span of time", "created", "contact/created.txt", ""},
		{"K", "visited a site", "visited-channel", "web/visited-channel.txt", ""},
		{"K", "submitted a form with a value", "submitted-form-value", "web/submitted-form-value.txt", ""},
		{"K", "logged in", "logged-in", "web/logged-in.txt", ""},
		{"K", "searched for keywords", "searched", "web/searched.txt", ""},
		{"K", "was sent a newsletter or campaign", "email-sent", "email/sent-opened-bounced.txt", ""},
		{"K", "opened a newsletter or campaign", "email-opened", "email/sent-opened-bounced.txt", ""},
		{"K", "email bounced", "email-bounced", "email/sent-opened-bounced.txt", ""},
		{"K", "clicked a link in a newsletter or campaign", "email-clicked", "email/clicked.txt", ""},
		{"K", "clicked a link with a URL in a newsletter", "email-clicked-url", "email/clicked-url.txt", ""},
		{"K", "purchased products", "purchased-product", "commerce/purchased-product.txt", ""},
		{"K", "purchased a number of products", "products-purchased", "commerce/products-purchased.txt", ""},
		{"K", "spent an amount", "spent", "commerce/spent.txt", ""},
		{"K", "placed orders", "orders", "commerce/orders.txt", ""},
		{"K", "has products on the wishlist", "wishlist", "commerce/wishlist.txt", ""},
	}
}

// parity is the table; it fails where a script or a document of it does not hold.
func (w *writer) parity() (string, error) {
	category := map[string]string{}
	for _, t := range w.description.Types {
		category[t.Type] = slug(t.Category)
	}
	var b strings.Builder
	b.WriteString(generated + parityTop)
	for _, m := range matches() {
		e, err := w.exampleIn(m.script, m.conditionType, m.containing)
		if err != nil {
			return "", fmt.Errorf("%s, %s: %w", m.number, m.condition, err)
		}
		fmt.Fprintf(&b, "| %s | %s | [`%s`](language/%s.md#%s) | `%s` | [%s](../test/script/testdata/%s) |\n",
			m.number, m.condition, m.conditionType, category[m.conditionType], m.conditionType, strings.ReplaceAll(e.line, "|", "\\|"), m.script, m.script)
	}
	return b.String(), nil
}
