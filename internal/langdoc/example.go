package langdoc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/lower"
	"github.com/muster-groups/muster/internal/plan"
)

// An example is a condition of a script, checked and said.
type example struct {
	script            string
	document          string // indented
	line              string // on one line
	sentence, negated string
	reads             string
}

// exampleScripts names the script for types whose first one is no good example.
func exampleScripts() map[string]string {
	return map[string]string{
		"field": "field/text-is.txt", "consent": "contact/consent.txt", "in-groups": "contact/in-groups.txt",
		"recipient-list": "contact/recipient-list.txt", "created": "contact/created.txt", "identified": "contact/identified.txt",
		"unsubscribed-from-all": "contact/unsubscribed-from-all.txt", "gender": "contact/gender.txt", "age": "contact/age.txt",
		"country": "contact/country.txt", "field-empty": "field/text-empty-is-missing.txt", "birthday": "contact/birthday-in-next.txt",
		"visited-page": "web/visited-page.txt", "visited-url": "web/visited-url-positive.txt", "performed": "web/performed-any-of.txt",
		"performed-any": "web/performed-any.txt", "performed-with-value": "web/performed-with-value.txt", "inactive": "web/inactive.txt",
		"logged-in": "web/logged-in.txt", "email-sent": "email/sent-opened-bounced.txt", "email-opened": "email/sent-opened-bounced.txt",
		"email-bounced": "email/sent-opened-bounced.txt", "email-clicked": "email/clicked.txt", "email-clicked-url": "email/clicked-url.txt",
		"spent": "commerce/spent.txt", "orders": "commerce/orders.txt", "wishlist": "commerce/wishlist.txt",
		"activity-count": "activity/count.txt", "activity-measure": "activity/measure-sum.txt", "first-activity": "activity/first-activity.txt",
		"last-activity": "activity/last-activity.txt", "sequence": "activity/sequence.txt", "sample": "activity/sample.txt",
		"weekday": "time/weekday.txt", "month": "time/month.txt", "time-of-day": "time/time-of-day.txt", "registered": "contact/registered.txt",
	}
}

func (w *writer) example(conditionType string) (*example, error) {
	script, ok := exampleScripts()[conditionType]
	if !ok {
		var err error
		if script, err = w.firstScript(conditionType); err != nil {
			return nil, err
		}
	}
	return w.exampleIn(script, conditionType, "")
}

// firstScript answers the first script, by name, that uses the type.
func (w *writer) firstScript(conditionType string) (string, error) {
	names, err := fs.Glob(w.corpus, "*/*.txt")
	if err != nil {
		return "", err
	}
	slices.Sort(names)
	for _, name := range names {
		if _, err := w.exampleIn(name, conditionType, ""); err == nil {
			return name, nil
		}
	}
	return "", fmt.Errorf("no script of the corpus uses it")
}

// exampleIn answers the first plain condition of the type in a script, one
// whose parameters contain the text.
func (w *writer) exampleIn(script, conditionType, containing string) (*example, error) {
	text, err := fs.ReadFile(w.corpus, script)
	if err != nil {
		return nil, err
	}
	for _, line := range strings.Split(string(text), "\n") {
		name, params, _ := strings.Cut(line, " ")
		if name != conditionType || !strings.Contains(params, containing) || params != "" && !json.Valid([]byte(params)) {
			continue
		}
		leaf := &muster.Leaf{Type: name, Params: json.RawMessage(params)}
		return w.said(script, leaf, schemaOf(string(text)))
	}
	return nil, fmt.Errorf("%s has no plain line of the condition %s with %q", script, conditionType, containing)
}

func (w *writer) said(script string, leaf *muster.Leaf, schema *muster.Schema) (*example, error) {
	condition := muster.Condition{Match: muster.MatchAll, Groups: []*muster.ConditionGroup{{Match: muster.MatchAll, Conditions: []muster.Node{leaf}}}}
	checked, err := w.catalog.Check(condition, schema)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", script, err)
	}
	known := checked.Groups[0].Nodes[0].(*catalog.Leaf)
	compact, err := json.Marshal(struct {
		Type   string          `json:"type"`
		Params json.RawMessage `json:"params,omitempty"`
	}{leaf.Type, leaf.Params})
	if err != nil {
		return nil, err
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, compact, "", "  "); err != nil {
		return nil, err
	}
	negated := *known
	negated.Not = true
	now := muster.Instant(1_772_355_600) // 2026-03-01T09:00:00Z, when scripts begin
	return &example{
		script: script, document: indented.String(), line: string(compact),
		sentence: w.catalog.LeafSentence(known, schema), negated: w.catalog.LeafSentence(&negated, schema),
		reads: readWords(plan.Depends(lower.LowerLeaf(known, lower.EnvOf(schema, now, nil)))),
	}, nil
}

// readWords says what a plan reads.
func readWords(d plan.Deps) string {
	var said []string
	seen := map[string]bool{}
	add := func(s string) {
		if !seen[s] {
			seen[s] = true
			said = append(said, s)
		}
	}
	for _, a := range d.Activities {
		words := "any activity"
		if len(a.Types) > 0 {
			words = "activities of type " + quoted(a.Types)
		}
		for _, e := range a.Equals {
			words += ", only where `" + e.Attribute + "` is " + quoted(e.Values)
		}
		if len(a.Channels) > 0 {
			words += " on " + quoted(a.Channels)
		}
		add(words)
	}
	for _, f := range d.Fields {
		add("the field `" + f + "`")
	}
	for _, c := range d.Consents {
		add("decisions on the consent `" + c + "`")
	}
	for _, l := range d.Lists {
		add("decisions on the list `" + l + "`")
	}
	if d.AllMail {
		add("decisions on all mail")
	}
	if len(d.Groups) > 0 {
		add("the members of the groups")
	}
	if d.Identified {
		add("the email and the external id")
	}
	if d.Sample {
		add("nothing but new contacts and merges")
	}
	if len(said) == 0 {
		return "nothing; only the clock"
	}
	return strings.Join(said, "; ")
}

func quoted(list []string) string {
	var out []string
	for _, s := range list {
		out = append(out, "`"+s+"`")
	}
	return strings.Join(out, " or ")
}

// schemaOf answers what a script defines, as far as a condition can name it.
func schemaOf(script string) *muster.Schema {
	s := muster.NewSchema(nil)
	for _, line := range strings.Split(script, "\n") {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		named := muster.Named{Code: f[1], Name: f[1]}
		switch f[0] {
		case "consent":
			s.Consents[f[1]] = named
		case "list":
			s.Lists[f[1]] = named
		case "channel":
			s.Channels[f[1]] = named
		case "group":
			s.Groups[f[1]], s.GroupNames[f[1]] = muster.GroupNo(len(s.Groups)+1), f[1]
		case "field":
			if len(f) > 2 {
				field := muster.Field{Code: f[1], Name: f[1], Type: muster.FieldType(f[2])}
				for _, choice := range f[3:] {
					field.Choices = append(field.Choices, muster.Choice{Code: choice, Name: choice})
				}
				s.Fields[f[1]] = field
			}
		case "activity":
			t := muster.ActivityType{Code: f[1], Name: f[1]}
			for _, a := range f[2:] {
				if code, kind, ok := strings.Cut(a, ":"); ok {
					t.Attributes = append(t.Attributes, muster.AttributeDef{Code: code, Name: code, Type: muster.AttributeType(kind)})
				}
			}
			s.ActivityTypes[f[1]] = t
		}
	}
	return s
}
