package sample

import (
	"strconv"

	"github.com/muster-groups/muster"
)

// emit appends what an event becomes: contact changes and activities.
func (s *Story) emit(items []muster.Item, e event) []muster.Item {
	visitor := muster.Identifiers{VisitorID: visitorID(e.person, e.device)}
	act := func(code, channel string, attributes ...muster.Attribute) {
		items = append(items, activity(visitor, e.at, code, channel, attributes))
	}
	switch e.kind {
	case visitPage:
		act("page_visit", "shop", shopPage(int(e.a))...)
	case readArticle:
		slug := articles[e.a]
		act("page_visit", "magazine", attr("page", "/"+slug), attr("url", "https://magazine.example/"+slug), attr("title", title(slug)), attr("language", "en"))
	case openApp:
		act("page_visit", "app", attr("page", appScreens[e.a]))
	case landOn:
		act("landing_page", "shop", s.landing(e)...)
	case searchFor:
		act("search", "shop", attr("keywords", searches[e.a]))
	case submitForm:
		act("form_submit", "shop", s.form(e)...)
	case addToCart:
		act("product_added_to_cart", "shop", product(e.a, e.b)...)
	case abandonCart:
		act("cart_abandoned", "shop", product(e.a, e.b)...)
	case addToWishlist:
		act("product_added_to_wishlist", "shop", product(e.a, 1)...)
	case register:
		act("member_registration", "shop", attr("member", externalID(e.person)))
	case logIn:
		act("login", "shop", attr("member", externalID(e.person)))
	case review:
		act("review_written", "shop", attr("product", goods[e.a].slug), num("stars", strconv.Itoa(int(e.b))))
	case visitStore:
		act("store_visit", "", attr("store", stores[e.a]), muster.Attribute{Name: "advised", Value: boolean(e.b == 1)})
	case buy:
		order := "O-" + strconv.FormatInt(int64(e.at)%1e8, 10) + "-" + strconv.Itoa(int(e.person))
		amount := (goods[e.a].price * muster.Decimal(e.b)).String()
		act("purchase", "shop", attr("order", order), num("amount", amount), attr("currency", "EUR"))
		act("product_purchased", "shop", attr("order", order), attr("product", goods[e.a].slug), num("quantity", strconv.Itoa(int(e.b))), num("amount", amount))
	case allowTracking, identify, subscribe:
		items = append(items, muster.Item{Contact: s.change(e, visitor)})
	default:
		items = append(items, s.mail(e))
	}
	return items
}

// mail makes the item of a newsletter event, which knows its reader by address.
func (s *Story) mail(e event) muster.Item {
	reader := muster.Identifiers{Email: s.personOf(e.person).email(e.person)}
	campaign := mailingCode(int(e.a))
	attributes := []muster.Attribute{attr("email", campaign), attr("campaign", "newsletter")}
	code := ""
	switch e.kind {
	case mailSent:
		code = "email_sent"
	case mailOpened:
		code = "email_open"
	case mailClicked:
		code = "email_click"
		attributes = append(attributes, attr("url", "https://shop.example/products/"+goods[e.b].slug))
	case mailBounced:
		code = "email_bounce"
		attributes = append(attributes, attr("list", "newsletter"), muster.Attribute{Name: "hard", Value: boolean(true)})
	case mailUnsubscribed:
		code = "email_unsubscribe"
		attributes = append(attributes, attr("list", "newsletter"))
	}
	return activity(reader, e.at, code, "mail", attributes)
}

func mailingCode(n int) string { return "trail-mail-" + strconv.Itoa(n+1) }

// change makes the contact change of an event.
func (s *Story) change(e event, visitor muster.Identifiers) *muster.ContactChange {
	c := &muster.ContactChange{Who: visitor}
	switch e.kind {
	case allowTracking:
		c.Decisions = []muster.DecisionInput{{Kind: muster.OnConsent, Code: "tracking", State: muster.Agreed, At: e.at, Version: "2025-01"}}
	case subscribe:
		c.Decisions = []muster.DecisionInput{
			{Kind: muster.OnConsent, Code: "marketing", State: muster.Agreed, At: e.at, Version: "2025-03"},
			{Kind: muster.OnList, Code: "newsletter", State: muster.Receiving, At: e.at},
		}
		if e.a == 1 {
			c.Decisions = append(c.Decisions, muster.DecisionInput{Kind: muster.OnList, Code: "offers", State: muster.Receiving, At: e.at})
		}
	case identify:
		who := s.personOf(e.person)
		c.Who.Email = who.email(e.person)
		if e.a == 1 {
			c.Fields = s.fields(e, who)
		}
	}
	return c
}

