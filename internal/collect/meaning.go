package collect

import (
	"slices"

	"github.com/valyala/fastjson"
)

// A meaning is the built-in activity type that an event of the specification
// means, and where its attributes come from.
type meaning struct {
	kind       string
	each       bool // one activity for each of the products, where there is a list
	attributes []rule
}

// A rule takes an attribute from the first of these properties that is there.
type rule struct {
	to   string
	from []string
}

func productRules() []rule {
	return []rule{
		{"product", []string{"product_id", "sku", "product", "id", "name"}},
		{"quantity", []string{"quantity"}},
		{"price", []string{"price"}},
	}
}

func emailRules(more ...rule) []rule {
	return append([]rule{
		{"email", []string{"email_subject", "email_name", "subject", "email_id"}},
		{"campaign", []string{"campaign_name", "campaign", "campaign_id"}},
		{"list", []string{"list", "list_id", "list_name"}},
	}, more...)
}

// meanings by the event's name in snake case: the names of the specification's
// ecommerce (version 2, and 1 after it), email and B2B SaaS events.
var meanings = func() map[string]meaning {
	search := meaning{kind: "search", attributes: []rule{{"keywords", []string{"query", "keywords", "search_term"}}}}
	added := meaning{kind: "product_added_to_cart", each: true, attributes: productRules()}
	removed := meaning{kind: "product_removed_from_cart", each: true, attributes: productRules()}
	ordered := meaning{kind: "purchase", attributes: []rule{
		{"order", []string{"order_id", "order", "id"}},
		{"amount", []string{"total", "revenue", "value", "subtotal"}},
		{"currency", []string{"currency"}},
	}}
	unsubscribed := meaning{kind: "email_unsubscribe", attributes: emailRules()}
	return map[string]meaning{
		"products_searched":              search,
		"product_added":                  added,
		"added_product":                  added,
		"wishlist_product_added_to_cart": added,
		"product_removed":                removed,
		"removed_product":                removed,
		"cart_abandoned":                 {kind: "cart_abandoned", each: true, attributes: productRules()},
		"product_added_to_wishlist":      {kind: "product_added_to_wishlist", each: true, attributes: productRules()},
		"product_removed_from_wishlist":  {kind: "product_removed_from_wishlist", each: true, attributes: productRules()},
		"order_completed":                ordered,
		"completed_order":                ordered,
		"product_purchased": {kind: "product_purchased", attributes: []rule{
			{"order", []string{"order_id", "order"}},
			{"product", []string{"product_id", "sku", "product", "id", "name"}},
			{"quantity", []string{"quantity"}},
			{"amount", []string{"amount", "total"}},
		}},

		"email_delivered":      {kind: "email_sent", attributes: emailRules()},
		"email_opened":         {kind: "email_open", attributes: emailRules()},
		"email_link_clicked":   {kind: "email_click", attributes: emailRules(rule{"url", []string{"link_url", "url", "link"}})},
		"email_bounced":        {kind: "email_bounce", attributes: emailRules(rule{"hard", []string{"hard"}})},
		"email_marked_as_spam": unsubscribed,
		"unsubscribed":         unsubscribed,
		"email_unsubscribed":   unsubscribed,

		"signed_up":      {kind: "member_registration"},
		"signed_in":      {kind: "login"},
		"form_submitted": {kind: "form_submit", attributes: []rule{{"form", []string{"form", "form_name", "form_id", "name", "id"}}}},
		"link_clicked":   {kind: "click", attributes: []rule{{"url", []string{"url", "href", "link_url", "link"}}}},
	}
}()

// Events lists the names in snake case that mean a built-in activity type, with it.
func Events() [][2]string {
	var out [][2]string
	for name, m := range meanings {
		out = append(out, [2]string{name, m.kind})
	}
	slices.SortFunc(out, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	return out
}

// property is an object of properties, found by their names in snake case.
type property struct {
	object *fastjson.Value
	byName map[string]*fastjson.Value
}

func propertiesOf(v *fastjson.Value) property {
	p := property{object: v, byName: map[string]*fastjson.Value{}}
	visit(v, func(key string, v *fastjson.Value) { p.byName[snake(key)] = v })
	return p
}

func (p property) get(name string) *fastjson.Value { return p.byName[name] }

// maxProducts bounds the activities that one order makes.
const maxProducts = 250

// products are those of an order or a cart which say what they are.
func (p property) products() []property {
	list := p.get("products")
	if list == nil {
		return nil
	}
	items, _ := list.Array() // none when it is no list
	var out []property
	for _, item := range items[:min(len(items), maxProducts)] {
		product := propertiesOf(item)
		for _, name := range productRules()[0].from {
			if s := product.get(name); s != nil {
				out = append(out, product)
				break
			}
		}
	}
	return out
}
