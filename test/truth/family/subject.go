package family

import "strings"

// A subject is a condition type that looks at dated facts, written so that one
// fact of the kind satisfies it.
type subject struct {
	name   string
	kind   string // the condition type
	params string
	define string
	// fact is the fact as a line of the command after the contact's name; @ is
	// where the instant stands.
	command, fact string
	noTimes       bool // takes no times
	noFilters     bool // takes no where
	decision      bool // a decision and no activity
}

func activity(kind, params, fact string) subject {
	return subject{name: kind, kind: kind, params: params, command: "activity", fact: fact}
}

func subjects() []subject {
	list := []subject{
		activity("visited-page", `"pages":["/pricing"]`, "page_visit @ page=/pricing"),
		activity("visited-url", `"op":"starts_with","value":"https://shop."`, "page_visit @ url=https://shop.example/hats"),
		{name: "visited-channel", kind: "visited-channel", params: `"channels":["shop"]`, define: "channel shop", command: "activity", fact: "page_visit @ channel=shop"},
		activity("landed-on-page", `"pages":["/spring"]`, "landing_page @ page=/spring"),
		activity("landed-on-url", `"op":"contains","value":"spring"`, "landing_page @ url=https://shop.example/spring"),
		activity("came-from", `"parameter":"utm_source","op":"is","value":"news"`, "page_visit @ utm_source=news"),
		activity("submitted-form", `"form":"contact"`, "form_submit @ form=contact"),
		activity("submitted-form-value", `"form":"contact","form_field":"topic","op":"is","value":"price"`, "form_submit @ form=contact field.topic=price"),
		activity("entered-data", `"op":"is_not","source":"nothing"`, "data_input @"),
		activity("performed", `"types":["login","click"]`, "click @"),
		activity("performed-any", ``, "click @"),
		activity("performed-with-value", `"activity_type":"click","op":"is_not","value":"nothing"`, "click @"),
		activity("logged-in", ``, "login @"),
		activity("searched", `"keywords":["hat"]`, "search @ keywords=hat"),
		activity("email-sent", `"emails":["welcome"]`, "email_sent @ email=welcome"),
		activity("email-opened", `"campaigns":["spring"]`, "email_open @ campaign=spring"),
		activity("email-clicked", `"emails":["welcome"]`, "email_click @ email=welcome"),
		activity("email-clicked-url", `"op":"ends_with","value":"/hats"`, "email_click @ url=https://shop.example/hats"),
		activity("email-bounced", `"emails":["welcome"]`, "email_bounce @ email=welcome"),
		activity("purchased-product", `"products":["hat"]`, "product_purchased @ product=hat"),
		activity("products-purchased", `"op":"at_least","value":1`, "product_purchased @ product=hat quantity=1"),
		activity("spent", `"amount":{"at_least":1}`, "purchase @ amount=10"),
		activity("orders", ``, "purchase @ amount=10"),
		activity("activity-count", `"types":["click"]`, "click @"),
		activity("activity-measure", `"types":["purchase"],"measure":"largest","attribute":"amount","op":"at_least","value":10`, "purchase @ amount=10"),
		activity("first-activity", `"types":["click"]`, "click @"),
		activity("last-activity", `"types":["click"]`, "click @"),
		{name: "sequence", kind: "sequence", params: `"steps":[{"types":["click"]},{"types":["login"]}]`, command: "activity", fact: "click @\n$ login @"},
		{name: "consent", kind: "consent", params: `"consent":"tracking"`, define: "consent tracking", command: "contact", fact: "consent.tracking=agreed@@", decision: true},
		{name: "consent-revoked", kind: "consent", params: `"consent":"tracking","state":"revoked"`, define: "consent tracking", command: "contact", fact: "consent.tracking=revoked@@", decision: true},
		{name: "recipient-list", kind: "recipient-list", params: `"list":"news"`, define: "list news", command: "contact", fact: "list.news=receiving@@", decision: true},
		{name: "recipient-list-unsubscribed", kind: "recipient-list", params: `"list":"news","state":"unsubscribed"`, define: "list news", command: "contact", fact: "list.news=unsubscribed@@", decision: true},
		{name: "recipient-list-bounced", kind: "recipient-list", params: `"list":"news","state":"bounced"`, define: "list news", command: "contact", fact: "list.news=bounced@@", decision: true},
		{name: "unsubscribed-from-all", kind: "unsubscribed-from-all", command: "contact", fact: "all_mail=unsubscribed@@", decision: true},
	}
	for i, s := range list {
		switch s.kind {
		case "products-purchased", "spent", "activity-measure", "first-activity", "last-activity", "sequence":
			list[i].noTimes = true
		}
		list[i].noTimes = list[i].noTimes || s.decision
		list[i].noFilters = s.decision || s.kind == "sequence" || s.kind == "visited-channel"
	}
	return list
}

// at is the line of a contact with the fact at an instant.
func (s subject) at(name, instant string) string {
	fact := s.fact
	if s.decision {
		fact = strings.Replace(fact, "@@", "@"+instant, 1)
	} else {
		fact = strings.ReplaceAll(fact, "@", instant)
	}
	return name + " " + strings.ReplaceAll(fact, "$", name)
}
