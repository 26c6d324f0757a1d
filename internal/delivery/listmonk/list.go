package listmonk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/delivery/mirror"
)

// list is one list of a listmonk server.
type list struct {
	settings Settings
	calls    calls
}

// subscriber is what listmonk answers of one.
type subscriber struct {
	ID      int64  `json:"id"`
	Email   string `json:"email"`
	Status  string `json:"status"` // enabled, disabled or blocklisted
	Attribs struct {
		Muster json.RawMessage `json:"muster"` // as create has written it, if people left it so
	} `json:"attribs"`
	Lists []struct {
		ID     int    `json:"id"`
		Status string `json:"subscription_status"` // unconfirmed, confirmed or unsubscribed
	} `json:"lists"`
}

const (
	blocklisted  = "blocklisted"
	unsubscribed = "unsubscribed"
)

// on answers how a subscriber is subscribed to the list, "" when not at all.
func (s subscriber) on(list int) string {
	for _, l := range s.Lists {
		if l.ID == list {
			return l.Status
		}
	}
	return ""
}

func (l *list) held(s subscriber) mirror.Held {
	return mirror.Held{Ref: s.ID, Email: strings.ToLower(s.Email), Out: s.Status == blocklisted || s.on(l.settings.ListID) == unsubscribed}
}

// Check asks for the list.
func (l *list) Check(ctx context.Context) error {
	var found struct{ ID int }
	err := l.calls.call(ctx, http.MethodGet, "/api/lists/"+strconv.Itoa(l.settings.ListID), nil, nil, &found)
	var r *refusal
	if errors.As(err, &r) && (r.status == http.StatusNotFound || r.status == http.StatusBadRequest) {
		return fmt.Errorf("listmonk has no list %d", l.settings.ListID)
	}
	return err
}

// page is how many subscribers are read at once.
const page = 1000

// Held reads the subscribers of the list in the order in which they were made.
func (l *list) Held(ctx context.Context) iter.Seq2[[]mirror.Held, error] {
	return func(yield func([]mirror.Held, error) bool) {
		for n := 1; ; n++ {
			subscribers, err := l.query(ctx, url.Values{"page": {strconv.Itoa(n)}, "per_page": {strconv.Itoa(page)}, "order_by": {"created_at"}, "order": {"ASC"}}, true)
			if err != nil {
				yield(nil, err)
				return
			}
			held := make([]mirror.Held, len(subscribers))
			for i, s := range subscribers {
				held[i] = l.held(s)
			}
			if !yield(held, nil) || len(subscribers) < page {
				return
			}
		}
	}
}

func (l *list) query(ctx context.Context, q url.Values, onList bool) ([]subscriber, error) {
	if onList {
		q.Set("list_id", strconv.Itoa(l.settings.ListID))
	}
	var found struct {
		Results []subscriber `json:"results"`
	}
	err := l.calls.call(ctx, http.MethodGet, "/api/subscribers", q, nil, &found)
	return found.Results, err
}

// One question names so many addresses, in so many bytes: it travels in the URL.
const (
	named      = 50
	namedBytes = 2000
)

// byEmail answers those of the addresses that are subscribers.
func (l *list) byEmail(ctx context.Context, emails []string, onList bool) (found []subscriber, err error) {
	for len(emails) > 0 {
		n, size := 0, 0
		var quoted []string
		for n < min(named, len(emails)) && (n == 0 || size+len(emails[n]) < namedBytes) {
			quoted = append(quoted, "'"+strings.ReplaceAll(emails[n], "'", "''")+"'")
			size += len(emails[n])
			n++
		}
		some, err := l.query(ctx, url.Values{"query": {"LOWER(subscribers.email) IN (" + strings.Join(quoted, ", ") + ")"}, "page": {"1"}, "per_page": {strconv.Itoa(named)}}, onList)
		if err != nil {
			return nil, err
		}
		found, emails = append(found, some...), emails[n:]
	}
	return found, nil
}

// Find answers those of the addresses that are on the list.
func (l *list) Find(ctx context.Context, emails []string) ([]mirror.Held, error) {
	found, err := l.byEmail(ctx, emails, true)
	held := make([]mirror.Held, len(found))
	for i, s := range found {
		held[i] = l.held(s)
	}
	return held, err
}

// Add subscribes people: those whom listmonk knows in one call, the others one
// by one, as its API wants it.
func (l *list) Add(ctx context.Context, people []app.Recipient) (keptOut int, err error) {
	emails := make([]string, len(people))
	for i, p := range people {
		emails[i] = strings.ToLower(strings.TrimSpace(p.Email))
	}
	known, err := l.byEmail(ctx, emails, false)
	if err != nil {
		return 0, err
	}
	byEmail := map[string]subscriber{}
	for _, s := range known {
		byEmail[strings.ToLower(s.Email)] = s
	}
	var there []int64
	for i, p := range people {
		s, exists := byEmail[emails[i]]
		switch {
		case !exists:
			blocked, err := l.create(ctx, emails[i], p)
			if err != nil {
				return keptOut, err
			}
			keptOut += blocked
		case s.Status == blocklisted || s.on(l.settings.ListID) == unsubscribed:
			keptOut++
		case s.on(l.settings.ListID) == "":
			there = append(there, s.ID)
		}
	}
	return keptOut, l.subscribe(ctx, there)
}

func (l *list) subscribe(ctx context.Context, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	status := "unconfirmed"
	if l.settings.Confirmed {
		status = "confirmed"
	}
	return l.calls.call(ctx, http.MethodPut, "/api/subscribers/lists", nil,
		map[string]any{"ids": ids, "action": "add", "target_list_ids": []int{l.settings.ListID}, "status": status}, nil)
}

// create makes a subscriber. Somebody may have made the same one meanwhile.
func (l *list) create(ctx context.Context, email string, p app.Recipient) (blocked int, err error) {
	name := p.Name
	if name == "" {
		name, _, _ = strings.Cut(email, "@")
	}
	about := map[string]any{"contact_id": p.ID}
	if p.ExternalID != "" {
		about["external_id"] = p.ExternalID
	}
	err = l.calls.call(ctx, http.MethodPost, "/api/subscribers", nil, map[string]any{"email": email, "name": name, "status": "enabled",
		"lists": []int{l.settings.ListID}, "attribs": map[string]any{"muster": about}, "preconfirm_subscriptions": l.settings.Confirmed}, nil)
	var r *refusal
	if !errors.As(err, &r) || r.status != http.StatusConflict {
		if r != nil && r.status == http.StatusBadRequest {
			return 1, nil // an address that listmonk does not take, such as one of a blocked domain
		}
		return 0, err
	}
	found, err := l.byEmail(ctx, []string{email}, false)
	if err != nil || len(found) == 0 {
		return 0, errors.Join(err, r)
	}
	if s := found[0]; s.Status == blocklisted || s.on(l.settings.ListID) == unsubscribed {
		return 1, nil
	}
	return 0, l.subscribe(ctx, []int64{found[0].ID})
}

// Remove takes subscribers off the list; they stay subscribers of others.
func (l *list) Remove(ctx context.Context, held []mirror.Held) error {
	ids := make([]int64, len(held))
	for i, h := range held {
		ids[i] = h.Ref
	}
	return l.calls.call(ctx, http.MethodPut, "/api/subscribers/lists", nil,
		map[string]any{"ids": ids, "action": "remove", "target_list_ids": []int{l.settings.ListID}}, nil)
}
