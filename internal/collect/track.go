package collect

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/valyala/fastjson"

	"github.com/muster-groups/muster"
)

// track makes an activity of an event: of a built-in type where the
// specification's name means one, of the type with the event's code or name,
// or of one that the policy makes.
func (t *translation) track() {
	// Events of email tools often know nobody but by email.
	if t.who.IsZero() {
		t.email(t.v.Get("context", "traits", "email"))
	}
	if !t.named() {
		return
	}
	name := strings.TrimSpace(text(t.v.Get("event")))
	if name == "" {
		t.out.Err = refused("/event", problemMissing, "expected the name of the event")
		return
	}
	properties := propertiesOf(t.v.Get("properties"))
	known := meanings[snake(name)]
	if known.kind == "" {
		t.custom(name, properties)
		return
	}
	list := []property{properties}
	if known.each && len(properties.products()) > 0 {
		list = properties.products()
	}
	for _, p := range list {
		t.meaning(known, p)
	}
	if known.kind == "purchase" {
		for _, product := range properties.products() {
			t.bought(product, properties)
		}
	}
}

// meaning makes the activity that an event of the specification means.
func (t *translation) meaning(m meaning, p property) {
	var a attributes
	for _, rule := range m.attributes {
		for _, from := range rule.from {
			if s, ok := scalar(p.get(from)); ok {
				a.set(rule.to, s)
				break
			}
		}
	}
	switch m.kind {
	case "member_registration", "login":
		a.text("member", t.who.ExternalID)
	case "email_bounce":
		if strings.EqualFold(text(p.get("bounce_type")), "hard") || strings.EqualFold(text(p.get("bounce_type")), "permanent") {
			a.set("hard", muster.Scalar{Kind: muster.KindBoolean, Text: "true"})
		}
	case "form_submit":
		formFields(&a, p)
	}
	t.declared(&a, t.Schema.ActivityTypes[m.kind], p.object)
	t.activity(m.kind, a.list)
}

// bought makes the activity of one product of an order.
func (t *translation) bought(product, order property) {
	m := meanings["product_purchased"]
	var a attributes
	for _, rule := range m.attributes {
		for _, from := range rule.from {
			source := product
			if rule.to == "order" {
				source = order
			}
			if s, ok := scalar(source.get(from)); ok {
				a.set(rule.to, s)
				break
			}
		}
	}
	if price, ok := scalar(product.get("price")); ok && !a.has("amount") {
		quantity, said := scalar(product.get("quantity"))
		if !said {
			quantity.Text = "1"
		}
		if amount, ok := times(price.Text, quantity.Text); ok {
			a.set("amount", muster.Scalar{Kind: muster.KindNumber, Text: amount})
		}
	}
	t.declared(&a, t.Schema.ActivityTypes[m.kind], product.object)
	t.activity(m.kind, a.list)
}

// formFields keeps the fields of a form: members named field.NAME, and the
// members of an object named fields.
func formFields(a *attributes, p property) {
	keep := func(name string, v *fastjson.Value) {
		if s, ok := scalar(v); ok && name != "" && utf8.RuneCountInString(name) < 90 {
			a.set(muster.FormFieldPrefix+name, s)
		}
	}
	visit(p.get("fields"), keep)
	visit(p.object, func(key string, v *fastjson.Value) {
		if name, ok := strings.CutPrefix(key, muster.FormFieldPrefix); ok {
			keep(name, v)
		}
	})
}

// declared keeps the properties that the activity type declares, and the value.
// What nothing declares no condition can read, so it is not kept.
func (t *translation) declared(a *attributes, kind muster.ActivityType, properties *fastjson.Value) {
	visit(properties, func(name string, v *fastjson.Value) {
		if _, ok := kind.Attribute(name); !ok {
			if name = snake(name); name == "" {
				return
			}
			if _, ok := kind.Attribute(name); !ok {
				return
			}
		}
		if s, ok := scalar(v); ok {
			a.set(name, s)
		}
	})
}

// custom makes an activity of a type of one's own.
func (t *translation) custom(name string, p property) {
	kind, known := t.typeOf(name)
	switch {
	case known:
	case t.Events == Refuse:
		t.out.Err = refused("/event", problemUnknown, "there is no activity type for the event "+cut(name, 60))
		return
	case t.Events != Create:
		t.ignore("event")
		return
	default:
		kind = muster.ActivityType{Code: codeOf("event", name), Name: cut(name, 100)}
	}
	if t.Events == Create && !kind.BuiltIn {
		if wider, changed := widened(kind, p.object); changed || !known {
			kind = wider
			t.out.Types = append(t.out.Types, kind)
		}
	}
	var a attributes
	if kind.Code == "form_submit" {
		formFields(&a, p)
	}
	t.declared(&a, kind, p.object)
	t.activity(kind.Code, a.list)
}

// typeOf finds the activity type with the event's code or name.
func (t *translation) typeOf(name string) (muster.ActivityType, bool) {
	for _, code := range []string{name, snake(name), codeOf("event", name)} {
		if kind, known := t.Schema.ActivityTypes[code]; known {
			return kind, true
		}
	}
	for _, kind := range t.Schema.SortedActivityTypes() {
		if strings.EqualFold(kind.Name, name) {
			return kind, true
		}
	}
	return muster.ActivityType{}, false
}

// MaxDeclared bounds the attributes that events may declare on one type.
const MaxDeclared = 50

// widened declares the properties that a type does not declare yet.
func widened(kind muster.ActivityType, properties *fastjson.Value) (muster.ActivityType, bool) {
	kind.Attributes = slices.Clone(kind.Attributes)
	changed := false
	visit(properties, func(name string, v *fastjson.Value) {
		s, ok := scalar(v)
		if !ok || name == "" || len(name) > 64 || strings.ContainsRune(name, 0) || len(kind.Attributes) >= MaxDeclared {
			return
		}
		if _, known := kind.Attribute(name); known {
			return
		}
		if _, known := kind.Attribute(snake(name)); known {
			return
		}
		kind.Attributes = append(kind.Attributes, muster.AttributeDef{Code: name, Name: shown(snake(name)), Type: attributeType(s)})
		changed = true
	})
	return kind, changed
}
