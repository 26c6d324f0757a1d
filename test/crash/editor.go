package crash

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
)

// codes are the groups: they count, read fields, refer to each other, and lose
// members as time passes.
func codes() []string { return []string{"busy", "late", "recent", "both"} }

// condition answers a condition of a group, another one for each n.
func condition(code string, n int) muster.Condition {
	text := map[string]string{
		"busy":   fmt.Sprintf(`{"type": "activity-count", "params": {"types": ["page_visit"], "times": {"at_least": %d}}}`, n%20+1),
		"late":   fmt.Sprintf(`{"type": "field", "params": {"field": "round", "op": "at_least", "value": %d}}`, n%500),
		"recent": fmt.Sprintf(`{"type": "performed", "params": {"types": ["page_visit"], "within": {"last": "%ds"}}}`, n%5+1),
		"both":   `{"type": "in-groups", "params": {"mode": "all", "groups": ["busy", "late"]}}`,
	}[code]
	if code == "both" && n%2 == 0 {
		text = `{"type": "in-groups", "params": {"groups": ["recent", "late"]}}, {"type": "consent", "params": {"consent": "ads", "state": "agreed"}}`
	}
	c, err := muster.ParseCondition([]byte(`{"groups": [{"match": "any", "conditions": [` + text + `]}]}`))
	if err != nil {
		panic(err) // the texts are constants but for numbers
	}
	return c
}

// editor saves and recalculates groups, one request at a time.
type editor struct {
	*rand.Rand
	saved   map[string]map[int]string // by group and version, as acknowledged
	active  map[string]int            // the version that was acknowledged as calculated
	n       int
	answers int
}

func newEditor(random *rand.Rand) *editor {
	e := &editor{Rand: random, saved: map[string]map[int]string{}, active: map[string]int{}}
	for _, code := range codes() {
		e.saved[code] = map[int]string{}
	}
	return e
}

// prepare makes the schema and the groups.
func (e *editor) prepare(ctx context.Context, s *server) error {
	for _, code := range []string{"round", "echo"} {
		if _, err := s.Fields().Put(ctx, muster.Field{Code: code, Name: code, Type: muster.NumberField}); err != nil {
			return err
		}
	}
	if _, err := s.Consents().Put(ctx, muster.Named{Code: "ads", Name: "Advertising"}); err != nil {
		return err
	}
	for _, code := range codes() {
		c, name := condition(code, 1), code
		g, err := s.CreateGroup(ctx, client.GroupInput{Code: code, Name: &name, Condition: &c})
		if err != nil {
			return err
		}
		if err := e.note(code, g, c); err != nil {
			return err
		}
		if err := e.recalculate(ctx, s, code); err != nil {
			return err
		}
	}
	return nil
}

func (e *editor) run(ctx context.Context, s *server) error {
	for {
		code := codes()[e.IntN(len(codes()))]
		e.n++
		c := condition(code, e.n)
		g, err := s.ChangeGroup(ctx, code, client.GroupInput{Condition: &c, Recalculate: e.IntN(2) == 0})
		if err != nil {
			return err
		}
		if err := e.note(code, g, c); err != nil {
			return err
		}
		if err := e.recalculate(ctx, s, code); err != nil {
			return err
		}
	}
}

// note keeps what the answer says has been saved.
func (e *editor) note(code string, g client.Group, c muster.Condition) error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	for _, v := range []*client.Version{g.Pending, g.Active} {
		if v == nil {
			continue
		}
		if got, err := json.Marshal(v.Condition); err != nil || string(got) != string(text) {
			continue
		}
		e.saved[code][v.Number] = string(text)
		e.answers++
		return nil
	}
	return fmt.Errorf("group %s was saved with %s, and the answer shows %+v and %+v", code, text, g.Active, g.Pending)
}

func (e *editor) recalculate(ctx context.Context, s *server, code string) error {
	g, err := s.Recalculate(ctx, code, true)
	if err != nil {
		return err
	}
	if g.Active == nil {
		return fmt.Errorf("group %s has been recalculated, and yet has no active condition: %+v", code, g)
	}
	if g.LastCorrections != 0 {
		return fmt.Errorf("the recalculation of group %s made %d corrections", code, g.LastCorrections)
	}
	e.active[code] = g.Active.Number
	e.answers++
	return nil
}

// check compares the groups with what was acknowledged.
func (e *editor) check(ctx context.Context, s *server) error {
	for _, code := range codes() {
		versions, err := s.Versions(ctx, code)
		if err != nil {
			return err
		}
		found := map[int]string{}
		for _, v := range versions {
			text, err := json.Marshal(v.Condition)
			if err != nil {
				return err
			}
			found[v.Number] = string(text)
		}
		for number, want := range e.saved[code] {
			if found[number] != want {
				return fmt.Errorf("version %d of group %s: got %q, want %s", number, code, found[number], want)
			}
		}
		g, err := s.Group(ctx, code)
		if err != nil {
			return err
		}
		if g.Active == nil || g.Active.Number < e.active[code] {
			return fmt.Errorf("group %s: got active version %+v, want %d or later", code, g.Active, e.active[code])
		}
	}
	return nil
}
