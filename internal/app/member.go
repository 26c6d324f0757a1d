package app

import (
	"context"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// Member is a contact in a group.
type Member struct {
	Contact
	Since *muster.Instant `json:"since,omitempty" doc:"When the contact last entered the group; absent for a membership of the past."`
	Cause *Cause          `json:"cause,omitempty" doc:"Why it entered then; absent for a membership of the past, and when it entered before history is kept."`

	no        muster.ContactNo
	enteredBy muster.Seq // the record of its last entering; 0 when that is not kept
}

// MemberQuery selects members of a group.
type MemberQuery struct {
	Group  string
	At     muster.Instant // 0 is now
	Search string         // contained in name, email, external id or id
	Sort   string         // "created" or "" is by creation; "-since" is who entered last first, "since" who entered first
	Cursor string
	Limit  int // 1 to 1,000; 50
}

// Members lists the members of a group, now or at an instant, as they are
// known today. Contacts that were erased since are not shown.
func (a *App) Members(ctx context.Context, q MemberQuery) (Page[Member], error) {
	g, err := a.group(q.Group)
	if err != nil {
		return Page[Member]{}, err
	}
	switch q.Sort {
	case "", "created":
	case "since", "-since":
		if q.At != 0 {
			return Page[Member]{}, invalidAt("/sort", problemInvalid, "expected no order by since together with at: of the past, only who was a member is known")
		}
		return a.membersSince(ctx, g, q)
	default:
		return Page[Member]{}, invalidAt("/sort", problemInvalid, "expected created, since or -since")
	}
	cursor, err := readCursor(q.Cursor, 1)
	if err != nil {
		return Page[Member]{}, err
	}
	limit := pageSize(q.Limit, 50, 1000)
	var out []Member
	next := ""
	err = a.view(ctx, func(v store.View) error {
		members, err := a.membersAt(v, g.No, q.At)
		if err != nil {
			return err
		}
		var numbers []muster.ContactNo
		numbers, next, err = inBeing(v, q.Search, members, muster.ContactNo(cursor[0]), limit)
		if err != nil {
			return err
		}
		for _, no := range numbers {
			m, found, err := a.member(v, g.No, no, q.At == 0)
			if err != nil {
				return err
			}
			if found {
				out = append(out, m)
			}
		}
		return nil
	})
	return PageOf(out, next), err
}

// tolerance is how far in the future an instant may be and still mean now, for
// clocks that differ.
const tolerance = 5 * 60

// membersAt answers who was a member at an instant, or is now (0). The future
// is not known.
func (a *App) membersAt(v store.View, group muster.GroupNo, at muster.Instant) (*roaring.Bitmap, error) {
	if at == 0 {
		return v.Members(group), nil
	}
	if now := max(v.Tick(), a.wall()); at > now+tolerance {
		return nil, invalidAt("/at", problemRange, "expected an instant of the past or present; it is "+now.String()+" now")
	}
	if err := reaches(v, "/at", at); err != nil {
		return nil, err
	}
	return v.MembersAt(group, at)
}

// member shapes one member. A contact of the past that was erased or merged
// since is not found.
func (a *App) member(v store.View, group muster.GroupNo, no muster.ContactNo, now bool) (Member, bool, error) {
	c, err := v.Contact(no)
	if isCode(err, muster.CodeNotFound) || isCode(err, muster.CodeGone) {
		return Member{}, false, nil
	}
	if err != nil {
		return Member{}, false, err
	}
	m := Member{Contact: shapeContact(a.schema(), c), no: no}
	if !now {
		return m, true, nil
	}
	records, err := v.Changes(store.ChangeQuery{Contact: no, Group: group, Latest: true, Limit: 1})
	if err != nil {
		return m, false, err
	}
	for _, r := range records {
		m.Since, m.Cause, m.enteredBy = &r.At, &Cause{Kind: r.Cause.Kind.String(), Code: r.Cause.Code}, r.Seq
		return m, true, nil
	}
	// It entered before the horizon of history: since when is all that is kept.
	memberships, err := v.Memberships(no)
	for _, each := range memberships {
		if each.Group == group {
			m.Since = &each.Since
		}
	}
	return m, true, err
}

// Count is the size of a group at an instant.
type Count struct {
	Count uint64         `json:"count"`
	At    muster.Instant `json:"at"`
}

// CountMembers answers how many contacts are, or were at an instant, in a group.
func (a *App) CountMembers(ctx context.Context, code string, at muster.Instant) (Count, error) {
	g, err := a.group(code)
	if err != nil {
		return Count{}, err
	}
	out := Count{At: at}
	err = a.view(ctx, func(v store.View) error {
		members, err := a.membersAt(v, g.No, at)
		if err != nil {
			return err
		}
		out.Count = members.GetCardinality()
		if at == 0 {
			out.At = v.Tick()
		}
		return nil
	})
	return out, err
}
