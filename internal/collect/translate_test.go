package collect_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/collect"
)

var arrival = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// options are those of most cases: a project with some definitions of its own.
func options(traits, events collect.Policy) collect.Options {
	s := muster.NewSchema(nil)
	s.Fields["plan"] = muster.Field{Code: "plan", Name: "Plan", Type: muster.TextField}
	s.Fields["newsletter"] = muster.Field{Code: "newsletter", Name: "Newsletter", Type: muster.BooleanField}
	s.ActivityTypes["demo_requested"] = muster.ActivityType{Code: "demo_requested", Name: "Asked for a demo",
		Attributes: []muster.AttributeDef{{Code: "size", Name: "Size", Type: muster.NumberAttribute}}}
	s.Consents["marketing"] = muster.Named{Code: "marketing", Name: "Marketing"}
	s.Channels["shop.example"] = muster.Named{Code: "shop.example", Name: "Shop"}
	return collect.Options{Schema: s, Received: arrival, Traits: traits, Events: events}
}

// told writes down a message as text: a line for each item, definition and
// thing left out.
func told(s *muster.Schema, m collect.Message) []string {
	var out []string
	if m.Err != nil {
		return []string{"refused: " + m.Err.Error()}
	}
	for _, f := range m.Fields {
		out = append(out, fmt.Sprintf("define field %s %q %s", f.Code, f.Name, f.Type))
		s = s.Clone()
		s.Fields[f.Code] = f
	}
	for _, t := range m.Types {
		line := fmt.Sprintf("define type %s %q", t.Code, t.Name)
		for _, a := range t.Attributes {
			line += fmt.Sprintf(" %s:%s", a.Code, a.Type)
		}
		out = append(out, line)
	}
	for _, item := range m.Items {
		if c := item.Contact; c != nil {
			line := "contact" + whom(c.Who) + id(c.ID)
			for _, code := range slices.Sorted(maps.Keys(c.Fields)) {
				line += fmt.Sprintf(" %s=%s", code, s.Fields[code].JSON(c.Fields[code]))
			}
			for _, d := range c.Decisions {
				line += fmt.Sprintf(" consent %s %s at %s", d.Code, d.State, d.At)
			}
			out = append(out, line)
			continue
		}
		a := item.Activity
		line := a.Type + whom(a.Who) + id(a.ID)
		if a.HasAt {
			line += " at=" + a.At.String()
		}
		if a.Channel != "" {
			line += " channel=" + a.Channel
		}
		for _, at := range a.Attributes {
			line += fmt.Sprintf(" %s=%s", at.Name, at.Value.JSON())
		}
		out = append(out, line)
	}
	for _, part := range m.Ignored {
		out = append(out, "ignored "+part)
	}
	return out
}

func whom(w muster.Identifiers) string {
	s := ""
	for _, part := range [][2]string{{"user", w.ExternalID}, {"email", w.Email}, {"visitor", w.VisitorID}} {
		if part[1] != "" {
			s += " " + part[0] + "=" + part[1]
		}
	}
	return s
}

func id(s string) string {
	if s == "" {
		return ""
	}
	return " id=" + s
}

// translated is what becomes of one call.
func translated(t *testing.T, o collect.Options, call, body string) []string {
	t.Helper()
	r, err := new(collect.Reader).Read(call, []byte(body))
	if err != nil {
		return []string{"unreadable: " + err.Error()}
	}
	var out []string
	for _, m := range r.Translate(o) {
		out = append(out, told(o.Schema, m)...)
	}
	return out
}

type example struct {
	name, call, body string
	want             []string
}

func check(t *testing.T, o collect.Options, examples []example) {
	t.Helper()
	for _, tt := range examples {
		t.Run(tt.name, func(t *testing.T) {
			got := translated(t, o, tt.call, tt.body)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s %s:\n got %s\nwant %s", tt.call, tt.body, strings.Join(got, "\n     "), strings.Join(tt.want, "\n     "))
			}
		})
	}
}

