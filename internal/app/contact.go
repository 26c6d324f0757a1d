package app

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// ContactAnswer is what became of a change of a contact. To a collect key it
// tells only the contact's id, whether it was created and what was ignored.
type ContactAnswer struct {
	Contact *Contact         `json:"contact,omitempty" doc:"The contact as it is now; absent for a collect key."`
	ID      muster.ContactID `json:"contact_id"`
	Created bool             `json:"created" doc:"Whether this request created the contact."`
	Groups  []string         `json:"groups" nullable:"false" doc:"The codes of all groups the contact is in now."`
	Entered []string         `json:"entered" nullable:"false"`
	Left    []string         `json:"left" nullable:"false"`
	Ignored []string         `json:"ignored,omitempty" doc:"What a collect key was not allowed to change, such as email."`
}

// SaveContact creates or updates the contact that the body of POST /contacts names.
func (a *App) SaveContact(ctx context.Context, by Principal, body []byte) (ContactAnswer, error) {
	return a.saveContact(ctx, by, body, muster.ContactID{})
}

// PatchContact updates the contact with an id, or the parent it was merged into.
func (a *App) PatchContact(ctx context.Context, by Principal, id muster.ContactID, body []byte) (ContactAnswer, error) {
	return a.saveContact(ctx, by, body, id)
}

func (a *App) saveContact(ctx context.Context, by Principal, body []byte, known muster.ContactID) (ContactAnswer, error) {
	r := newReader(a.schema(), a.limits)
	document, ok := r.parse(body)
	if !ok {
		return ContactAnswer{}, r.failed()
	}
	change := r.contact("", document, known)
	if err := r.failed(); err != nil {
		return ContactAnswer{}, err
	}
	result, err := a.applyOne(ctx, by, muster.Item{Contact: &change})
	if err != nil {
		return ContactAnswer{}, err
	}
	return a.contactAnswer(ctx, by, result)
}

// applyOne applies a batch of one item; a refused item is an error.
func (a *App) applyOne(ctx context.Context, by Principal, item muster.Item) (muster.BatchResult, error) {
	result, err := a.apply(ctx, muster.Batch{Authority: by.Authority(), Items: []muster.Item{item}})
	if err != nil {
		return result, err
	}
	if result.Items[0].Status == muster.Rejected {
		if item.Contact == nil && item.Activity == nil {
			return result, result.Items[0].Err
		}
		return result, located(identifiersOf(item), result.Items[0].Err)
	}
	return result, nil
}

func (a *App) contactAnswer(ctx context.Context, by Principal, result muster.BatchResult) (ContactAnswer, error) {
	item := result.Items[0]
	answer := ContactAnswer{ID: item.Contact, Created: item.Created, Ignored: item.Ignored,
		Groups: []string{}, Entered: []string{}, Left: []string{}}
	if by.Role == RoleCollect {
		return answer, nil
	}
	for _, move := range result.Entered {
		if move.Contact == item.Contact {
			answer.Entered = append(answer.Entered, move.Group)
		}
	}
	for _, move := range result.Left {
		if move.Contact == item.Contact {
			answer.Left = append(answer.Left, move.Group)
		}
	}
	slices.Sort(answer.Entered)
	slices.Sort(answer.Left)
	err := a.view(ctx, func(v store.View) error {
		no, err := v.ByID(item.Contact)
		if err != nil {
			return err
		}
		c, err := v.Contact(no)
		if err != nil {
			return err
		}
		shaped := shapeContact(a.schema(), c)
		answer.Contact = &shaped
		answer.Groups, err = a.groupCodes(v, no, false)
		return err
	})
	return answer, err
}

// groupCodes answers the codes of the groups a contact is in, sorted.
func (a *App) groupCodes(v store.View, no muster.ContactNo, shownOnly bool) ([]string, error) {
	memberships, err := v.Memberships(no)
	if err != nil {
		return nil, err
	}
	codes := make([]string, 0, len(memberships))
	groups := a.roster.State().ByNo
	for _, m := range memberships {
		if g := groups[m.Group]; g != nil && (g.ShownToWebsites || !shownOnly) {
			codes = append(codes, g.Code)
		}
	}
	slices.Sort(codes)
	return codes, nil
}

// Contact answers a contact; a merged id answers with its parent. CodeNotFound
// and CodeGone as for View.ByID.
func (a *App) Contact(ctx context.Context, id muster.ContactID) (out Contact, err error) {
	err = a.view(ctx, func(v store.View) error {
		no, err := v.ByID(id)
		if err != nil {
			return err
		}
		c, err := v.Contact(no)
		if err != nil {
			return err
		}
		out = shapeContact(a.schema(), c)
		return nil
	})
	return out, err
}

// ContactQuery selects contacts.
type ContactQuery struct {
	Search string // contained in name, email, external id or id
	Group  string // members of this group only
	Sort   string // "" is in the order in which they came into being; otherwise created or last_activity, "-" before it turns it
	Cursor string
	Limit  int // 1 to 1,000; 50
}

