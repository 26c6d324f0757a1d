package roster

import (
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// index finds the followers that a change can concern, so that its cost does
// not grow with the number of groups that cannot notice it.
type index struct {
	types map[string]*typeIndex
	any   *typeIndex // leaves that read every type

	fields, consents, lists map[string][]*follower
	allMail, identified     []*follower
	sampled                 []*follower
	// groups are the followers that read a group in force, overlays those that
	// read its shadow.
	groups   map[muster.GroupNo][]*follower
	overlays map[*follower][]*follower
	all      []*follower
}

// ref is one activity leaf of a follower: an element of its program's deps.Activities.
type ref struct {
	f   *follower
	dep int
}

// typeIndex holds the leaves that read an activity type: those with an equality
// filter under the attribute's value, the others apart.
type typeIndex struct {
	always []ref
	values []*valueIndex
}

type valueIndex struct {
	attribute string
	refs      map[string][]ref // by folded value
}

func newIndex(followers []*follower) *index {
	x := &index{
		types: map[string]*typeIndex{}, any: &typeIndex{},
		fields: map[string][]*follower{}, consents: map[string][]*follower{}, lists: map[string][]*follower{},
		groups: map[muster.GroupNo][]*follower{}, overlays: map[*follower][]*follower{},
		all: followers,
	}
	for _, f := range followers {
		x.add(f)
	}
	return x
}

func (x *index) add(f *follower) {
	deps := &f.program.deps
	for i, dep := range deps.Activities {
		if dep.Types == nil {
			x.any.add(dep, ref{f, i})
		}
		for _, code := range dep.Types {
			t := x.types[code]
			if t == nil {
				t = &typeIndex{}
				x.types[code] = t
			}
			t.add(dep, ref{f, i})
		}
	}
	for _, code := range deps.Fields {
		x.fields[code] = append(x.fields[code], f)
	}
	for _, code := range deps.Consents {
		x.consents[code] = append(x.consents[code], f)
	}
	for _, code := range deps.Lists {
		x.lists[code] = append(x.lists[code], f)
	}
	if deps.AllMail {
		x.allMail = append(x.allMail, f)
	}
	if deps.Identified {
		x.identified = append(x.identified, f)
	}
	if deps.Sample {
		x.sampled = append(x.sampled, f)
	}
	for _, group := range deps.Groups {
		if f.shadow != nil && f.shadow.reads[group] != nil {
			read := f.shadow.reads[group]
			x.overlays[read] = append(x.overlays[read], f)
			continue
		}
		x.groups[group] = append(x.groups[group], f)
	}
}

func (t *typeIndex) add(dep plan.ActivityDep, r ref) {
	if len(dep.Equals) == 0 {
		t.always = append(t.always, r)
		return
	}
	equals := dep.Equals[0] // one is enough to tell most activities apart
	at := slices.IndexFunc(t.values, func(v *valueIndex) bool { return v.attribute == equals.Attribute })
	if at < 0 {
		at = len(t.values)
		t.values = append(t.values, &valueIndex{attribute: equals.Attribute, refs: map[string][]ref{}})
	}
	for _, value := range equals.Values {
		t.values[at].refs[value] = append(t.values[at].refs[value], r)
	}
}

// noticed gathers which leaves may count which of a commit's activities.
type noticed struct {
	refs     []ref
	ordinals map[ref][]int32
}

// activities files a commit's activities, by ordinal, under the leaves that may count them.
func (x *index) activities(list []muster.Activity) noticed {
	out := noticed{ordinals: map[ref][]int32{}}
	byType := map[string][]int32{}
	for i := range list {
		byType[list[i].Type] = append(byType[list[i].Type], int32(i))
	}
	types := make([]string, 0, len(byType))
	for code := range byType {
		types = append(types, code)
	}
	slices.Sort(types)
	for _, code := range types {
		if t := x.types[code]; t != nil {
			out.file(t, list, byType[code])
		}
		out.file(x.any, list, byType[code])
	}
	return out
}

func (n *noticed) file(t *typeIndex, list []muster.Activity, ordinals []int32) {
	for _, r := range t.always {
		n.append(r, ordinals...)
	}
	for _, v := range t.values {
		for _, ordinal := range ordinals {
			folded, ok := plan.ReadText(list[ordinal].Attribute(v.attribute))
			if !ok {
				continue
			}
			for _, r := range v.refs[folded] {
				n.append(r, ordinal)
			}
		}
	}
}

func (n *noticed) append(r ref, ordinals ...int32) {
	known, ok := n.ordinals[r]
	if !ok {
		n.refs = append(n.refs, r)
	}
	n.ordinals[r] = append(known, ordinals...)
}
