package app

import (
	"context"
	"encoding/json"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/store"
)

// PreviewInput asks how many contacts a condition would have.
type PreviewInput struct {
	Condition json.RawMessage
	TimeZone  string // "" is the project's
	Group     string // compare with this group's members; "" is none
	// Estimate asks for an answer at once: where to look at everybody takes long,
	// from a sample.
	Estimate bool
}

// Preview is how many contacts a condition matches now, as a whole and part by
// part. Problems are located in the condition; the parts they concern are left out.
type Preview struct {
	Counted
	Contacts     uint64           `json:"contacts" doc:"How many contacts there are in all."`
	Exact        bool             `json:"exact" doc:"Whether all contacts were looked at. Otherwise each count is estimated, and has a range."`
	LookedAt     uint64           `json:"looked_at" doc:"How many contacts were looked at: all, or a random sample of them."`
	PerGroup     []NodeCount      `json:"per_group" nullable:"false" doc:"Each condition group for itself, nested ones too."`
	PerCondition []NodeCount      `json:"per_condition" nullable:"false" doc:"Each condition for itself."`
	Sentence     string           `json:"sentence"`
	Problems     []muster.Problem `json:"problems" nullable:"false"`
	Enters       *Sample          `json:"enters,omitempty" doc:"Who would enter the group asked about."`
	Leaves       *Sample          `json:"leaves,omitempty" doc:"Who would leave it."`
	AsOf         muster.Instant   `json:"as_of"`
}

// NodeCount is how many contacts one part of a condition matches.
type NodeCount struct {
	Pointer string `json:"pointer" doc:"JSON Pointer into the condition."`
	Counted
	Sentence string `json:"sentence,omitempty"`
}

// PreviewCondition evaluates a condition, finished or not, over all contacts or
// a sample of them, while writes go on.
func (a *App) PreviewCondition(ctx context.Context, in PreviewInput) (Preview, error) {
	var group *muster.Group
	if in.Group != "" {
		var err error
		if group, err = a.group(in.Group); err != nil {
			return Preview{}, err
		}
	}
	checked, problems, zone, err := a.draft(in.Condition, in.TimeZone)
	if err != nil {
		return Preview{}, err
	}
	var sampled *sampling
	if in.Estimate {
		if sampled, err = a.sampling(ctx); err != nil {
			return Preview{}, err
		}
	}
	of, at := sampled.queryOf(), a.roster.Now()
	out := Preview{Sentence: a.sentence(checked), Problems: problems, AsOf: at, PerGroup: []NodeCount{}, PerCondition: []NodeCount{}}
	queries := []store.Query{{Node: a.roster.Lower(checked, zone, at), Of: of}}
	var counted []*NodeCount
	var groups, leaves []*NodeCount
	catalog.Walk(checked, func(n catalog.Node) {
		switch n := n.(type) {
		case *catalog.Group:
			queries = append(queries, store.Query{Node: a.roster.LowerGroup(n, zone, at), Of: of})
			counted = append(counted, &NodeCount{Pointer: n.Pointer})
			groups = append(groups, counted[len(counted)-1])
		case *catalog.Leaf:
			queries = append(queries, store.Query{Node: a.roster.LowerLeaf(n, zone, at), Of: of})
			counted = append(counted, &NodeCount{Pointer: n.Pointer, Sentence: a.leafSentence(n)})
			leaves = append(leaves, counted[len(counted)-1])
		}
	})
	sets, err := a.store().Scan(ctx, queries, nil)
	if err != nil {
		return Preview{}, err
	}
	out.Counted = sampled.counted(sets[0].GetCardinality())
	for i, c := range counted {
		c.Counted = sampled.counted(sets[i+1].GetCardinality())
	}
	for _, c := range groups {
		out.PerGroup = append(out.PerGroup, *c)
	}
	for _, c := range leaves {
		out.PerCondition = append(out.PerCondition, *c)
	}
	err = a.view(ctx, func(v store.View) error {
		out.Contacts = v.Contacts().GetCardinality()
		out.LookedAt, out.Exact = out.Contacts, sampled == nil
		if sampled != nil {
			out.Contacts, out.LookedAt = sampled.all, of.GetCardinality()
		}
		if group == nil {
			return nil
		}
		members := sampled.among(v.Members(group.No))
		enters, err := a.sample(v, roaring.AndNot(sets[0], members))
		if err != nil {
			return err
		}
		leaves, err := a.sample(v, roaring.AndNot(members, sets[0]))
		enters.Counted, leaves.Counted = sampled.counted(enters.Count), sampled.counted(leaves.Count)
		out.Enters, out.Leaves = &enters, &leaves
		return err
	})
	return out, err
}

