package app

import (
	"context"
	"maps"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app/verify"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
)

// RetentionPreview is what a run would do now.
type RetentionPreview struct {
	AsOf       muster.Instant     `json:"as_of"`
	Activities []RetentionAged    `json:"activities" nullable:"false" doc:"What would go of each activity type with a rule."`
	Contacts   []RetentionDormant `json:"contacts" nullable:"false" doc:"Who would be erased by each rule for contacts."`
	Groups     []RetentionMove    `json:"groups" nullable:"false" doc:"The groups whose members would change."`
}

// RetentionAged is how many activities of a type are past its days.
type RetentionAged struct {
	RetentionType
	Before     muster.Instant `json:"before"`
	Activities int64          `json:"activities" doc:"How many activities would go."`
	Contacts   uint64         `json:"contacts" doc:"How many contacts have one of them."`
}

// RetentionDormant is how many contacts of a kind have been inactive for too long.
type RetentionDormant struct {
	Kind     string         `json:"kind" enum:"anonymous,known"`
	Days     int            `json:"days"`
	Before   muster.Instant `json:"before"`
	Contacts uint64         `json:"contacts" doc:"How many contacts would be erased."`
}

// RetentionMove is how a group would change.
type RetentionMove struct {
	Group   string `json:"group"`
	Name    string `json:"name"`
	Members uint64 `json:"members" doc:"How many members the group would have."`
	Leaves  uint64 `json:"leaves"`
	Enters  uint64 `json:"enters"`
}

// PreviewRetention answers what a run by rules, those kept where some are left
// out, would do now. It holds nobody up.
func (a *App) PreviewRetention(ctx context.Context, in RetentionRules) (RetentionPreview, error) {
	state := a.roster.State()
	rules, err := state.WithRetention(in.change())
	if err != nil {
		return RetentionPreview{}, err
	}
	p := retentionPreview{app: a, state: state, at: a.roster.Now(), before: map[string]muster.Instant{},
		aged: roaring.New(), gone: roaring.New(), after: map[muster.GroupNo]*roaring.Bitmap{}, afterByCode: map[string]*roaring.Bitmap{}}
	out := RetentionPreview{AsOf: p.at, Activities: []RetentionAged{}, Contacts: []RetentionDormant{}, Groups: []RetentionMove{}}
	for _, rule := range rules.Activities {
		found, err := p.activities(ctx, rule)
		if err != nil {
			return out, err
		}
		out.Activities = append(out.Activities, found)
	}
	for _, rule := range rules.Contacts {
		before := roster.AgedBefore(p.at, rule.Days)
		set, err := p.scan(ctx, roster.InactivePlan(rule.Kind, before))
		if err != nil {
			return out, err
		}
		p.gone.Or(set)
		out.Contacts = append(out.Contacts, RetentionDormant{string(rule.Kind), rule.Days, before, set.GetCardinality()})
	}
	groups, err := a.verified(state)
	if err != nil {
		return out, err
	}
	for _, g := range groups {
		if g.Condition == nil {
			continue
		}
		move, err := p.group(ctx, g)
		if err != nil {
			return out, err
		}
		if move.Leaves+move.Enters > 0 {
			out.Groups = append(out.Groups, move)
		}
	}
	slices.SortFunc(out.Groups, func(x, y RetentionMove) int { return int(y.Leaves+y.Enters) - int(x.Leaves+x.Enters) })
	return out, nil
}

// retentionPreview is a preview that is being made.
type retentionPreview struct {
	app    *App
	state  *roster.State
	at     muster.Instant
	before map[string]muster.Instant // by activity type: what is older goes
	aged   *roaring.Bitmap           // contacts of whom an activity goes
	gone   *roaring.Bitmap           // contacts who go
	// after is who would be in the groups that would change.
	after       map[muster.GroupNo]*roaring.Bitmap
	afterByCode map[string]*roaring.Bitmap
}

func (p *retentionPreview) scan(ctx context.Context, node plan.Node) (*roaring.Bitmap, error) {
	sets, err := p.app.store().Scan(ctx, []store.Query{{Node: node, Members: maps.Clone(p.after)}}, nil)
	if err != nil {
		return nil, err
	}
	return sets[0], nil
}

// activities looks for what a rule for an activity type removes.
func (p *retentionPreview) activities(ctx context.Context, rule roster.TypeRule) (RetentionAged, error) {
	before := roster.AgedBefore(p.at, rule.Days)
	out := RetentionAged{RetentionType: RetentionType(rule), Before: before}
	err := p.app.view(ctx, func(v store.View) error {
		aged, err := v.Aged(rule.Type, before)
		out.Activities = aged.Activities
		return err
	})
	if err != nil || out.Activities == 0 {
		return out, err
	}
	had, err := p.scan(ctx, &plan.Acted{Types: []string{rule.Type}, From: muster.Beginning, To: before, Measure: plan.Count,
		Compare: plan.Compare{Op: plan.AtLeast, A: muster.DecimalOne}})
	if err != nil {
		return out, err
	}
	p.before[rule.Type] = before
	p.aged.Or(had)
	out.Contacts = had.GetCardinality()
	return out, nil
}

// group compares who would be in a group with who is. Only contacts that
// something happens to are looked at: others move by their own doing meanwhile.
func (p *retentionPreview) group(ctx context.Context, g verify.Group) (RetentionMove, error) {
	move := RetentionMove{Group: g.Code, Name: p.state.Groups[g.Code].Name}
	node := p.app.roster.Lower(g.Condition, g.Zone, p.at)
	without, exact := plan.Without(node, p.before)
	concerned := p.gone.Clone()
	refers := map[string]muster.GroupNo{}
	moved := false
	for _, code := range referredCodes(g.Condition) {
		refers[code] = p.state.Schema.Groups[code]
		if after := p.afterByCode[code]; after != nil {
			movers, err := p.moved(ctx, refers[code], after)
			if err != nil {
				return move, err
			}
			concerned.Or(movers)
			moved = true
		}
	}
	differs := !exact || plan.Key(plan.Canon(without)) != plan.Key(plan.Canon(node))
	if differs {
		concerned.Or(p.aged)
	}
	var would *roaring.Bitmap
	var err error
	switch {
	case !exact:
		would, err = verify.Suppose(ctx, p.app.store(), verify.Supposition{Group: g, Schema: p.state.Schema, At: p.at, In: p.afterByCode, Refers: refers,
			Gone: func(a muster.Activity) bool { before, ruled := p.before[a.Type]; return ruled && a.At < before }}, roaring.AndNot(concerned, p.gone))
	case differs || moved:
		would, err = p.scan(ctx, plan.Canon(without))
	}
	if err != nil {
		return move, err
	}
	err = p.app.view(ctx, func(v store.View) error {
		members := v.Members(g.No)
		after := roaring.AndNot(members, concerned)
		if would == nil { // nobody but who goes
			would = roaring.And(members, concerned)
		}
		after.Or(roaring.And(would, concerned))
		after.AndNot(p.gone)
		both := members.AndCardinality(after)
		move.Members, move.Leaves, move.Enters = after.GetCardinality(), members.GetCardinality()-both, after.GetCardinality()-both
		if move.Leaves+move.Enters > 0 {
			p.after[g.No], p.afterByCode[g.Code] = after, after
		}
		return nil
	})
	return move, err
}

// moved answers who would enter or leave a group.
func (p *retentionPreview) moved(ctx context.Context, group muster.GroupNo, after *roaring.Bitmap) (out *roaring.Bitmap, err error) {
	err = p.app.view(ctx, func(v store.View) error { out = roaring.Xor(after, v.Members(group)); return nil })
	return out, err
}
