package roster

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/lower"
	"github.com/muster-groups/muster/internal/plan"
)

// Save creates or changes a group. Nil members stay as they are.
type Save struct {
	Create            bool
	Code              string
	Name, Description *string
	Zone              *string
	ShownToWebsites   *bool
	Schedule          *bool
	Condition         *muster.Condition
	Recalculate       bool // start the recalculation at once when something is pending
	Author            string
}

// SaveGroup creates or changes a group; a changed condition or zone becomes
// pending. The problems it answers beside the group are warnings. Errors:
// CodeConflict when the code is taken, CodeNotFound, CodeInvalid with located
// problems, CodeCycle with the path.
func (r *Roster) SaveGroup(ctx context.Context, s Save) (*muster.Group, []muster.Problem, error) {
	r.commit.Lock()
	saved, warnings, err := r.saveGroup(ctx, s)
	r.commit.Unlock()
	if err != nil {
		return nil, nil, err
	}
	if s.Recalculate && saved.Pending != 0 {
		if _, err := r.Recalculate(ctx, saved.Code); err != nil {
			return nil, nil, err
		}
	}
	return saved, warnings, nil
}

func (r *Roster) saveGroup(ctx context.Context, s Save) (saved *muster.Group, warnings []muster.Problem, err error) {
	_, err = r.write(ctx, func(c *commit) error {
		// What is decided here is decided on what is in force within this commit.
		old := c.state.Groups[s.Code]
		if warnings, err = r.checkSave(c.state, old, s); err != nil {
			return err
		}
		g := &muster.Group{Code: s.Code, No: c.state.Settings.NextGroup, CreatedAt: c.at}
		if old != nil {
			g = edit(old)
		}
		if err := r.change(c, g, s); err != nil {
			return err
		}
		if old == nil {
			next := c.state.copy()
			next.Settings.NextGroup++
			c.state = next
			if err := c.put(docSettings, settingsCode, next.Settings); err != nil {
				return err
			}
		}
		saved = g
		return c.putGroup(g)
	})
	return saved, warnings, err
}

// checkSave refuses a save that cannot be, and answers what to warn of.
func (r *Roster) checkSave(state *State, old *muster.Group, s Save) (warnings []muster.Problem, err error) {
	switch {
	case s.Create && old != nil:
		return nil, taken("there is already a group " + s.Code)
	case s.Create && !muster.ValidCode(s.Code):
		return nil, located("/code", "expected a code of lower-case letters, digits, - _ and ., beginning with a letter")
	case s.Create && (s.Name == nil || strings.TrimSpace(*s.Name) == ""):
		return nil, located("/name", "expected a name")
	case !s.Create && old == nil:
		return nil, noGroup(s.Code)
	}
	if s.Condition != nil {
		checked, err := r.catalog.Check(*s.Condition, state.Schema)
		if err != nil {
			return nil, within("/condition", err)
		}
		warnings = neverCalculated(state, checked)
		if err := refuseCycle(state, s.Code, *s.Condition, r); err != nil {
			return nil, err
		}
	}
	if s.Zone != nil {
		if _, err := loadZone(*s.Zone); err != nil {
			return nil, err
		}
	}
	return warnings, nil
}

// change takes a save to a group.
func (r *Roster) change(c *commit, g *muster.Group, s Save) error {
	if s.Name != nil {
		g.Name = strings.TrimSpace(*s.Name)
	}
	if s.Description != nil {
		g.Description = *s.Description
	}
	if s.ShownToWebsites != nil {
		g.ShownToWebsites = *s.ShownToWebsites
	}
	if s.Schedule != nil {
		switch {
		case *s.Schedule && g.Schedule == nil:
			g.Schedule = &muster.Schedule{Minute: r.opts.Minute(2*60, 6*60), LastRun: c.at}
		case !*s.Schedule:
			g.Schedule = nil
		}
	}
	if s.Zone != nil {
		g.Zone = *s.Zone
	}
	condition := muster.Condition{Match: muster.MatchAll}
	if n := len(g.Versions); n > 0 {
		condition = g.Versions[n-1].Condition
		if v := g.Version(max(g.Pending, g.Active)); v != nil {
			condition = v.Condition
		}
	}
	if s.Condition != nil {
		condition = *s.Condition
	}
	return r.addVersion(c, g, condition, s.Author)
}