func TestIdentifyChangesTheContact(t *testing.T) {
	check(t, options(collect.Ignore, collect.Ignore), []example{
		{"identifiers", "identify", `{"userId":"u1","anonymousId":"a1","messageId":"m1","traits":{"email":" Ada@Example.com "}}`,
			[]string{"contact user=u1 email=Ada@Example.com visitor=a1 id=m1"}},
		{"a number is an identifier too", "identify", `{"userId":42}`, []string{"contact user=42"}},
		{"only an email", "identify", `{"traits":{"email":"ada@example.com"}}`, []string{"contact email=ada@example.com"}},
		{"nobody", "identify", `{"traits":{"plan":"pro"}}`, []string{"refused: expected userId or anonymousId, to know whom this is about; /userId: expected userId or anonymousId, to know whom this is about"}},
		{"what is no email is left out", "identify", `{"userId":"u1","traits":{"email":"none"}}`, []string{"contact user=u1", "ignored traits.email"}},
		{"reserved traits", "identify", `{"userId":"u1","traits":{"firstName":"Ada","lastName":"Lovelace","birthday":"1815-12-10T00:00:00Z","gender":"female","phone":"+44 1","title":"Countess","company":{"name":"Engines Ltd","id":"e-1"},
			"address":{"street":"St James's Sq","city":"London","postalCode":"SW1","state":"ldn","country":"United Kingdom"}}}`,
			[]string{`contact user=u1 account="e-1" address="St James's Sq" birthday="1815-12-10" city="London" company="Engines Ltd" country="GB" first_name="Ada" gender="female" job_title="Countess" last_name="Lovelace" phone="+44 1" state="LDN" zip="SW1"`}},
		{"a name is split", "identify", `{"userId":"u1","traits":{"name":"  Ada  King Lovelace"}}`, []string{`contact user=u1 first_name="Ada" last_name="King Lovelace"`}},
		{"but first and last name say more", "identify", `{"userId":"u1","traits":{"name":"Ada Lovelace","first_name":"Augusta"}}`, []string{`contact user=u1 first_name="Augusta" last_name="Lovelace"`}},
		{"fields of one's own, in any spelling", "identify", `{"userId":"u1","traits":{"Plan":"pro","newsletter":true}}`, []string{`contact user=u1 newsletter=true plan="pro"`}},
		{"a value that does not fit is left out", "identify", `{"userId":"u1","traits":{"plan":"pro","newsletter":"perhaps","birthday":"yesterday"}}`,
			[]string{`contact user=u1 plan="pro"`, "ignored traits.birthday", "ignored traits.newsletter"}},
		{"null clears", "identify", `{"userId":"u1","traits":{"plan":null}}`, []string{"contact user=u1 plan=null"}},
		{"what Muster keeps cannot be written", "identify", `{"userId":"u1","traits":{"createdAt":"2020-01-01T00:00:00Z","identified":true}}`,
			[]string{"contact user=u1", "ignored traits.createdAt", "ignored traits.identified"}},
		{"traits in the context, as RudderStack's SDKs put them", "identify", `{"userId":"u1","context":{"traits":{"plan":"free","email":"a@b"}},"traits":{"plan":"pro"}}`,
			[]string{`contact user=u1 email=a@b plan="pro"`}},
		{"consents", "identify", `{"userId":"u1","timestamp":"2026-03-02T08:59:00Z","context":{"consent":{"categoryPreferences":{"Marketing":true,"Other":false}}}}`,
			[]string{"contact user=u1 consent marketing agreed at 2026-03-02T08:59:00Z", "ignored context.consent.categoryPreferences.Other"}},
		{"an unknown trait is ignored", "identify", `{"userId":"u1","traits":{"age":36,"company":{"industry":"computing"}}}`,
			[]string{"contact user=u1", "ignored traits.age", "ignored traits.company.industry"}},
	})
}

