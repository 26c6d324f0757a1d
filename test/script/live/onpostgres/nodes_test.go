package onpostgres_test

import (
	"errors"
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/test/scratch"
	"github.com/muster-groups/muster/test/script"
	"github.com/muster-groups/muster/test/script/live"
)

func TestTwoNodesAnswerAsOne(t *testing.T) {
	seed := scratch.Seed(t)
	script.RunSome(t, some(t), func(tb testing.TB, o script.Options) script.System {
		url, err := worlds.Take(tb.Context())
		if err != nil {
			tb.Fatalf("make a world: %v", err)
		}
		tb.Cleanup(func() { worlds.Give(url) })
		open := func() (store.Store, error) {
			return postgres.Open(tb.Context(), url, postgres.Options{Readers: 3})
		}
		chance := scratch.Chance(seed, tb.Name())
		return &pair{
			nodes: [2]*live.System{live.New(tb, o, live.Kept, open), live.New(tb, o, live.Kept, open)},
			next:  func() int { return chance.IntN(2) },
			tb:    tb,
		}
	})
}

// pair is two nodes on one database. Each call goes to either, as if a load
// balancer were in front of them.
type pair struct {
	nodes [2]*live.System
	next  func() int
	tb    testing.TB
}

// node answers the node that takes the next call.
func (p *pair) node() *live.System {
	n := p.nodes[p.next()]
	if err := n.Refresh(); err != nil {
		p.tb.Errorf("refresh a node: %v", err)
	}
	return n
}

func (p *pair) SetClock(t muster.Instant) {
	for _, n := range p.nodes {
		n.SetClock(t)
	}
}

func (p *pair) Advance() error                   { return p.node().Advance() }
func (p *pair) SetZone(name string) error        { return p.node().SetZone(name) }
func (p *pair) Define(d script.Definition) error { return p.node().Define(d) }
func (p *pair) Drop(kind, code string) error     { return p.node().Drop(kind, code) }
func (p *pair) SaveGroup(s script.Save) error    { return p.node().SaveGroup(s) }
func (p *pair) Recalculate(code string) error    { return p.node().Recalculate(code) }
func (p *pair) Apply(b muster.Batch) (muster.BatchResult, error) {
	return p.node().Apply(b)
}
func (p *pair) Contact(who muster.Identifiers) (muster.Contact, error) { return p.node().Contact(who) }
func (p *pair) Status(code string) (muster.GroupStatus, error)         { return p.node().Status(code) }
func (p *pair) Members(code string) ([]muster.ContactID, error)        { return p.node().Members(code) }
func (p *pair) MembersAt(code string, at muster.Instant) ([]muster.ContactID, error) {
	return p.node().MembersAt(code, at)
}
func (p *pair) Explain(code string, contact muster.ContactID) (map[string]bool, error) {
	return p.node().Explain(code, contact)
}

// Changes follows the feed of one node, which shows what either has recorded.
func (p *pair) Changes() ([]script.Change, error) {
	if err := p.nodes[0].Refresh(); err != nil {
		return nil, err
	}
	return p.nodes[0].Changes()
}

func (p *pair) Close() error { return errors.Join(p.nodes[0].Close(), p.nodes[1].Close()) }