// addVersion makes a condition, in the group's zone, the pending one. What
// equals the newest or the active version makes no new version.
func (r *Roster) addVersion(c *commit, g *muster.Group, condition muster.Condition, author string) error {
	same := func(number int) (bool, error) {
		v := g.Version(number)
		if v == nil || v.Zone != g.Zone {
			return false, nil
		}
		a, err := json.Marshal(v.Condition)
		if err != nil {
			return false, err
		}
		b, err := json.Marshal(condition)
		return bytes.Equal(a, b), err
	}
	active, err := same(g.Active)
	if err != nil {
		return err
	}
	if active {
		g.Pending = 0
		return nil
	}
	if pending, err := same(g.Pending); pending || err != nil {
		return err
	}
	number := 1
	if n := len(g.Versions); n > 0 {
		number = g.Versions[n-1].Number + 1
	}
	g.Versions = append(g.Versions, muster.Version{Number: number, Condition: condition, Zone: g.Zone, Author: author, SavedAt: c.at})
	g.Pending, g.Failure = number, ""
	return nil
}

// RestoreVersion makes a past version of a group pending again, checked as a save.
func (r *Roster) RestoreVersion(ctx context.Context, code string, number int, author string) (*muster.Group, []muster.Problem, error) {
	g := r.State().Groups[code]
	if g == nil {
		return nil, nil, noGroup(code)
	}
	v := g.Version(number)
	if v == nil {
		return nil, nil, muster.Errorf(muster.CodeNotFound, "the group %s has no version %d", code, number)
	}
	return r.SaveGroup(ctx, Save{Code: code, Condition: &v.Condition, Zone: &v.Zone, Author: author})
}

// DeleteGroup removes a group that no other group's condition uses; otherwise
// CodeInUse, with a problem for each user.
func (r *Roster) DeleteGroup(ctx context.Context, code string) error {
	r.commit.Lock()
	defer r.commit.Unlock()
	var g *muster.Group
	_, err := r.write(ctx, func(c *commit) error {
		if g = c.state.Groups[code]; g == nil {
			return noGroup(code)
		}
		if users := r.usedBy(c.state, code); len(users) > 0 {
			return inUse("the group "+code, users)
		}
		c.held[g.No] = true
		if err := c.tx.Forget(g.No); err != nil {
			return err
		}
		if err := c.tx.Delete(docGroup, code); err != nil {
			return err
		}
		if err := c.put(docDeletedGroup, strconv.Itoa(int(g.No)), deletedGroup{g.No, code}); err != nil {
			return err
		}
		c.state = c.state.withGroup(code, nil)
		c.state.Deleted = maps.Clone(c.state.Deleted)
		c.state.Deleted[g.No] = code
		return nil
	})
	if err == nil {
		r.jobs.cancel(code)
		delete(r.live.groups, g.No)
		r.live.rebuild()
	}
	return err
}

// UsedBy answers the codes of the groups whose active or pending condition
// refers to a group.
func (r *Roster) UsedBy(code string) []string { return r.usedBy(r.State(), code) }

func (r *Roster) usedBy(state *State, code string) []string {
	var users []string
	for _, user := range state.sortedCodes() {
		if user != code && slices.Contains(r.refersTo(state, state.Groups[user]), code) {
			users = append(users, user)
		}
	}
	return users
}

// Uses answers the groups to which a group's active and pending conditions refer.
func (r *Roster) Uses(g *muster.Group) []string { return r.refersTo(r.State(), g) }

