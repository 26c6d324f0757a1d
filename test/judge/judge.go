// Package judge sets what a roster over a store answers against what the
// oracle makes of the same facts: the members of every group, and the truth of
// every node of a condition.
//
// It knows the loop and the store's port only to ask them; it must not share
// their answers with the oracle, except the facts themselves.
package judge

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/oracle"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
)

// Verdict is what the oracle says of every group, over the facts of one state.
type Verdict struct {
	Tick    muster.Instant
	People  map[muster.ContactNo]*oracle.Person
	Members map[string]*roaring.Bitmap // by group, as numbers
	Schema  *muster.Schema
	groups  []oracle.Group
}

// Ask has the oracle judge every contact for every group. Nothing else may run
// meanwhile.
func Ask(ctx context.Context, r *roster.Roster) (*Verdict, error) {
	groups, err := inOrder(r)
	if err != nil {
		return nil, err
	}
	out := &Verdict{People: map[muster.ContactNo]*oracle.Person{}, Members: map[string]*roaring.Bitmap{}, Schema: r.State().Schema, groups: groups}
	err = r.Store().View(ctx, func(v store.View) error {
		out.Tick = v.Tick()
		for it := v.Contacts().Iterator(); it.HasNext(); {
			no := muster.ContactNo(it.Next())
			if out.People[no], err = person(v, no); err != nil {
				return fmt.Errorf("contact %d: %w", no, err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	numbers := map[muster.ContactID]muster.ContactNo{}
	for no, p := range out.People {
		numbers[p.ID] = no
	}
	judged := oracle.MatchesAll(groups, slices.Collect(maps.Values(out.People)), out.Tick, out.Schema)
	for code, members := range judged {
		out.Members[code] = roaring.New()
		for id := range members {
			out.Members[code].Add(uint32(numbers[id]))
		}
	}
	for no, p := range out.People {
		p.Groups = map[string]bool{}
		for code, members := range out.Members {
			p.Groups[code] = members.Contains(uint32(no))
		}
	}
	return out, nil
}

// Compare has the oracle judge the membership of every group and answers the
// verdict with the first difference as an error.
func Compare(ctx context.Context, r *roster.Roster) (*Verdict, error) {
	verdict, err := Ask(ctx, r)
	if err != nil {
		return nil, err
	}
	state := r.State()
	return verdict, r.Store().View(ctx, func(v store.View) error {
		for _, code := range slices.Sorted(maps.Keys(state.Groups)) {
			g := state.Groups[code]
			got, want := v.Members(g.No), verdict.Members[code]
			if got.Equals(want) {
				continue
			}
			condition := []byte("none")
			if version := g.Version(g.Active); version != nil {
				condition, _ = version.Condition.MarshalJSON()
			}
			return fmt.Errorf("at %s group %s has the members %v, the oracle says %v\ncondition, zone %q: %s",
				verdict.Tick, code, got, want, g.ActiveZone, condition)
		}
		return nil
	})
}

// CompareNodes sets the truth of every node of a group's active condition for
// one contact against the oracle's, and answers the first difference as an error.
func (j *Verdict) CompareNodes(ctx context.Context, r *roster.Roster, code string, no muster.ContactNo) error {
	at := slices.IndexFunc(j.groups, func(g oracle.Group) bool { return g.Code == code })
	if at < 0 || j.groups[at].Condition == nil || j.People[no] == nil {
		return nil
	}
	g := j.groups[at]
	matched, want := oracle.Explain(g.Condition, j.People[no], j.Tick, g.Zone, j.Schema)
	want[""] = matched
	got, err := Truth(ctx, r, g.Condition, g.Zone, no)
	if err != nil {
		return err
	}
	for _, pointer := range slices.Sorted(maps.Keys(want)) {
		if is, known := got[pointer]; !known || is != want[pointer] {
			return fmt.Errorf("at %s group %s, contact %d, node %q is %v, the oracle says %v", j.Tick, code, no, pointer, is, want[pointer])
		}
	}
	if len(got) != len(want) {
		return fmt.Errorf("group %s has %d nodes, the oracle says %d", code, len(got), len(want))
	}
	return nil
}

// Truth evaluates every node of a condition for one contact by the store, by
// JSON Pointer; the whole condition is "".
func Truth(ctx context.Context, r *roster.Roster, c *catalog.Condition, zone *time.Location, no muster.ContactNo) (map[string]bool, error) {
	truth := map[string]bool{}
	err := r.Store().View(ctx, func(v store.View) error {
		of := roaring.BitmapOf(uint32(no))
		pointers := []string{""}
		queries := []store.Query{{Node: r.Lower(c, zone, v.Tick()), Of: of}}
		catalog.Walk(c, func(n catalog.Node) {
			switch n := n.(type) {
			case *catalog.Group:
				pointers = append(pointers, n.Pointer)
				queries = append(queries, store.Query{Node: r.LowerGroup(n, zone, v.Tick()), Of: of})
			case *catalog.Leaf:
				pointers = append(pointers, n.Pointer)
				queries = append(queries, store.Query{Node: r.LowerLeaf(n, zone, v.Tick()), Of: of})
			}
		})
		sets, err := v.Match(queries)
		if err != nil {
			return err
		}
		for i, p := range pointers {
			truth[p] = !sets[i].IsEmpty()
		}
		return nil
	})
	return truth, err
}

// Evaluate answers the set of a group's active plan over all contacts, found by
// Match and by Scan; it is an error when they differ.
func Evaluate(ctx context.Context, r *roster.Roster, code string) (*roaring.Bitmap, error) {
	checked, zone, err := r.Checked(code, false)
	if err != nil || checked == nil {
		return roaring.New(), err
	}
	var query store.Query
	var matched *roaring.Bitmap
	err = r.Store().View(ctx, func(v store.View) error {
		query.Node = r.Lower(checked, zone, v.Tick())
		sets, err := v.Match([]store.Query{query})
		if err == nil {
			matched = sets[0]
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	scanned, err := r.Store().Scan(ctx, []store.Query{query}, nil)
	if err != nil {
		return nil, err
	}
	if !scanned[0].Equals(matched) {
		return nil, fmt.Errorf("group %s: Scan answers %v, Match %v", code, scanned[0], matched)
	}
	return matched, nil
}

// person reads everything known of a contact.
func person(v store.View, no muster.ContactNo) (*oracle.Person, error) {
	c, err := v.Contact(no)
	if err != nil {
		return nil, err
	}
	p := &oracle.Person{ID: c.ID, CreatedAt: c.CreatedAt, Email: c.Email, ExternalID: c.ExternalID, Fields: c.Fields, Decisions: c.Decisions}
	q := store.ActivityQuery{Limit: 100}
	for {
		page, err := v.Activities(no, q)
		if err != nil {
			return nil, err
		}
		for _, a := range page {
			p.Activities = append(p.Activities, a.Activity)
		}
		if len(page) < q.Limit {
			return p, nil
		}
		last := page[len(page)-1]
		q.BeforeAt, q.BeforeRow = last.At, last.Row
	}
}

// inOrder answers the groups with their active conditions, each after those it
// refers to.
func inOrder(r *roster.Roster) ([]oracle.Group, error) {
	var out []oracle.Group
	done := map[string]bool{}
	var visit func(code string) error
	visit = func(code string) error {
		if done[code] {
			return nil
		}
		done[code] = true
		checked, zone, err := r.Checked(code, false)
		if err != nil {
			return fmt.Errorf("check the active condition of %s: %w", code, err)
		}
		if checked != nil {
			for _, ref := range references(checked) {
				if err := visit(ref); err != nil {
					return err
				}
			}
		}
		out = append(out, oracle.Group{Code: code, Condition: checked, Zone: zone})
		return nil
	}
	for code := range r.State().Groups {
		if err := visit(code); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func references(c *catalog.Condition) (codes []string) {
	catalog.Walk(c, func(n catalog.Node) {
		if leaf, ok := n.(*catalog.Leaf); ok && leaf.Type == "in-groups" {
			codes = append(codes, leaf.Args.Codes...)
		}
	})
	return codes
}