// Contacts lists contacts in an order.
func (a *App) Contacts(ctx context.Context, q ContactQuery) (Page[Contact], error) {
	parts := 1
	if q.Sort != "" {
		parts = 2
	}
	cursor, err := readCursor(q.Cursor, parts)
	if err != nil {
		return Page[Contact]{}, err
	}
	var within muster.GroupNo
	if q.Group != "" {
		g, err := a.group(q.Group)
		if err != nil {
			return Page[Contact]{}, invalidAt("/group", problemUnknownRef, "there is no group "+q.Group)
		}
		within = g.No
	}
	limit := pageSize(q.Limit, 50, 1000)
	var out []Contact
	next := ""
	err = a.view(ctx, func(v store.View) error {
		var members *roaring.Bitmap
		if within != 0 {
			members = v.Members(within)
		}
		var numbers []muster.ContactNo
		if q.Sort == "" {
			numbers, next, err = inBeing(v, q.Search, members, muster.ContactNo(cursor[0]), limit)
		} else if members, err = found(v, q.Search, members); err == nil {
			numbers, next, err = ordered(v, q.Sort, members, cursor, limit)
		}
		if err != nil {
			return err
		}
		for _, no := range numbers {
			c, err := v.Contact(no)
			if err != nil {
				return err
			}
			out = append(out, shapeContact(a.schema(), c))
		}
		return nil
	})
	return PageOf(out, next), err
}

// inBeing answers a page of contacts in the order in which they came into being.
func inBeing(v store.View, search string, within *roaring.Bitmap, after muster.ContactNo, limit int) ([]muster.ContactNo, string, error) {
	numbers, err := v.Search(plan.Fold(search), within, after, limit+1)
	if err != nil || len(numbers) <= limit {
		return numbers, "", err
	}
	return numbers[:limit], cursorOf(uint64(numbers[limit-1])), nil
}

// found answers all contacts that a search finds within a set, nil being everybody.
func found(v store.View, search string, within *roaring.Bitmap) (*roaring.Bitmap, error) {
	if search == "" {
		return within, nil
	}
	numbers, err := v.Search(plan.Fold(search), within, 0, math.MaxInt32)
	set := roaring.New()
	for _, no := range numbers {
		set.Add(uint32(no))
	}
	return set, err
}

// EraseContact erases a person for good: the contact with that id, or its
// parent, and all contacts merged into it.
func (a *App) EraseContact(ctx context.Context, by Principal, id muster.ContactID) error {
	_, err := a.applyOne(ctx, by, muster.Item{Erase: &id})
	return err
}

// MergeInput asks that a contact be merged into another.
type MergeInput struct {
	Into muster.ContactID `json:"into" doc:"The contact to merge into."`
	Keep string           `json:"keep,omitempty" enum:"contact,into" doc:"Whose external id or email stays when both have a different one."`
}

// MergeContact merges a contact into another and answers the survivor.
func (a *App) MergeContact(ctx context.Context, by Principal, id muster.ContactID, in MergeInput) (ContactAnswer, error) {
	if in.Into.IsZero() {
		return ContactAnswer{}, invalidAt("/into", problemMissing, "expected the id of the contact to merge into")
	}
	result, err := a.applyOne(ctx, by, muster.Item{Merge: &muster.MergeChange{Contact: id, Into: in.Into, Keep: in.Keep}})
	switch {
	case isCode(err, muster.CodeConflict):
		return ContactAnswer{}, pointed("/keep", err)
	case isCode(err, muster.CodeInvalid):
		return ContactAnswer{}, pointed("/into", err)
	case err != nil:
		return ContactAnswer{}, err
	}
	if result.Items[0].Contact.IsZero() {
		result.Items[0].Contact = in.Into
	}
	return a.contactAnswer(ctx, by, result)
}

// Membership is one group a contact is in.
type Membership struct {
	Group string         `json:"group"`
	Name  string         `json:"name"`
	Since muster.Instant `json:"since" doc:"When the contact last entered the group."`
}

// ContactGroups answers the groups a contact is in, by code.
func (a *App) ContactGroups(ctx context.Context, id muster.ContactID) (Page[Membership], error) {
	var out []Membership
	err := a.view(ctx, func(v store.View) error {
		no, err := v.ByID(id)
		if err != nil {
			return err
		}
		memberships, err := v.Memberships(no)
		if err != nil {
			return err
		}
		groups := a.roster.State().ByNo
		for _, m := range memberships {
			if g := groups[m.Group]; g != nil {
				out = append(out, Membership{Group: g.Code, Name: g.Name, Since: m.Since})
			}
		}
		slices.SortFunc(out, func(x, y Membership) int { return compareText(x.Group, y.Group) })
		return nil
	})
	return PageOf(out, ""), err
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// ContactHistory answers when a contact entered and left groups, latest first.
func (a *App) ContactHistory(ctx context.Context, id muster.ContactID, cursor string, limit int) (past Past, err error) {
	before, err := readCursor(cursor, 1)
	if err != nil {
		return past, err
	}
	err = a.view(ctx, func(v store.View) error {
		no, err := v.ByID(id)
		if err != nil {
			return err
		}
		past, err = a.changesBackwards(v, store.ChangeQuery{Contact: no, Before: muster.Seq(before[0])}, pageSize(limit, 50, 1000))
		return err
	})
	return past, err
}

// changesBackwards answers a page of change records, latest first.
func (a *App) changesBackwards(v store.View, q store.ChangeQuery, limit int) (Past, error) {
	q.Latest, q.Limit = true, limit+1
	records, err := v.Changes(q)
	if err != nil {
		return Past{}, err
	}
	next := ""
	if len(records) > limit {
		records = records[:limit]
		next = cursorOf(uint64(records[limit-1].Seq))
	}
	out := make([]Change, 0, len(records))
	shaper := a.changeShaper(v)
	for _, c := range records {
		out = append(out, shaper.shape(c))
	}
	if shaper.err != nil {
		return Past{}, shaper.err
	}
	return Past{PageOf(out, next), knownFrom(v)}, nil
}

// isCode reports whether an error has a code.
func isCode(err error, code muster.ErrorCode) bool {
	var e *muster.Error
	return errors.As(err, &e) && e.Code == code
}