func TestUnknownTraitsFollowThePolicy(t *testing.T) {
	check(t, options(collect.Create, collect.Ignore), []example{
		{"a field for each kind of value", "identify", `{"userId":"u1","traits":{"favouriteColour":"blue","age":36,"vip":false,"renewal":"2026-05-01","trial_end":"2026-05-01T10:00:00Z","tags":["a","b"],"company":{"employee_count":5},"Größe":1,"2fa":true}}`,
			[]string{
				`define field field_2fa "2fa" boolean`, `define field age "Age" number`, `define field company_employee_count "Company employee count" number`,
				`define field favourite_colour "Favourite colour" text`, `define field field_d353a2671b67 "Größe" number`,
				`define field renewal "Renewal" date`, `define field tags "Tags" choices`,
				`define field trial_end "Trial end" datetime`, `define field vip "Vip" boolean`,
				`contact user=u1 age=36 company_employee_count=5 favourite_colour="blue" field_2fa=true field_d353a2671b67=1 renewal="2026-05-01" tags=["a","b"] trial_end="2026-05-01T10:00:00Z" vip=false`,
			}},
		{"but not for what has no type", "identify", `{"userId":"u1","traits":{"a":null,"b":[1,"x"],"c":" ","d":{"e":{"f":{"g":1}}}}}`,
			[]string{"contact user=u1", "ignored traits.a", "ignored traits.b", "ignored traits.c", "ignored traits.d.e.f"}},
	})
	check(t, options(collect.Refuse, collect.Ignore), []example{
		{"refused", "identify", `{"userId":"u1","traits":{"plan":"pro","company":{"industry":"x"}}}`,
			[]string{"refused: there is no field for the trait company_industry; /traits/company/industry: there is no field for the trait company_industry"}},
	})
}

func TestAliasAndGroup(t *testing.T) {
	check(t, options(collect.Ignore, collect.Ignore), []example{
		{"a previous id is a visitor's", "alias", `{"userId":"u1","previousId":"a1","messageId":"m"}`, []string{"contact user=u1 visitor=a1 id=m"}},
		{"an alias needs both", "alias", `{"userId":"u1"}`, []string{"refused: expected userId and previousId; /previousId: expected userId and previousId"}},
		{"a group is an account", "group", `{"userId":"u1","groupId":"acme","traits":{"name":"Acme Inc","plan":"x"}}`, []string{`contact user=u1 account="acme" company="Acme Inc"`, "ignored traits.plan"}},
	})
}

func TestPagesAndScreensAreVisits(t *testing.T) {
	check(t, options(collect.Ignore, collect.Ignore), []example{
		{"of the context", "page", `{"anonymousId":"a1","messageId":"m1","name":"Pricing","timestamp":"2026-03-02T08:00:00.900Z","context":{"locale":"en-GB","page":{"path":"/pricing","url":"https://shop.example/pricing","title":"Our prices","referrer":"https://search.example/"}}}`,
			[]string{`page_visit visitor=a1 id=m1 at=2026-03-02T08:00:00Z channel=shop.example page="/pricing" url="https://shop.example/pricing" title="Our prices" referrer="https://search.example/" language="en-GB"`}},
		{"properties say more", "page", `{"anonymousId":"a1","properties":{"path":"/a","url":"https://x.example/a?b=1","title":"A"},"context":{"page":{"path":"/b","title":"B"}}}`,
			[]string{`page_visit visitor=a1 page="/a" url="https://x.example/a?b=1" title="A"`}},
		{"the path of the address", "page", `{"anonymousId":"a1","properties":{"url":"https://x.example/docs/a%20b?q#f"}}`, []string{`page_visit visitor=a1 page="/docs/a%20b" url="https://x.example/docs/a%20b?q#f"`}},
		{"a campaign lands", "page", `{"anonymousId":"a1","messageId":"m1","properties":{"url":"https://x.example/?utm_source=news&utm_campaign=spring"}}`,
			[]string{`page_visit visitor=a1 id=m1 page="/" url="https://x.example/?utm_source=news&utm_campaign=spring" utm_source="news" utm_campaign="spring"`,
				`landing_page visitor=a1 id=m1#1 page="/" url="https://x.example/?utm_source=news&utm_campaign=spring" utm_source="news" utm_campaign="spring"`}},
		{"so does one of the context", "page", `{"anonymousId":"a1","context":{"page":{"path":"/"},"campaign":{"name":"spring","source":"news","medium":"email"}}}`,
			[]string{`page_visit visitor=a1 page="/" utm_source="news" utm_medium="email" utm_campaign="spring"`, `landing_page visitor=a1 page="/" utm_source="news" utm_medium="email" utm_campaign="spring"`}},
		{"a screen is a page of an app", "screen", `{"userId":"u1","name":"Home","properties":{"x":1}}`, []string{`page_visit user=u1 page="Home" title="Home"`}},
	})
}

