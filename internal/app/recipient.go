package app

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/valyala/fastjson"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// RecipientsInput asks who may be written to.
type RecipientsInput struct {
	List    string   `json:"list,omitempty" doc:"The code of a recipient list: only contacts who receive it."`
	Include []string `json:"include,omitempty" maxItems:"100" doc:"Codes of groups: only members of at least one. Without any, the list alone decides."`
	Exclude []string `json:"exclude,omitempty" maxItems:"100" doc:"Codes of groups: no members of any."`
}

// ReadRecipients reads the body of POST /recipients, strictly.
func ReadRecipients(body []byte) (RecipientsInput, error) {
	var in RecipientsInput
	r := newReader(nil, Limits{})
	document, ok := r.parse(body)
	if !ok {
		return in, r.failed()
	}
	r.object("", document, "list, include or exclude", func(key []byte, v *fastjson.Value) bool {
		switch string(key) {
		case "list":
			in.List = r.text("", "list", v, muster.MaxCode)
		case "include":
			in.Include = r.texts("/include", v, maxRecipientGroups)
		case "exclude":
			in.Exclude = r.texts("/exclude", v, maxRecipientGroups)
		default:
			return false
		}
		return true
	})
	return in, r.failed()
}

// maxRecipientGroups bounds the groups of a question.
const maxRecipientGroups = 100

// Recipients is how many contacts may be written to.
type Recipients struct {
	Count  uint64           `json:"count"`
	Groups []RecipientGroup `json:"groups" nullable:"false" doc:"The groups asked about, with the status of each."`
	AsOf   muster.Instant   `json:"as_of"`
}

// RecipientGroup is a group asked about. Its active condition counts, whatever
// is pending.
type RecipientGroup struct {
	Code    string             `json:"code"`
	Use     string             `json:"use" enum:"include,exclude"`
	Status  muster.GroupStatus `json:"status" enum:"condition_changed,recalculating,up_to_date,failed"`
	Members uint64             `json:"members"`
}

// Recipients counts who may be written to, in one state: contacts with an
// email, on the list and receiving it, in at least one included group and in no
// excluded one. Whoever opted out of all mail is left out and, without a list,
// whose address bounced on any list. An unknown group, or one that was never
// calculated, is refused: nobody excluded by mistake.
func (a *App) Recipients(ctx context.Context, in RecipientsInput) (Recipients, error) {
	out, _, err := a.recipients(ctx, in, nil)
	return out, err
}

// RecipientList is who may be written to, gathered in one state and ready to be
// sent: the count, and what is known of each of them at that moment.
type RecipientList struct {
	Recipients
	form  contactForm
	spool *spool
	set   *roaring.Bitmap
}

// RecipientForm is how recipients are written out.
type RecipientForm string

// The forms of recipients.
const (
	RecipientsAsNDJSON RecipientForm = "ndjson"
	RecipientsAsCSV    RecipientForm = "csv"
)

// RecipientList gathers who may be written to, see Recipients, while changes go
// on. The caller closes it.
func (a *App) RecipientList(ctx context.Context, in RecipientsInput, as RecipientForm) (*RecipientList, error) {
	form := a.ndjsonForm()
	if as == RecipientsAsCSV {
		form = a.csvForm()
	}
	spool, err := newSpool(form.line)
	if err != nil {
		return nil, err
	}
	list := &RecipientList{form: form, spool: spool}
	if list.Recipients, list.set, err = a.recipients(ctx, in, spool.keep); err != nil {
		return nil, errors.Join(err, spool.close())
	}
	return list, nil
}

// Write writes the contacts out.
func (l *RecipientList) Write(out io.Writer) error {
	if _, err := out.Write(l.form.heading); err != nil {
		return err
	}
	return l.spool.send(l.set, out)
}

// Close gives up what was gathered.
func (l *RecipientList) Close() error { return l.spool.close() }

// recipients counts, and lets keep have the contacts unless it is nil.
func (a *App) recipients(ctx context.Context, in RecipientsInput, keep func([]muster.Contact) error) (Recipients, *roaring.Bitmap, error) {
	schema := a.schema()
	out := Recipients{Groups: []RecipientGroup{}}
	if in.List == "" && len(in.Include) == 0 {
		return out, nil, invalidAt("", problemMissing, "expected a list, or at least one group to include, to know whom to write to")
	}
	if _, known := schema.Lists[in.List]; in.List != "" && !known {
		return out, nil, invalidAt("/list", problemUnknownRef, "there is no recipient list "+quoted(in.List))
	}
	include, err := a.calculatedGroups("/include", in.Include)
	if err != nil {
		return out, nil, err
	}
	exclude, err := a.calculatedGroups("/exclude", in.Exclude)
	if err != nil {
		return out, nil, err
	}
	query := store.Query{Node: plan.Canon(receivable(schema, in.List, include, exclude))}
	set, err := a.store().Gather(ctx, query, keep, func(v store.View) error {
		out.AsOf = v.Tick()
		for _, asked := range []struct {
			use    string
			groups []*muster.Group
		}{{"include", include}, {"exclude", exclude}} {
			for _, g := range asked.groups {
				status, _ := a.roster.Status(g.Code)
				out.Groups = append(out.Groups, RecipientGroup{Code: g.Code, Use: asked.use, Status: status, Members: v.Members(g.No).GetCardinality()})
			}
		}
		return nil
	})
	if err != nil {
		return out, nil, err
	}
	out.Count = set.GetCardinality()
	return out, set, nil
}

// calculatedGroups answers groups whose membership can be relied on.
func (a *App) calculatedGroups(at string, codes []string) ([]*muster.Group, error) {
	groups, err := a.namedGroups(at, codes)
	if err != nil {
		return nil, err
	}
	var problems []muster.Problem
	for i, g := range groups {
		if g.Active == 0 {
			problems = append(problems, muster.Problem{Location: at + "/" + itoa(i), Code: "never_calculated",
				Message: "the group " + g.Code + " was never calculated, so who is in it is not known; recalculate it first"})
		}
	}
	if len(problems) > 0 {
		return nil, invalid(problems)
	}
	return groups, nil
}

// receivable is the plan of those who may be written to.
func receivable(schema *muster.Schema, list string, include, exclude []*muster.Group) plan.Node {
	decided := func(kind muster.DecisionKind, code string, state muster.DecisionState) plan.Node {
		return &plan.Decided{Kind: kind, Code: code, State: state, From: muster.Beginning, To: muster.Forever}
	}
	members := func(groups []*muster.Group) plan.Node {
		any := &plan.Any{}
		for _, g := range groups {
			any.Of = append(any.Of, &plan.InGroup{Group: g.No})
		}
		return any
	}
	all := []plan.Node{
		&plan.Field{Code: "email", Pred: plan.Present{}},
		&plan.Not{Of: decided(muster.OnAllMail, "", muster.Unsubscribed)},
		&plan.Not{Of: members(exclude)},
	}
	if len(include) > 0 {
		all = append(all, members(include))
	}
	if list != "" {
		return &plan.All{Of: append(all, decided(muster.OnList, list, muster.Receiving))}
	}
	bounced := &plan.Any{}
	for _, code := range slices.Sorted(maps.Keys(schema.Lists)) {
		bounced.Of = append(bounced.Of, decided(muster.OnList, code, muster.Bounced))
	}
	return &plan.All{Of: append(all, &plan.Not{Of: bounced})}
}
