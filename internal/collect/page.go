package collect

import (
	"net/url"
	"strings"

	"github.com/valyala/fastjson"

	"github.com/muster-groups/muster"
)

// page makes a page visit of a page, and of a screen of an app. A page whose
// address or context carries a campaign was landed on, too.
func (t *translation) page(kind string) {
	if !t.named() {
		return
	}
	properties := t.v.Get("properties")
	name := first(properties.Get("name"), t.v.Get("name"))
	context := t.v.Get("context", "page")
	address, _ := url.Parse(t.pageURL())
	if address == nil {
		address = &url.URL{}
	}
	page := first(properties.Get("path"), context.Get("path"))
	if kind == "screen" {
		page = name
	}
	if page == "" {
		if page = address.EscapedPath(); page == "" {
			page = name
		}
	}
	var a attributes
	a.text("page", page)
	a.text("url", t.pageURL())
	title := first(properties.Get("title"), context.Get("title"))
	if title == "" {
		title = name
	}
	a.text("title", title)
	a.text("referrer", first(properties.Get("referrer"), context.Get("referrer")))
	a.text("language", first(t.v.Get("context", "locale")))
	query, err := url.ParseQuery(address.RawQuery)
	if err != nil {
		query = url.Values{}
	}
	landed := false
	for _, part := range []string{"source", "medium", "campaign", "content", "term"} {
		inContext := part
		if part == "campaign" {
			inContext = "name"
		}
		value := first(t.v.Get("context", "campaign", inContext))
		if value == "" {
			value = query.Get("utm_" + part)
		}
		landed = landed || value != ""
		a.text("utm_"+part, value)
	}
	t.declared(&a, t.Schema.ActivityTypes["page_visit"], properties)
	t.activity("page_visit", a.list)
	if landed && kind == "page" {
		t.activity("landing_page", a.list)
	}
}

// pageURL is the address of the page on which something happened.
func (t *translation) pageURL() string {
	return first(t.v.Get("properties", "url"), t.v.Get("context", "page", "url"))
}

// host is the host of an address, in lower case.
func host(address string) string {
	u, err := url.Parse(address)
	if address == "" || err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// first answers the first text that is not empty.
func first(values ...*fastjson.Value) string {
	for _, v := range values {
		if s := text(v); strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

// attributes gathers the attributes of an activity, each once.
type attributes struct{ list []muster.Attribute }

func (a *attributes) has(name string) bool {
	for _, known := range a.list {
		if known.Name == name {
			return true
		}
	}
	return false
}

func (a *attributes) text(name, value string) {
	if s, ok := textScalar(value); ok {
		a.set(name, s)
	}
}

func (a *attributes) set(name string, s muster.Scalar) {
	if len(a.list) < maxAttributes && !a.has(name) {
		a.list = append(a.list, muster.Attribute{Name: name, Value: s})
	}
}

// maxAttributes bounds the attributes of one activity.
const maxAttributes = 100
