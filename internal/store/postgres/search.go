package postgres

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// firstStretch is how many contacts are looked at first. What is frequent is
// found there, what is rare in a few longer stretches.
const firstStretch = 20_000

// Search answers parents by a text in their names, email, external id or id.
func (r *reading) Search(text string, within *roaring.Bitmap, after muster.ContactNo, limit int) ([]muster.ContactNo, error) {
	folded := plan.Fold(text)
	if strings.ContainsRune(folded, 0) {
		return nil, nil
	}
	if folded == "" {
		return r.next(within, after, limit)
	}
	var found []muster.ContactNo
	last := r.head.lastContact
	if within != nil && !within.IsEmpty() {
		last = int64(within.Maximum())
	}
	for n := int64(max(limit, firstStretch)); int64(after) < last && len(found) < limit; n *= 8 {
		s := &stretch{after: int64(after), until: min(int64(after)+n, last), within: within}
		some, err := r.searchIn(s, folded, limit-len(found))
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
		after = muster.ContactNo(s.until)
	}
	return found, nil
}

// stretch is contacts by number, after one and up to another, within a set; nil is all.
type stretch struct {
	after, until int64
	within       *roaring.Bitmap
}

// only is a condition that a column has one of the numbers. It may hold for
// others that are not within the set.
func (w *stretch) only(s *statement, column string) string {
	if w.within != nil {
		part := roaring.New()
		part.AddRange(uint64(w.after+1), uint64(w.until+1))
		part.And(w.within)
		if n := part.GetCardinality(); n <= fewContacts && n < uint64(w.until-w.after)/8 {
			return column + " = any(" + s.arg(numbers(part)) + ")"
		}
	}
	return column + " > " + s.arg(w.after) + " and " + column + " <= " + s.arg(w.until)
}

// searchIn searches a stretch. What stands in a contact's own row and what in
// its fields is asked apart: together, the fields of each one would be looked up.
func (r *reading) searchIn(w *stretch, folded string, limit int) ([]muster.ContactNo, error) {
	var found []muster.ContactNo
	take := func(rows pgx.Rows) error {
		var no muster.ContactNo
		err := rows.Scan(&no)
		if w.within == nil || w.within.Contains(uint32(no)) {
			found = append(found, no)
		}
		return err
	}
	questions := &pgx.Batch{}
	for _, s := range []*statement{w.contacts(folded), w.names(folded)} {
		ask(questions, s.String(), s.args, take)
	}
	for i, c := range folded {
		if c == ' ' {
			s := w.across(folded[:i], folded[i+1:])
			ask(questions, s.String(), s.args, take)
		}
	}
	if err := r.together(questions); err != nil {
		return nil, err
	}
	// In order here, so that the database may read in any.
	slices.Sort(found)
	found = slices.Compact(found)
	return found[:min(len(found), limit)], nil
}

func (w *stretch) contacts(folded string) *statement {
	s := &statement{}
	s.text("select no from contact where parent is null and not erased and ", w.only(s, "no"))
	f := s.arg(folded)
	s.text(" and (strpos(email_folded, ", f, ") > 0 or strpos(external_folded, ", f, ") > 0")
	if strings.Trim(folded, "0123456789abcdef-") == "" {
		s.text(" or strpos(id::text, ", f, ") > 0")
	}
	s.text(")")
	return s
}

const isParent = " and exists (select from contact where no = f.contact_no and parent is null and not erased)"

func (w *stretch) names(folded string) *statement {
	s := &statement{}
	s.text("select contact_no from field f where code in ('first_name', 'last_name') and ", w.only(s, "contact_no"), " and strpos(folded, ", s.arg(folded), ") > 0", isParent)
	return s
}

// across is whose first name ends with a text and whose last name begins with another.
func (w *stretch) across(before, after string) *statement {
	s := &statement{}
	s.text("select contact_no from field f where code = 'first_name' and ", w.only(s, "contact_no"),
		" and right(folded, ", s.arg(utf8.RuneCountInString(before)), "::int) = ", s.arg(before),
		" and exists (select from field where contact_no = f.contact_no and code = 'last_name' and starts_with(folded, ", s.arg(after), "))", isParent)
	return s
}

// next answers the next parents of a set; nil is all.
func (r *reading) next(within *roaring.Bitmap, after muster.ContactNo, limit int) (found []muster.ContactNo, err error) {
	take := func(rows pgx.Rows) error {
		var no muster.ContactNo
		err := rows.Scan(&no)
		found = append(found, no)
		return err
	}
	if within == nil {
		return found, r.each(`select no from contact where parent is null and not erased and no > $1 order by no limit $2`, []any{after, limit}, take)
	}
	it := within.Iterator()
	it.AdvanceIfNeeded(uint32(after) + 1)
	for it.HasNext() && len(found) < limit && err == nil {
		some := roaring.New()
		for it.HasNext() && some.GetCardinality() < uint64(min(2*limit, mostAtOnce)) {
			some.Add(it.Next())
		}
		err = r.each(`select no from contact where parent is null and not erased and no = any($1::bigint[]) order by no limit $2`, []any{numbers(some), limit - len(found)}, take)
	}
	return found, err
}
