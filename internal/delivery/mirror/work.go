package mirror

import (
	"context"
	"strings"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
)

const (
	// batchSize is how many people go to the other system at once.
	batchSize = 500
	// farBehind is how many changes are better dealt with by comparing.
	farBehind = 20_000
	// gather is how long changes are gathered for one batch.
	gather = 2 * time.Second
)

// tally is what a piece of work did.
type tally struct{ added, removed, keptOut int }

// compare makes the whole list equal to the group.
func compare(ctx context.Context, from Source, to Destination, group string) (t tally, err error) {
	want := map[string]app.Recipient{}
	chunks, err := from.GroupRecipients(ctx, group)
	if err != nil {
		return t, err
	}
	for chunk, err := range chunks {
		if err != nil {
			return t, err
		}
		for _, r := range chunk {
			want[address(r.Email)] = r
		}
	}
	// The list is read to its end before it is changed: pages move with it.
	var surplus []Held
	for page, err := range to.Held(ctx) {
		if err != nil {
			return t, err
		}
		for _, h := range page {
			switch _, wanted := want[h.Email]; {
			case wanted && h.Out:
				t.keptOut++
				delete(want, h.Email)
			case wanted:
				delete(want, h.Email)
			case !h.Out:
				surplus = append(surplus, h)
			}
		}
	}
	if err := remove(ctx, to, surplus, &t); err != nil {
		return t, err
	}
	missing := make([]app.Recipient, 0, len(want))
	for _, r := range want {
		missing = append(missing, r)
	}
	return t, add(ctx, to, missing, &t)
}

// follow brings some changes of the group to the list. It answers false when
// one of them is of somebody of whom nothing is known any more, here or there:
// only comparing finds out whom that leaves on the list.
func follow(ctx context.Context, from Source, to Destination, group string, changes []app.Change) (t tally, all bool, err error) {
	all = true
	var ids, erased []muster.ContactID
	seen := map[muster.ContactID]bool{}
	for _, c := range changes {
		switch {
		case c.ContactID == nil:
			all = false
		case isErasure(c):
			erased = append(erased, *c.ContactID)
		case !seen[*c.ContactID]:
			seen[*c.ContactID] = true
			ids = append(ids, *c.ContactID)
		}
	}
	standings, err := from.Standings(ctx, group, ids)
	if err != nil {
		return t, all, err
	}
	var in []app.Recipient
	var out []string
	for _, id := range ids {
		switch s, known := standings[id]; {
		case !known:
			all = false
		case s.Receives:
			in = append(in, s.Recipient)
		default:
			out = append(out, address(s.Email))
		}
	}
	if len(out) > 0 {
		held, err := to.Find(ctx, out)
		if err != nil {
			return t, all, err
		}
		held = receiving(held)
		if err := remove(ctx, to, held, &t); err != nil {
			return t, all, err
		}
	}
	if err := add(ctx, to, in, &t); err != nil {
		return t, all, err
	}
	forgotten, err := forget(ctx, to, erased, &t)
	return t, all && forgotten, err
}

// isErasure reports whether a change says that somebody left because they were
// erased.
func isErasure(c app.Change) bool {
	return c.Direction == "left" && (c.Cause.Kind == "erasure" || c.Cause.Kind == "retention" && c.Cause.Code == "")
}

// forget removes erased contacts from the other system. It answers whether it
// found all of them there.
func forget(ctx context.Context, to Destination, erased []muster.ContactID, t *tally) (all bool, err error) {
	if len(erased) == 0 {
		return true, nil
	}
	found, err := to.Forget(ctx, erased)
	t.removed += len(found)
	return len(found) == len(erased), err
}

// receiving leaves out those who unsubscribed.
func receiving(held []Held) (out []Held) {
	for _, h := range held {
		if !h.Out {
			out = append(out, h)
		}
	}
	return out
}

func add(ctx context.Context, to Destination, people []app.Recipient, t *tally) error {
	for len(people) > 0 {
		n := min(batchSize, len(people))
		kept, err := to.Add(ctx, people[:n])
		if err != nil {
			return err
		}
		t.added, t.keptOut, people = t.added+n-kept, t.keptOut+kept, people[n:]
	}
	return nil
}

func remove(ctx context.Context, to Destination, held []Held, t *tally) error {
	for len(held) > 0 {
		n := min(batchSize, len(held))
		if err := to.Remove(ctx, held[:n]); err != nil {
			return err
		}
		t.removed, held = t.removed+n, held[n:]
	}
	return nil
}

// address is an email as destinations compare it.
func address(email string) string { return strings.ToLower(strings.TrimSpace(email)) }