func TestTheSpecificationsEventsMeanBuiltInTypes(t *testing.T) {
	check(t, options(collect.Ignore, collect.Ignore), []example{
		{"search", "track", `{"userId":"u","event":"Products Searched","properties":{"query":"red boots"}}`, []string{`search user=u keywords="red boots"`}},
		{"added", "track", `{"userId":"u","event":"Product Added","properties":{"cart_id":"c","product_id":"p1","sku":"s1","price":12.50,"quantity":2,"value":25}}`,
			[]string{`product_added_to_cart user=u product="p1" quantity=2 price=12.5 value=25`}},
		{"added, in camel case and in version 1", "track", `{"userId":"u","event":"Added Product","properties":{"productId":"p1","quantity":"2"}}`, []string{`product_added_to_cart user=u product="p1" quantity="2"`}},
		{"removed", "track", `{"userId":"u","event":"Product Removed","properties":{"sku":"s1"}}`, []string{`product_removed_from_cart user=u product="s1"`}},
		{"wishlist", "track", `{"userId":"u","event":"Product Added to Wishlist","properties":{"wishlist_id":"w","product_id":"p1"}}`, []string{`product_added_to_wishlist user=u product="p1"`}},
		{"off the wishlist", "track", `{"userId":"u","event":"Product Removed from Wishlist","properties":{"product_id":"p1"}}`, []string{`product_removed_from_wishlist user=u product="p1"`}},
		{"from wishlist to cart", "track", `{"userId":"u","event":"Wishlist Product Added to Cart","properties":{"product_id":"p1"}}`, []string{`product_added_to_cart user=u product="p1"`}},
		{"abandoned, of each product", "track", `{"userId":"u","messageId":"m","event":"Cart Abandoned","properties":{"products":[{"product_id":"p1"},{"product_id":"p2","price":3},{"nothing":1}]}}`,
			[]string{`cart_abandoned user=u id=m product="p1"`, `cart_abandoned user=u id=m#1 product="p2" price=3`}},
		{"order", "track", `{"userId":"u","messageId":"m","timestamp":"2026-03-01T00:00:00Z","event":"Order Completed","properties":{"order_id":"o1","total":30.5,"revenue":25,"currency":"EUR","products":[{"product_id":"p1","price":10,"quantity":2},{"sku":"s2","price":"5.25"},{"id":"p3","amount":1}]}}`,
			[]string{
				`purchase user=u id=m at=2026-03-01T00:00:00Z order="o1" amount=30.5 currency="EUR"`,
				`product_purchased user=u id=m#1 at=2026-03-01T00:00:00Z order="o1" product="p1" quantity=2 amount=20`,
				`product_purchased user=u id=m#2 at=2026-03-01T00:00:00Z order="o1" product="s2" amount=5.25`,
				`product_purchased user=u id=m#3 at=2026-03-01T00:00:00Z order="o1" product="p3" amount=1`,
			}},
		{"order without products", "track", `{"userId":"u","event":"order_completed","properties":{"orderId":"o1","revenue":25,"products":"none"}}`, []string{`purchase user=u order="o1" amount=25`}},
		{"signed up", "track", `{"userId":"u","event":"Signed Up","properties":{"plan":"x"}}`, []string{`member_registration user=u member="u"`}},
		{"signed in", "track", `{"userId":"u","event":"Signed In"}`, []string{`login user=u member="u"`}},
		{"email delivered", "track", `{"userId":"u","event":"Email Delivered","properties":{"email_id":"18","email_subject":"First Email","campaign_id":"123","campaign_name":"First Campaign"}}`, []string{`email_sent user=u email="First Email" campaign="First Campaign"`}},
		{"email opened, of somebody known by email", "track", `{"event":"Email Opened","context":{"traits":{"email":"a@b.example"}},"properties":{"email_id":"18"}}`, []string{`email_open email=a@b.example email="18"`}},
		{"email clicked", "track", `{"userId":"u","event":"Email Link Clicked","properties":{"email_id":"18","link_id":"1","link_url":"https://x.example/"}}`, []string{`email_click user=u email="18" url="https://x.example/"`}},
		{"email bounced hard", "track", `{"userId":"u","event":"Email Bounced","properties":{"email_id":"18","list_id":"news","bounce_type":"Hard"}}`, []string{`email_bounce user=u email="18" list="news" hard=true`}},
		{"email bounced", "track", `{"userId":"u","event":"Email Bounced","properties":{"email_id":"18"}}`, []string{`email_bounce user=u email="18"`}},
		{"unsubscribed", "track", `{"userId":"u","event":"Unsubscribed","properties":{"list_id":"news","email_id":"18"}}`, []string{`email_unsubscribe user=u email="18" list="news"`}},
		{"spam", "track", `{"userId":"u","event":"Email Marked as Spam","properties":{"email_id":"18"}}`, []string{`email_unsubscribe user=u email="18"`}},
		{"form", "track", `{"userId":"u","event":"Form Submitted","properties":{"form_name":"contact","fields":{"topic":"help"},"field.size":5}}`, []string{`form_submit user=u form="contact" field.topic="help" field.size=5`}},
		{"link", "track", `{"userId":"u","event":"Link Clicked","properties":{"href":"https://x.example/"}}`, []string{`click user=u url="https://x.example/"`}},
	})
	if got := len(collect.Events()); got < 20 {
		t.Errorf("got %d names of events; want the specification's", got)
	}
	schema := muster.NewSchema(nil)
	for _, e := range collect.Events() {
		if _, known := schema.ActivityTypes[e[1]]; !known {
			t.Errorf("%s means %s; want a built-in type", e[0], e[1])
		}
	}
}

