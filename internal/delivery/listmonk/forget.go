package listmonk

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/delivery/mirror"
)

// Forget takes subscribers that were made for erased contacts off the list, and
// deletes those who are on no list then. Whoever unsubscribed or is blocklisted
// is left, so that nobody writes to them again; so is who is on other lists.
func (l *list) Forget(ctx context.Context, erased []muster.ContactID) (found []muster.ContactID, err error) {
	for len(erased) > 0 {
		n := min(named, len(erased))
		some, err := l.forget(ctx, erased[:n])
		if err != nil {
			return found, err
		}
		found, erased = append(found, some...), erased[n:]
	}
	return found, nil
}

func (l *list) forget(ctx context.Context, erased []muster.ContactID) (found []muster.ContactID, err error) {
	made, err := l.madeFor(ctx, erased)
	if err != nil || len(made) == 0 {
		return nil, err
	}
	var listed []mirror.Held
	for _, s := range made {
		if held := l.held(s); !held.Out && s.on(l.settings.ListID) != "" {
			listed = append(listed, held)
		}
		var about struct {
			ContactID muster.ContactID `json:"contact_id"`
		}
		if json.Unmarshal(s.Attribs.Muster, &about) == nil {
			found = append(found, about.ContactID)
		}
	}
	if len(listed) > 0 {
		if err := l.Remove(ctx, listed); err != nil {
			return nil, err
		}
		// Asked again: two connectors may keep two lists of the same server.
		if made, err = l.madeFor(ctx, erased); err != nil {
			return nil, err
		}
	}
	gone := url.Values{}
	for _, s := range made {
		if s.Status != blocklisted && len(s.Lists) == 0 {
			gone.Add("id", strconv.FormatInt(s.ID, 10))
		}
	}
	if len(gone) == 0 {
		return found, nil
	}
	return found, l.calls.call(ctx, http.MethodDelete, "/api/subscribers", gone, nil, nil)
}

// madeFor answers the subscribers that were made for contacts.
func (l *list) madeFor(ctx context.Context, ids []muster.ContactID) ([]subscriber, error) {
	quoted := make([]string, len(ids))
	for i, id := range ids {
		quoted[i] = "'" + id.String() + "'"
	}
	return l.query(ctx, url.Values{"query": {"subscribers.attribs->'muster'->>'contact_id' IN (" + strings.Join(quoted, ", ") + ")"},
		"page": {"1"}, "per_page": {strconv.Itoa(named)}}, false)
}
