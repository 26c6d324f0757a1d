package app

import (
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// ordered answers a page of contacts by an instant, and the cursor after it:
// "created" or "last_activity", with "-" before it the latest first.
func ordered(v store.View, sort string, of *roaring.Bitmap, cursor []uint64, limit int) ([]muster.ContactNo, string, error) {
	name, latest := strings.CutPrefix(sort, "-")
	by, known := map[string]store.OrderedBy{"created": store.ByCreation, "last_activity": store.ByLastActivity}[name]
	if !known {
		return nil, "", invalidAt("/sort", problemInvalid, "expected created, -created, last_activity or -last_activity")
	}
	q := store.Order{By: by, Latest: latest, Of: of, Limit: limit + 1}
	if no := muster.ContactNo(cursor[1]); no != 0 {
		q.After = &store.Placed{No: no, At: muster.Instant(cursor[0])}
	}
	places, err := v.Ordered(q)
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(places) > limit {
		places = places[:limit]
		last := places[limit-1]
		next = cursorOf(uint64(last.At), uint64(last.No))
	}
	numbers := make([]muster.ContactNo, len(places))
	for i, p := range places {
		numbers[i] = p.No
	}
	return numbers, next, nil
}