func TestOtherEventsAreTypesOfOnesOwn(t *testing.T) {
	check(t, options(collect.Ignore, collect.Ignore), []example{
		{"by code", "track", `{"userId":"u","event":"Demo Requested","properties":{"size":5,"note":"not declared","value":"x"}}`, []string{`demo_requested user=u size=5 value="x"`}},
		{"by name", "track", `{"userId":"u","event":"asked for a DEMO"}`, []string{`demo_requested user=u`}},
		{"a built-in type by its code", "track", `{"userId":"u","event":"landing_page","properties":{"page":"/","utm_source":"s"}}`, []string{`landing_page user=u page="/" utm_source="s"`}},
		{"unknown", "track", `{"userId":"u","event":"Something"}`, []string{"ignored event"}},
		{"without a name", "track", `{"userId":"u"}`, []string{"refused: expected the name of the event; /event: expected the name of the event"}},
	})
	check(t, options(collect.Ignore, collect.Create), []example{
		{"made with its attributes", "track", `{"userId":"u","event":"Video Watched","properties":{"title":"Intro","seconds":12,"done":true,"at":"2026-01-01T00:00:00Z","tags":["a","b"],"deep":{"x":1},"none":null}}`,
			[]string{`define type video_watched "Video Watched" title:text seconds:number done:boolean at:datetime tags:text`,
				`video_watched user=u title="Intro" seconds=12 done=true at="2026-01-01T00:00:00Z" tags="a, b"`}},
		{"widened by a new property", "track", `{"userId":"u","event":"Demo Requested","properties":{"size":5,"Team":"x"}}`,
			[]string{`define type demo_requested "Asked for a demo" size:number Team:text`, `demo_requested user=u size=5 Team="x"`}},
		{"a name in another script", "track", `{"userId":"u","event":"注文"}`, []string{`define type event_266125ddb97f "注文"`, `event_266125ddb97f user=u`}},
		{"a built-in type stays as it is", "track", `{"userId":"u","event":"click","properties":{"url":"/x","other":1}}`, []string{`click user=u url="/x"`}},
	})
	check(t, options(collect.Ignore, collect.Refuse), []example{
		{"refused", "track", `{"userId":"u","event":"Something"}`, []string{"refused: there is no activity type for the event Something; /event: there is no activity type for the event Something"}},
	})
}

