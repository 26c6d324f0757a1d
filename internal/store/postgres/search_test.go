package postgres_test

import (
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
)

// Many are searched in stretches; what is wanted may be in any of them, and in
// the gaps of a set it is not.
func TestManyContactsAreSearchedInStretches(t *testing.T) {
	url := empty(t)
	ask(t, url, `insert into contact (no, id, created_at, email, email_folded)
		select n, ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, 1, e, e from generate_series(1, 200000) n,
		lateral (select case when n % 15000 = 0 then 'rare@example.com' when n % 2 = 0 then 'frequent@example.com' end e) as email`)
	ask(t, url, `insert into field (contact_no, code, kind, text, folded) select n, c, 1, c, c from unnest(array[40001, 199999]) n, unnest(array['first_name', 'last_name']) c`)
	ask(t, url, `update head set last_contact = 200000, contacts = 200000, people = 1`)
	s := opened(t, url, postgres.Options{})
	dense, sparse := roaring.New(), roaring.BitmapOf(15000, 16000, 40001, 150000)
	dense.AddRange(1, 100_000)
	dense.Remove(30000)
	for _, c := range []struct {
		text   string
		within *roaring.Bitmap
		after  muster.ContactNo
		limit  int
		want   []muster.ContactNo
	}{
		{"rare", nil, 0, 3, []muster.ContactNo{15000, 30000, 45000}},
		{"rare", nil, 165000, 100, []muster.ContactNo{180000, 195000}},
		{"rare", dense, 15000, 100, []muster.ContactNo{45000, 60000, 75000, 90000}},
		{"rare", sparse, 0, 100, []muster.ContactNo{15000, 150000}},
		{"FREQUENT", nil, 29998, 2, []muster.ContactNo{30002, 30004}},
		{"name last", nil, 0, 100, []muster.ContactNo{40001, 199999}},
		{"first_name", sparse, 0, 100, []muster.ContactNo{40001}},
		{"", dense, 29998, 2, []muster.ContactNo{29999, 30001}},
		{"", sparse, 15000, 2, []muster.ContactNo{16000, 40001}},
		{"nobody", nil, 0, 100, nil},
	} {
		err := s.View(t.Context(), func(v store.View) error {
			got, err := v.Search(c.text, c.within, c.after, c.limit)
			if !slices.Equal(got, c.want) {
				t.Errorf("search %q after %d: got %v, want %v", c.text, c.after, got, c.want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
