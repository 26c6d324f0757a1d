package lower_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/lower"
	"github.com/muster-groups/muster/internal/oracle"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/plan/plantest"
)

func (d draw) env(now muster.Instant) lower.Env {
	env := berlinNoon()
	env.Now, env.Zone = now, d.zone
	return env
}

func described(c *catalog.Condition) []catalog.Leaf {
	var leaves []catalog.Leaf
	for _, g := range c.Groups {
		for _, n := range g.Nodes {
			leaves = append(leaves, *n.(*catalog.Leaf))
		}
	}
	return leaves
}

func TestPlansMeanWhatTheOracleSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw{T: t, zone: drawZone(t), now: []muster.Instant{drawNow(t)}}
		c, now := d.condition(), d.now[0]
		node := lower.Lower(c, d.env(now))
		canonical := plan.Canon(node)
		for range 4 {
			contact := d.contact()
			want := oracle.Matches(c, person(contact), now, d.zone, &muster.Schema{})
			if got := plantest.Holds(node, contact); got != want {
				t.Fatalf("at %s the plan of %+v (group not %v)\n%s\nsays %v, the oracle says %v, of %+v",
					shown(now, d.zone), described(c), c.Groups[0].Not, plan.Key(node), got, want, contact)
			}
			if got := plantest.Holds(canonical, contact); got != want {
				t.Fatalf("at %s the canonical plan of %+v\n%s\nsays %v, the oracle says %v, of %+v",
					shown(now, d.zone), described(c), plan.Key(node), got, want, contact)
			}
		}
	})
}

func TestMovementNamesEveryContactThatTimeMoves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone, was := drawZone(t), drawNow(t)
		is := was + muster.Instant(rapid.SampledFrom([]int64{1, 60, 3600, 86400, 3 * 86400, 40 * 86400}).Draw(t, "passed"))
		d := draw{T: t, zone: zone, now: []muster.Instant{was, is}}
		c := d.condition()
		before, after := lower.Lower(c, d.env(was)), lower.Lower(c, d.env(is))
		moves, everyone := plan.Moved(before, after)
		if everyone {
			for _, leaf := range described(c) {
				if leaf.Type == "weekday" || leaf.Type == "month" || leaf.Type == "time-of-day" {
					return
				}
			}
			t.Fatalf("from %s to %s everyone moved in %+v, which says nothing of weekday, month or time of day",
				shown(was, zone), shown(is, zone), described(c))
		}
		for range 4 {
			contact := d.contact()
			held, holds := plantest.Holds(before, contact), plantest.Holds(after, contact)
			if held != holds && !plantest.Moves(moves, contact, holds) {
				t.Fatalf("from %s to %s the answer of %+v became %v, but none of %+v does that to %+v",
					shown(was, zone), shown(is, zone), described(c), holds, moves, contact)
			}
		}
	})
}