func TestTheSendersClockIsCorrected(t *testing.T) {
	page := func(rest string) string { return `{"anonymousId":"a","properties":{"path":"/"},` + rest + `}` }
	at := func(s string) []string { return []string{`page_visit visitor=a at=` + s + ` page="/"`} }
	check(t, options(collect.Ignore, collect.Ignore), []example{
		{"no instant", "page", page(`"messageId":""`), []string{`page_visit visitor=a page="/"`}},
		{"as it says", "page", page(`"timestamp":"2026-03-01T07:00:00.999+01:00"`), at("2026-03-01T06:00:00Z")},
		{"a clock an hour ahead", "page", page(`"timestamp":"2026-03-02T09:59:00Z","sentAt":"2026-03-02T10:00:00Z"`), at("2026-03-02T08:59:00Z")},
		{"a clock a year behind", "page", page(`"timestamp":"2025-03-02T08:59:00Z","sentAt":"2025-03-02T09:00:00Z"`), at("2026-03-02T08:59:00Z")},
		{"the time of travel is no error of a clock", "page", page(`"timestamp":"2026-03-02T08:59:50Z","sentAt":"2026-03-02T08:59:52Z"`), at("2026-03-02T08:59:50Z")},
		{"the original timestamp counts", "page", page(`"originalTimestamp":"2026-03-02T08:00:00Z","timestamp":"2026-03-02T08:30:00Z"`), at("2026-03-02T08:00:00Z")},
		{"what lies ahead is now", "page", page(`"timestamp":"2027-03-02T08:59:50Z"`), at("2026-03-02T09:00:00Z")},
		{"what is no instant is none", "page", page(`"timestamp":"yesterday"`), []string{`page_visit visitor=a page="/"`}},
		{"of the batch", "batch", `{"sentAt":"2026-03-02T10:00:00Z","batch":[{"type":"page","anonymousId":"a","properties":{"path":"/"},"timestamp":"2026-03-02T09:59:00Z"}]}`, at("2026-03-02T08:59:00Z")},
	})
}

func TestABatchIsReadMessageByMessage(t *testing.T) {
	check(t, options(collect.Ignore, collect.Ignore), []example{
		{"each by its type", "batch", `{"batch":[{"type":"identify","userId":"u"},{"type":"track","userId":"u","event":"Signed In"},{"type":"dance","userId":"u"},7,{"userId":"u"}]}`,
			[]string{"contact user=u", `login user=u member="u"`,
				`refused: expected identify, track, page, screen, alias or group, found "dance"; /type: expected identify, track, page, screen, alias or group, found "dance"`,
				"refused: expected a message, an object; : expected a message, an object",
				`refused: expected identify, track, page, screen, alias or group, found ""; /type: expected identify, track, page, screen, alias or group, found ""`}},
		{"nothing", "batch", `{"batch":[]}`, nil},
		{"no batch", "batch", `{"userId":"u"}`, []string{"unreadable: expected an array of messages; /batch: expected an array of messages"}},
		{"no object", "track", `[]`, []string{"unreadable: expected an object; : expected an object"}},
	})
}

func TestALongIDIsKnownByItsHash(t *testing.T) {
	got := translated(t, options(collect.Ignore, collect.Ignore), "identify", `{"userId":"u","messageId":"`+strings.Repeat("x", 500)+`"}`)
	if len(got) != 1 || len(got[0]) > 120 || !strings.Contains(got[0], "id=") {
		t.Errorf("got %q; want one contact with a short id", got)
	}
}

func FuzzNoMessageBreaksTheTranslation(f *testing.F) {
	f.Add("track", `{"userId":"u","event":"Order Completed","properties":{"products":[{"product_id":"p","price":1e999,"quantity":-0.5}]}}`)
	f.Add("identify", `{"userId":"u","traits":{"a":{"b":{"c":{"d":1}}},"\ud800":"\ud800","birthday":"9999-99-99"}}`)
	f.Add("page", `{"anonymousId":"\u0000","properties":{"url":"http://[::1"}}`)
	f.Add("batch", `{"batch":[{"type":"group","groupId":[1],"traits":7}]}`)
	f.Fuzz(func(t *testing.T, call, body string) {
		r, err := new(collect.Reader).Read(call, []byte(body))
		if err != nil {
			return
		}
		o := options(collect.Create, collect.Create)
		for _, m := range r.Translate(o) {
			if m.Err == nil {
				continue
			}
			if len(m.Items)+len(m.Fields)+len(m.Types) > 0 {
				t.Errorf("%s %s: refused, with changes", call, body)
			}
		}
	})
}