// draft reads a condition that may be unfinished, and the zone to read it in.
func (a *App) draft(document json.RawMessage, zoneName string) (*catalog.Condition, []muster.Problem, *time.Location, error) {
	condition, err := muster.ParseDraftCondition(document)
	if err != nil {
		return nil, nil, nil, below("/condition", err)
	}
	zone := a.schema().Zone
	if zoneName != "" {
		if zone, err = time.LoadLocation(zoneName); err != nil || zoneName == "Local" {
			return nil, nil, nil, invalidAt("/time_zone", problemInvalid, "expected the IANA name of a time zone such as Europe/Berlin, found "+quoted(zoneName))
		}
	}
	checked, problems, err := a.roster.CheckCondition(condition, true)
	if err != nil {
		return nil, nil, nil, below("/condition", err)
	}
	return checked, notNil(problems), zone, nil
}

// PendingPreview says what would change if a group's pending condition became active now.
type PendingPreview struct {
	Members uint64 `json:"members" doc:"How many members the group would have."`
	Enters  Sample `json:"enters"`
	Leaves  Sample `json:"leaves"`
	// Dependents are in the order in which the movement reaches them.
	Dependents []DependentMove `json:"dependents" nullable:"false" doc:"The groups that refer to this one, directly or through others, and would move with it."`
	AsOf       muster.Instant  `json:"as_of"`
}

// Sample is a number of contacts, some of them shown.
type Sample struct {
	Counted
	Contacts []Contact `json:"contacts" nullable:"false"`
}

// PreviewPending compares a group's pending condition with its membership.
// CodeConflict when nothing is pending.
func (a *App) PreviewPending(ctx context.Context, code string) (PendingPreview, error) {
	g, err := a.group(code)
	if err != nil {
		return PendingPreview{}, err
	}
	checked, zone, err := a.roster.Checked(code, true)
	if err != nil {
		return PendingPreview{}, err
	}
	if checked == nil {
		return PendingPreview{}, muster.Errorf(muster.CodeConflict, "the group %s has no pending condition: its membership follows what was saved last", code)
	}
	at := a.roster.Now()
	sets, err := a.store().Scan(ctx, []store.Query{{Node: a.roster.Lower(checked, zone, at)}}, nil)
	if err != nil {
		return PendingPreview{}, err
	}
	out := PendingPreview{Members: sets[0].GetCardinality(), AsOf: at}
	if out.Dependents, err = a.dependentMoves(ctx, g, sets[0], at); err != nil {
		return PendingPreview{}, err
	}
	err = a.view(ctx, func(v store.View) error {
		members := v.Members(g.No)
		if out.Enters, err = a.sample(v, roaring.AndNot(sets[0], members)); err != nil {
			return err
		}
		out.Leaves, err = a.sample(v, roaring.AndNot(members, sets[0]))
		return err
	})
	return out, err
}

func (a *App) sample(v store.View, set *roaring.Bitmap) (Sample, error) {
	out := Sample{Counted: Counted{Count: set.GetCardinality()}, Contacts: []Contact{}}
	for it := set.Iterator(); it.HasNext() && len(out.Contacts) < a.limits.SamplesPerPreview; {
		c, err := v.Contact(muster.ContactNo(it.Next()))
		switch {
		case isCode(err, muster.CodeNotFound):
		case err != nil:
			return out, err
		default:
			out.Contacts = append(out.Contacts, shapeContact(a.schema(), c))
		}
	}
	return out, nil
}
