package oracle_test

import (
	"cmp"
	"strings"
	"testing"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/oracle"
)

// now is the instant of evaluation unless a test says otherwise: a Wednesday.
const now = "2026-03-18T12:00:00Z"

// sentence is one case: a sentence of the language, a condition, a person and
// whether the person is in the set.
type sentence struct {
	name   string
	leaf   catalog.Leaf
	person oracle.Person
	now    string
	zone   string
	want   bool
}

// check evaluates every case.
func check(t *testing.T, cases []sentence) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := matches(t, c); got != c.want {
				t.Errorf("%s %+v at %s for %+v: got %v, want %v", c.leaf.Type, c.leaf.Args, cmp.Or(c.now, now), c.person, got, c.want)
			}
		})
	}
}

// matches asks the oracle. Without an instant it is now, without a zone UTC,
// and people came into being long ago.
func matches(t *testing.T, c sentence) bool {
	t.Helper()
	if c.person.CreatedAt == 0 {
		c.person.CreatedAt = at("2010-01-01T00:00:00Z")
	}
	zone, err := time.LoadLocation(c.zone)
	if err != nil {
		t.Fatal(err)
	}
	return oracle.Matches(only(c.leaf), &c.person, at(cmp.Or(c.now, now)), zone, muster.NewSchema(zone))
}

// only is the condition that consists of one leaf.
func only(l catalog.Leaf) *catalog.Condition {
	return &catalog.Condition{Match: muster.MatchAll, Groups: []*catalog.Group{
		{Pointer: "/groups/0", Match: muster.MatchAll, Nodes: []catalog.Node{&l}},
	}}
}

func leaf(conditionType string, args catalog.Args) catalog.Leaf {
	return catalog.Leaf{Pointer: "/groups/0/conditions/0", Type: conditionType, Args: args}
}

// not negates a leaf.
func not(l catalog.Leaf) catalog.Leaf {
	l.Not = true
	return l
}

// at reads an instant.
func at(s string) muster.Instant {
	t, err := muster.ParseInstant(s)
	if err != nil {
		panic(err)
	}
	return t
}

func date(s string) muster.Date {
	d, err := muster.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// bound reads a date or an instant.
func bound(s string) catalog.Bound {
	if d, err := muster.ParseDate(s); err == nil {
		return catalog.Bound{IsDate: true, Date: d}
	}
	return catalog.Bound{Instant: at(s)}
}

func bounds(list ...string) []catalog.Bound {
	var out []catalog.Bound
	for _, s := range list {
		out = append(out, bound(s))
	}
	return out
}

func duration(s string) muster.Duration {
	d, err := muster.ParseDuration(s)
	if err != nil {
		panic(err)
	}
	return d
}

func decimals(list ...string) []muster.Decimal {
	var out []muster.Decimal
	for _, s := range list {
		d, err := muster.ParseDecimal(s)
		if err != nil {
			panic(err)
		}
		out = append(out, d)
	}
	return out
}

func last(s string) catalog.Window {
	d := duration(s)
	return catalog.Window{Last: &d}
}

var (
	once    = catalog.Times{Min: 1, Max: -1}
	exclude = false
)

// person is somebody with the given fields.
func person(fields map[string]muster.Value) oracle.Person { return oracle.Person{Fields: fields} }

func text(s string) muster.Value { return muster.Value{Kind: muster.KindText, Text: s} }
func number(s string) muster.Value {
	return muster.Value{Kind: muster.KindNumber, Number: decimals(s)[0]}
}
func boolean(b bool) muster.Value { return muster.Value{Kind: muster.KindBoolean, Boolean: b} }
func day(s string) muster.Value   { return muster.Value{Kind: muster.KindDate, Date: date(s)} }
func instant(s string) muster.Value {
	return muster.Value{Kind: muster.KindDatetime, Instant: at(s)}
}
func choices(codes ...string) muster.Value {
	return muster.Value{Kind: muster.KindChoices, Choices: codes}
}

// did is somebody with these activities.
func did(activities ...muster.Activity) oracle.Person { return oracle.Person{Activities: activities} }

// act is an activity with attributes written as name=text; name=#1.5 is a
// number and name=!true a boolean.
func act(activityType, when string, attributes ...string) muster.Activity {
	a := muster.Activity{Type: activityType, At: at(when)}
	for _, s := range attributes {
		name, written, _ := strings.Cut(s, "=")
		v := muster.Scalar{Kind: muster.KindText, Text: written}
		switch {
		case strings.HasPrefix(written, "#"):
			v = muster.Scalar{Kind: muster.KindNumber, Text: written[1:]}
		case strings.HasPrefix(written, "!"):
			v = muster.Scalar{Kind: muster.KindBoolean, Text: written[1:]}
		}
		if name == "channel" {
			a.Channel = written
			continue
		}
		a.Attributes = append(a.Attributes, muster.Attribute{Name: name, Value: v})
	}
	return a
}