// refersTo answers the groups that a group's active and pending conditions name.
func (r *Roster) refersTo(state *State, g *muster.Group) []string {
	var out []string
	for _, number := range []int{g.Active, g.Pending} {
		if v := g.Version(number); v != nil {
			out = append(out, catalog.GroupsOf(v.Condition)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// refuseCycle refuses a condition by which a group would come to depend on
// itself, over the active and pending conditions of all groups.
func refuseCycle(state *State, code string, condition muster.Condition, r *Roster) error {
	known := map[string]bool{}
	var find func(at string, next []string, path []string) []string
	find = func(at string, next []string, path []string) []string {
		path = append(path, at)
		for _, to := range next {
			if to == code {
				return append(path, to)
			}
			if known[to] || state.Groups[to] == nil {
				continue
			}
			known[to] = true
			if found := find(to, r.refersTo(state, state.Groups[to]), path); found != nil {
				return found
			}
		}
		return nil
	}
	path := find(code, catalog.GroupsOf(condition), nil)
	if path == nil {
		return nil
	}
	text := strings.Join(path, " -> ")
	return &muster.Error{Code: muster.CodeCycle, Message: "the group would depend on itself: " + text,
		Problems: []muster.Problem{{Location: "/condition", Code: "cycle", Message: text}}}
}

// neverCalculated warns of referred groups that have no members because they
// were never calculated.
func neverCalculated(state *State, checked *catalog.Condition) []muster.Problem {
	var out []muster.Problem
	catalog.Walk(checked, func(node catalog.Node) {
		leaf, ok := node.(*catalog.Leaf)
		if !ok || leaf.Type != "in-groups" {
			return
		}
		for _, code := range leaf.Args.Codes {
			if g := state.Groups[code]; g != nil && g.Active == 0 {
				out = append(out, muster.Problem{Location: leaf.Pointer, Code: "never_calculated",
					Message: fmt.Sprintf("the group %s was never calculated and has no members", code)})
			}
		}
	})
	return out
}

// CheckCondition checks a condition against the current definitions. As a
// draft, incomplete conditions are left out and reported; otherwise they are
// an error and the problems are warnings.
func (r *Roster) CheckCondition(condition muster.Condition, draft bool) (*catalog.Condition, []muster.Problem, error) {
	if draft {
		checked, problems := r.catalog.CheckDraft(condition, r.State().Schema)
		return checked, append(problems, neverCalculated(r.State(), checked)...), nil
	}
	checked, err := r.catalog.Check(condition, r.State().Schema)
	if err != nil {
		return nil, nil, err
	}
	return checked, neverCalculated(r.State(), checked), nil
}

// Checked answers a group's active or pending condition, checked, with its
// zone; nil when there is none.
func (r *Roster) Checked(code string, pending bool) (*catalog.Condition, *time.Location, error) {
	state := r.State()
	g := state.Groups[code]
	if g == nil {
		return nil, nil, noGroup(code)
	}
	number, name := g.Active, g.ActiveZone
	if pending {
		number, name = g.Pending, ""
	}
	v := g.Version(number)
	if v == nil {
		return nil, nil, nil
	}
	zone := state.Schema.Zone
	if pending {
		name = v.Zone
	}
	if name != "" {
		var err error
		if zone, err = loadZone(name); err != nil {
			return nil, nil, err
		}
	}
	checked, err := r.catalog.Check(v.Condition, state.Schema)
	return checked, zone, err
}

// Lower answers the plan of a checked condition as of an instant; a nil zone is the project's.
func (r *Roster) Lower(c *catalog.Condition, zone *time.Location, at muster.Instant) plan.Node {
	return plan.Canon(lower.Lower(c, lower.EnvOf(r.State().Schema, at, zone)))
}

// LowerGroup is Lower for one group of a condition.
func (r *Roster) LowerGroup(g *catalog.Group, zone *time.Location, at muster.Instant) plan.Node {
	return plan.Canon(lower.LowerGroup(g, lower.EnvOf(r.State().Schema, at, zone)))
}

// LowerLeaf is Lower for one leaf.
func (r *Roster) LowerLeaf(l *catalog.Leaf, zone *time.Location, at muster.Instant) plan.Node {
	return plan.Canon(lower.LowerLeaf(l, lower.EnvOf(r.State().Schema, at, zone)))
}

// taken refuses a code that something has already.
func taken(message string) *muster.Error {
	return &muster.Error{Code: muster.CodeConflict, Message: message, Problems: []muster.Problem{{Location: "/code", Code: "taken", Message: message}}}
}

func noGroup(code string) *muster.Error {
	return muster.Errorf(muster.CodeNotFound, "there is no group %s", code)
}

func inUse(what string, users []string) *muster.Error {
	e := muster.Errorf(muster.CodeInUse, "%s is used by %s", what, strings.Join(users, ", "))
	for _, user := range users {
		e.Problems = append(e.Problems, muster.Problem{Location: "/groups/" + user, Code: "in_use", Message: "used by the group " + user})
	}
	return e
}

// within moves an error's problems below a location.
func within(location string, err error) error {
	e, ok := err.(*muster.Error)
	if !ok {
		return err
	}
	moved := *e
	moved.Problems = slices.Clone(e.Problems)
	for i := range moved.Problems {
		moved.Problems[i].Location = location + moved.Problems[i].Location
	}
	return &moved
}
