package webhook

import (
	"context"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
)

// An endpoint that is more than farBehind changes behind gets net movements: of
// each stretch of at most longestWindow changes, who is on another side of a
// group after it than before it, and nobody else.
const (
	farBehind     = 10_000
	longestWindow = 500_000
	pageOfWindow  = 5_000
)

// window is a stretch of the feed, after one number and up to another, that is
// delivered net. The zero window is none. A window is computed from records that
// never change, so after a restart it is the same again.
type window struct {
	Since muster.Seq `json:"since,omitempty"`
	Until muster.Seq `json:"until,omitempty"`
}

func (w window) open() bool { return w.Until != 0 }

// windowFor is the window of an endpoint that stands at a cursor, none if it is
// not far behind.
func windowFor(cursor, last muster.Seq) window {
	if last < cursor+farBehind {
		return window{}
	}
	return window{Since: cursor, Until: min(last, cursor+longestWindow)}
}

// netRecords answers which records of a window are net, as their distance from
// its beginning. A contact's records in one group take turns, so one that
// follows another undoes it, and the last of an odd number stands.
func netRecords(ctx context.Context, feed Feed, w window, groups []string) (*roaring.Bitmap, error) {
	type membership struct {
		group   string
		contact muster.ContactID
	}
	standing := map[membership]uint32{}
	net := roaring.New()
	for at := w.Since; at < w.Until; {
		page, err := feed.Changes(ctx, app.FeedQuery{After: at, ChangeFilter: app.ChangeFilter{Groups: groups}, Limit: pageOfWindow})
		if err != nil {
			return nil, err
		}
		for _, c := range page.Items {
			switch distance := uint32(c.Seq - w.Since); {
			case c.Seq > w.Until:
			case c.ContactID == nil:
				net.Add(distance) // of whom is not known, so it cannot be set against another
			default:
				key := membership{c.Group, *c.ContactID}
				if _, undone := standing[key]; undone {
					delete(standing, key)
				} else {
					standing[key] = distance
				}
			}
		}
		if page.Last <= at {
			break
		}
		at = page.Last
	}
	for _, distance := range standing {
		net.Add(distance)
	}
	return net, nil
}