// fields are what a person tells when leaving the email address.
func (s *Story) fields(e event, who person) map[string]muster.Value {
	c := newChance(s.Seed, uint64(e.person)<<4|3)
	fields := map[string]muster.Value{
		"first_name": text(who.first),
		"last_name":  text(who.last),
		"gender":     choice(who.gender),
		"country":    choice(who.country.code),
		"language":   choice(who.country.language),
		"city":       text(who.city),
		"status":     choice(pick(c, []string{"lead", "lead", "customer"})),
		"interests":  {Kind: muster.KindChoices, Choices: interests(c)},
	}
	if c.yes(.6) {
		fields["birthday"] = muster.Value{Kind: muster.KindDate, Date: who.birthday}
	}
	if c.yes(.3) {
		fields["company"] = text(who.company)
		fields["job_title"] = text(who.job)
	}
	if c.yes(.4) {
		fields["phone"] = text(who.country.dial + " " + strconv.Itoa(100_000_000+c.IntN(899_999_999)))
	}
	if c.yes(.25) {
		fields["loyalty_points"] = muster.Value{Kind: muster.KindNumber, Number: muster.Decimal(c.IntN(200)*10) * muster.DecimalOne}
		fields["membership_ends"] = muster.Value{Kind: muster.KindDate, Date: muster.DateOf(s.End.Time()) + muster.Date(c.between(-60, 300))}
	}
	return fields
}

// interests answers one or two codes, sorted and distinct as a value must be.
func interests(c chance) []string {
	a, b := pick(c, interestCodes), pick(c, interestCodes)
	switch {
	case a == b:
		return []string{a}
	case a > b:
		a, b = b, a
	}
	return []string{a, b}
}

func (s *Story) landing(e event) []muster.Attribute {
	attributes := shopPage(int(e.a))
	source := sources[e.b]
	if referrer := referrers[e.b]; referrer != "" {
		attributes = append(attributes, attr("referrer", referrer))
	}
	return append(attributes, attr("utm_source", source), attr("utm_campaign", campaigns[int(e.person)%len(campaigns)]))
}

func (s *Story) form(e event) []muster.Attribute {
	who := s.personOf(e.person)
	attributes := []muster.Attribute{attr("form", forms[e.a]), attr("page", "/contact"), attr("field.email", who.email(e.person))}
	if forms[e.a] == "quote" {
		attributes = append(attributes, attr("field.company", who.company), attr("field.quantity", strconv.Itoa(5+int(e.person)%200)))
	}
	return attributes
}

func shopPage(n int) []muster.Attribute {
	path, name := "", ""
	if n < len(goods) {
		path, name = "/products/"+goods[n].slug, goods[n].name
	} else {
		path = otherPages[n-len(goods)]
		name = title(path)
	}
	return []muster.Attribute{attr("page", path), attr("url", "https://shop.example"+path), attr("title", name)}
}

func product(n, quantity uint16) []muster.Attribute {
	return []muster.Attribute{attr("product", goods[n].slug), num("quantity", strconv.Itoa(int(quantity))), num("price", goods[n].price.String())}
}

// title makes a page's title of its path: /size-guide is Size guide.
func title(path string) string {
	b := []byte(path)
	if len(b) > 0 && b[0] == '/' {
		b = b[1:]
	}
	if len(b) == 0 {
		return "Home"
	}
	for i := range b {
		if b[i] == '-' {
			b[i] = ' '
		}
	}
	if b[0] >= 'a' && b[0] <= 'z' {
		b[0] -= 'a' - 'A'
	}
	return string(b)
}

func activity(who muster.Identifiers, at muster.Instant, code, channel string, attributes []muster.Attribute) muster.Item {
	return muster.Item{Activity: &muster.ActivityInput{
		Who: who, HasAt: true,
		Activity: muster.Activity{Type: code, At: at, Channel: channel, Attributes: attributes},
	}}
}

func attr(name, value string) muster.Attribute {
	return muster.Attribute{Name: name, Value: scalar(value)}
}

func num(name, value string) muster.Attribute {
	return muster.Attribute{Name: name, Value: number(value)}
}

func boolean(b bool) muster.Scalar {
	return muster.Scalar{Kind: muster.KindBoolean, Text: strconv.FormatBool(b)}
}
