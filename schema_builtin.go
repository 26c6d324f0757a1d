package muster

import (
	"maps"
	"time"
)

// NewSchema answers a schema that holds what is built in and nothing else. A
// nil zone is UTC.
func NewSchema(zone *time.Location) *Schema {
	if zone == nil {
		zone = time.UTC
	}
	s := &Schema{
		Fields:        map[string]Field{},
		ActivityTypes: map[string]ActivityType{},
		Consents:      map[string]Named{},
		Lists:         map[string]Named{},
		Channels:      map[string]Named{},
		Groups:        map[string]GroupNo{},
		GroupNames:    map[string]string{},
		Zone:          zone,
	}
	for _, f := range BuiltInFields() {
		s.Fields[f.Code] = f
	}
	for _, t := range BuiltInActivityTypes() {
		s.ActivityTypes[t.Code] = t
	}
	return s
}

// Clone answers a copy whose maps may be changed: the way to define something
// without touching a snapshot that others read.
func (s *Schema) Clone() *Schema {
	c := *s
	c.Fields = cloneMap(s.Fields)
	c.ActivityTypes = cloneMap(s.ActivityTypes)
	c.Consents = cloneMap(s.Consents)
	c.Lists = cloneMap(s.Lists)
	c.Channels = cloneMap(s.Channels)
	c.Groups = cloneMap(s.Groups)
	c.GroupNames = cloneMap(s.GroupNames)
	return &c
}

// cloneMap copies a map; a copy of nil can be written to as well.
func cloneMap[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return maps.Clone(m)
}

// BuiltInFields answers the fields every project has, in the order in which
// people expect to read them.
func BuiltInFields() []Field {
	text := func(code, name string) Field {
		return Field{Code: code, Name: name, Type: TextField, BuiltIn: true}
	}
	typed := func(code, name string, t FieldType) Field {
		return Field{Code: code, Name: name, Type: t, BuiltIn: true}
	}
	system := func(code, name string, t FieldType) Field {
		return Field{Code: code, Name: name, Type: t, BuiltIn: true, System: true}
	}
	country := typed("country", "Country", ChoiceField)
	country.Choices = Countries()
	return []Field{
		text("first_name", "First name"),
		text("middle_name", "Middle name"),
		text("last_name", "Last name"),
		text("title", "Title"),
		typed("gender", "Gender", ChoiceField),
		typed("birthday", "Birthday", DateField),
		text("email", "Email"),
		text("phone", "Phone"),
		text("mobile", "Mobile phone"),
		text("company", "Company"),
		typed("account", "Account", ChoiceField),
		text("job_title", "Job title"),
		text("address", "Address"),
		text("city", "City"),
		text("zip", "Postal code"),
		typed("state", "State", ChoiceField),
		country,
		typed("language", "Language", ChoiceField),
		text("timezone", "Time zone"),
		text("notes", "Notes"),
		text("owner", "Owner"),
		typed("status", "Status", ChoiceField),
		typed("roles", "Roles", ChoicesField),
		typed("persona", "Persona", ChoicesField),
		typed("campaign", "Campaign", ChoicesField),
		typed("member_enabled", "Member enabled", BooleanField),
		system("created_at", "Created", DatetimeField),
		system("last_activity_at", "Last activity", DatetimeField),
		system("identified", "Identified", BooleanField),
	}
}

// ValueAttribute is the attribute that every activity type has, a text.
const ValueAttribute = "value"

// BuiltInActivityTypes answers the activity types every project has. The
// attribute value, which all of them have, is not listed.
func BuiltInActivityTypes() []ActivityType {
	var (
		page       = AttributeDef{"page", "Page", TextAttribute}
		url        = AttributeDef{"url", "URL", TextAttribute}
		pageTitle  = AttributeDef{"title", "Page title", TextAttribute}
		referrer   = AttributeDef{"referrer", "Referrer", TextAttribute}
		language   = AttributeDef{"language", "Language", TextAttribute}
		source     = AttributeDef{"utm_source", "UTM source", TextAttribute}
		medium     = AttributeDef{"utm_medium", "UTM medium", TextAttribute}
		campaignOf = AttributeDef{"utm_campaign", "UTM campaign", TextAttribute}
		content    = AttributeDef{"utm_content", "UTM content", TextAttribute}
		term       = AttributeDef{"utm_term", "UTM term", TextAttribute}
		email      = AttributeDef{"email", "Email", TextAttribute}
		campaign   = AttributeDef{"campaign", "Campaign", TextAttribute}
		list       = AttributeDef{"list", "Recipient list", TextAttribute}
		member     = AttributeDef{"member", "Member", TextAttribute}
		order      = AttributeDef{"order", "Order", TextAttribute}
		product    = AttributeDef{"product", "Product", TextAttribute}
		quantity   = AttributeDef{"quantity", "Quantity", NumberAttribute}
		price      = AttributeDef{"price", "Price", NumberAttribute}
		amount     = AttributeDef{"amount", "Amount", NumberAttribute}
	)
	kind := func(code, name string, attributes ...AttributeDef) ActivityType {
		return ActivityType{Code: code, Name: name, Attributes: attributes, BuiltIn: true}
	}
	return []ActivityType{
		kind("page_visit", "Page visit", page, url, pageTitle, referrer, language, source, medium, campaignOf, content, term),
		kind("landing_page", "Landing page", page, url, pageTitle, referrer, language, source, medium, campaignOf, content, term),
		kind("form_submit", "Form submission", AttributeDef{"form", "Form", TextAttribute}),
		kind("data_input", "Data input", AttributeDef{"source", "Source", TextAttribute}),
		kind("click", "Click", url),
		kind("search", "Search", AttributeDef{"keywords", "Keywords", TextAttribute}),
		kind("member_registration", "Member registration", member),
		kind("login", "Login", member),
		kind("email_sent", "Email sent", email, campaign, list),
		kind("email_open", "Email opened", email, campaign, list),
		kind("email_click", "Email link clicked", email, campaign, url, list),
		kind("email_bounce", "Email bounced", email, campaign, list, AttributeDef{"hard", "Hard bounce", BooleanAttribute}),
		kind("email_unsubscribe", "Email unsubscription", email, campaign, list),
		kind("product_added_to_cart", "Product added to cart", product, quantity, price),
		kind("product_removed_from_cart", "Product removed from cart", product, quantity, price),
		kind("cart_abandoned", "Cart abandoned", product, quantity, price),
		kind("product_added_to_wishlist", "Product added to wishlist", product, quantity, price),
		kind("product_removed_from_wishlist", "Product removed from wishlist", product, quantity, price),
		kind("purchase", "Purchase", order, amount, AttributeDef{"currency", "Currency", TextAttribute}),
		kind("product_purchased", "Product purchased", order, product, quantity, amount),
	}
}
