package lower

import (
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/plan"
)

// emailActivity is the table "Email activity"; nil for types of other tables.
func (l *lowering) emailActivity(conditionType string, a *catalog.Args) plan.Node {
	count := func(activityType string, filters ...plan.Filter) plan.Node {
		if len(a.Emails) > 0 {
			filters = append(filters, oneOf("email", a.Emails...))
		}
		if len(a.Campaigns) > 0 {
			filters = append(filters, oneOf("campaign", a.Campaigns...))
		}
		return counted(l.activities(a, []string{activityType}, filters...), a.Times)
	}
	switch conditionType {
	case "email-sent":
		return count("email_sent")
	case "email-opened":
		return count("email_open")
	case "email-bounced":
		return count("email_bounce")
	case "email-clicked":
		return count("email_click")
	case "email-clicked-url":
		return count("email_click", l.valueFilter("url", a))
	}
	return nil
}
