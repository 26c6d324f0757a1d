package app

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"iter"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// Member is a contact in a group.
type Member struct {
	Contact
	Since *muster.Instant `json:"since,omitempty" doc:"When the contact entered the group; absent for a membership of the past."`
}

// MemberQuery selects members of a group.
type MemberQuery struct {
	Group  string
	At     muster.Instant // 0 is now
	Cursor string
	Limit  int // 1 to 1,000; 50
}

// Members lists the members of a group, now or at an instant, as they are
// known today. Contacts that were erased since are not shown.
func (a *App) Members(ctx context.Context, q MemberQuery) (Page[Member], error) {
	cursor, err := readCursor(q.Cursor, 1)
	if err != nil {
		return Page[Member]{}, err
	}
	g, err := a.group(q.Group)
	if err != nil {
		return Page[Member]{}, err
	}
	limit := pageSize(q.Limit, 50, 1000)
	var out []Member
	next := ""
	err = a.view(ctx, func(v store.View) error {
		members, err := membersAt(v, g.No, q.At)
		if err != nil {
			return err
		}
		it := members.Iterator()
		it.AdvanceIfNeeded(uint32(cursor[0]) + 1)
		last := uint32(0)
		for it.HasNext() {
			if len(out) == limit {
				next = cursorOf(uint64(last))
				break
			}
			last = it.Next()
			m, found, err := a.member(v, g.No, muster.ContactNo(last), q.At == 0)
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

func membersAt(v store.View, group muster.GroupNo, at muster.Instant) (*roaring.Bitmap, error) {
	if at == 0 {
		return v.Members(group), nil
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
	m := Member{Contact: shapeContact(a.schema(), c)}
	if !now {
		return m, true, nil
	}
	memberships, err := v.Memberships(no)
	for _, ms := range memberships {
		if ms.Group == group {
			m.Since = &ms.Since
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
		members, err := membersAt(v, g.No, at)
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

// exportChunk is how many contacts an export reads at once: a writer waits for
// a reader, so no reading may be long.
const exportChunk = 500

// export yields the members of a group in chunks. Who is a member is fixed when
// it begins; what is known of each member is as of its chunk.
func (a *App) export(ctx context.Context, code string, at muster.Instant) (iter.Seq2[[]muster.Contact, error], error) {
	g, err := a.group(code)
	if err != nil {
		return nil, err
	}
	var members *roaring.Bitmap
	err = a.view(ctx, func(v store.View) error {
		found, err := membersAt(v, g.No, at)
		if err == nil {
			members = found.Clone()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return func(yield func([]muster.Contact, error) bool) {
		it := members.ManyIterator()
		numbers := make([]uint32, exportChunk)
		for {
			n := it.NextMany(numbers)
			if n == 0 {
				return
			}
			chunk, err := a.readContacts(ctx, numbers[:n])
			if !yield(chunk, err) || err != nil {
				return
			}
		}
	}, nil
}

func (a *App) readContacts(ctx context.Context, numbers []uint32) ([]muster.Contact, error) {
	out := make([]muster.Contact, 0, len(numbers))
	err := a.view(ctx, func(v store.View) error {
		for _, no := range numbers {
			c, err := v.Contact(muster.ContactNo(no))
			switch {
			case isCode(err, muster.CodeNotFound) || isCode(err, muster.CodeGone):
			case err != nil:
				return err
			default:
				out = append(out, c)
			}
		}
		return nil
	})
	return out, err
}

// ExportNDJSON writes the members of a group as contacts, one per line. begin
// is called before the first byte, once nothing but the export itself can fail.
func (a *App) ExportNDJSON(ctx context.Context, code string, at muster.Instant, begin func() io.Writer) error {
	chunks, err := a.export(ctx, code, at)
	if err != nil {
		return err
	}
	lines := json.NewEncoder(begin())
	lines.SetEscapeHTML(false)
	for chunk, err := range chunks {
		if err != nil {
			return err
		}
		schema := a.schema()
		for _, c := range chunk {
			if err := lines.Encode(shapeContact(schema, c)); err != nil {
				return err
			}
		}
	}
	return nil
}

// ExportCSV writes the members of a group as a table with a heading: id,
// external_id, email, created_at, last_activity_at, then every field that is
// not kept by Muster. Choices are separated by "|". begin is as for ExportNDJSON.
func (a *App) ExportCSV(ctx context.Context, code string, at muster.Instant, begin func() io.Writer) error {
	chunks, err := a.export(ctx, code, at)
	if err != nil {
		return err
	}
	heading := []string{"id", "external_id", "email", "created_at", "last_activity_at"}
	var fields []muster.Field
	for _, f := range a.schema().SortedFields() {
		if !f.System && f.Code != "email" {
			fields = append(fields, f)
			heading = append(heading, f.Code)
		}
	}
	table := csv.NewWriter(begin())
	if err := table.Write(heading); err != nil {
		return err
	}
	row := make([]string, len(heading))
	for chunk, err := range chunks {
		if err != nil {
			return err
		}
		for _, c := range chunk {
			lastActivity := ""
			if c.LastActivityAt != muster.Beginning {
				lastActivity = c.LastActivityAt.String()
			}
			row = append(row[:0], c.ID.String(), c.ExternalID, c.Email, c.CreatedAt.String(), lastActivity)
			for _, f := range fields {
				row = append(row, f.FormatText(c.Fields[f.Code]))
			}
			if err := table.Write(row); err != nil {
				return err
			}
		}
	}
	table.Flush()
	return table.Error()
}
