package oracle

import (
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
)

// meaning decides one condition without its "not", by the tables of the
// language, in their order.
func (q *question) meaning(l *catalog.Leaf) bool {
	a := &l.Args
	count := func(activityType string, tests ...test) bool {
		return counts(q.activitiesThat(a, []string{activityType}, tests...), a.Times)
	}
	switch l.Type {
	// Contact details.
	case "age":
		return q.age(comparisonOf(a))
	case "age-between":
		return q.age(comparison{op: catalog.Between, numbers: a.Numbers})
	case "birthday":
		return q.birthday(a)
	case "gender":
		return q.choice("gender", []string{a.Code})
	case "country", "state":
		return q.choice(l.Type, a.Codes)
	case "field":
		return comparisonOf(a).holds(q.field(a.Field), q.cal)
	case "field-empty":
		return q.field(a.Field).IsMissing()
	case "consent":
		return q.decided(muster.OnConsent, a.Code, a.State, a.Window)
	case "in-groups":
		return q.inGroups(a)
	case "recipient-list":
		return q.decided(muster.OnList, a.Code, a.State, a.Window)
	case "unsubscribed-from-all":
		return q.decided(muster.OnAllMail, "", muster.Unsubscribed, a.Window)
	case "created":
		return comparisonOf(a).holds(q.field("created_at"), q.cal)
	case "identified":
		return isTrue(q.field("identified"))
	case "registered":
		return q.registered(a)

	// Web activity.
	case "visited-page":
		return count("page_visit", isOne("page", a.Codes...))
	case "visited-url":
		return count("page_visit", q.compares("url", a))
	case "visited-channel":
		return count("page_visit")
	case "landed-on-page":
		return count("landing_page", isOne("page", a.Codes...))
	case "landed-on-url":
		return count("landing_page", q.compares("url", a))
	case "came-from":
		// Visits and landings both carry where the visitor came from.
		visits := []string{"page_visit", "landing_page"}
		return counts(q.activitiesThat(a, visits, q.compares(a.Parameter, a)), a.Times)
	case "submitted-form":
		return count("form_submit", isOne("form", a.Code))
	case "submitted-form-value":
		return count("form_submit", isOne("form", a.Code), q.compares("field."+a.FormField, a))
	case "entered-data":
		// The label of the source is the activity's value.
		return count("data_input", q.compares("value", a))
	case "performed":
		return q.performed(a)
	case "performed-any":
		return counts(q.activities(a), a.Times)
	case "performed-with-value":
		return counts(q.activitiesThat(a, a.Types, q.compares("value", a)), a.Times)
	case "inactive":
		return q.inactive(a)
	case "logged-in":
		return count("login")
	case "searched":
		return count("search", searchedFor(a.Mode, a.Keywords))

	// Email activity.
	case "email-sent":
		return count("email_sent", isOne("email", a.Emails...), isOne("campaign", a.Campaigns...))
	case "email-opened":
		return count("email_open", isOne("email", a.Emails...), isOne("campaign", a.Campaigns...))
	case "email-bounced":
		return count("email_bounce", isOne("email", a.Emails...), isOne("campaign", a.Campaigns...))
	case "email-clicked":
		return count("email_click", isOne("email", a.Emails...), isOne("campaign", a.Campaigns...))
	case "email-clicked-url":
		return count("email_click", q.compares("url", a), isOne("email", a.Emails...), isOne("campaign", a.Campaigns...))

	// Commerce.
	case "purchased-product":
		return count("product_purchased", isOne("product", a.Codes...))
	case "products-purchased":
		quantity := total(q.activities(a, "product_purchased"), "quantity")
		return comparisonOf(a).holds(value{number: quantity}, q.cal)
	case "spent":
		return q.spent(a)
	case "orders":
		return count("purchase")
	case "wishlist":
		return q.wishlist(a)

	// Any activity.
	case "activity-count":
		return counts(q.activities(a, a.Types...), a.Times)
	case "activity-measure":
		return comparisonOf(a).holds(measure(q.activities(a, a.Types...), a.Attribute, a.Measure), q.cal)
	case "first-activity":
		return q.firstOrLast(a, false)
	case "last-activity":
		return q.firstOrLast(a, true)
	case "sequence":
		return q.sequence(a)
	case "sample":
		return inSample(a.Salt, a.Percent, q.p.ID)

	// Date and time.
	case "weekday":
		return slices.Contains(a.Weekdays, mondayFirst(q.cal.today()))
	case "month":
		return slices.Contains(a.Months, int(q.cal.today().month))
	case "time-of-day":
		return q.timeOfDay(a.Minutes[0], a.Minutes[1])
	}
	panic("oracle: condition type " + l.Type + " is not known")
}

// mondayFirst numbers the days of the week from 1, Monday, to 7, Sunday.
func mondayFirst(d day) int { return (int(d.weekday())+6)%7 + 1 }

// timeOfDay reports whether the minute on the wall is in [from, to), which may
// pass midnight.
func (q *question) timeOfDay(from, to int) bool {
	now := q.cal.local(q.cal.now)
	minute := now.Hour()*60 + now.Minute()
	if from > to {
		return minute >= from || minute < to
	}
	return minute >= from && minute < to
}

// searchedFor demands that any or all keywords occur in the one search.
func searchedFor(mode muster.Match, keywords []string) test {
	return func(a muster.Activity) bool {
		said := attribute(a, "keywords", muster.TextAttribute)
		var found []bool
		for _, k := range keywords {
			found = append(found, !said.IsMissing() && comparison{text: []string{k}}.testText(catalog.Contains, fold(said.text)))
		}
		return combine(mode, found)
	}
}
