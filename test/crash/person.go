package crash

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
)

// person is what a writer knows of a contact that nobody else writes to.
type person struct {
	external, visitor string
	id                muster.ContactID // zero while its creation is in doubt
	round             int              // what its fields are known to hold; 0 is nothing
	maybe             []int            // what they may hold instead, since answers are missing
	done              map[string]client.ActivityInput
	doubtful          map[string]client.ActivityInput // sent, but without an answer
	merged            []muster.ContactID
	joining           *person // the merge into it has been sent
	joined            bool    // and has happened
	erasing, erased   bool    // the erasure has been sent; has been acknowledged
}

func newPerson(external, visitor string) *person {
	return &person{external: external, visitor: visitor, done: map[string]client.ActivityInput{}, doubtful: map[string]client.ActivityInput{}}
}

func (p *person) identifiers() muster.Identifiers {
	return muster.Identifiers{ExternalID: p.external, VisitorID: p.visitor}
}

// change writes two fields and a consent that always belong together.
func (p *person) change(round int) client.ContactChange {
	return client.ContactChange{
		Identifiers: p.identifiers(), Fields: map[string]any{"round": round, "echo": round},
		Consents: map[string]client.Decision{"ads": {State: "agreed", Version: fmt.Sprint(round)}},
	}
}

// settle finds out, from the server as it came back, what became of everything
// that was sent and not answered. Whatever happened must have happened whole.
func (p *person) settle(ctx context.Context, s *server) error {
	if p.id.IsZero() {
		found, err := s.Lookup(ctx, p.identifiers())
		if err != nil {
			return err
		}
		if found.ContactID != nil {
			p.id = *found.ContactID
		}
	}
	if p.joining != nil && !p.joined {
		c, err := s.Contact(ctx, p.id)
		if err != nil {
			return fmt.Errorf("contact %s, which may have been merged: %w", p.id, err)
		}
		if c.ID == p.joining.id {
			p.joining.absorb(p)
		} else {
			p.joining = nil
		}
	}
	if p.erasing && !p.erased {
		_, err := s.Contact(ctx, p.id)
		switch muster.CodeOf(err) {
		case muster.CodeGone:
			p.erased = true
		case "":
			p.erasing = false
		default:
			return err
		}
	}
	if p.gone() {
		return nil
	}
	return p.retry(ctx, s)
}

// gone tells whether there is nothing left to ask of this contact by itself.
func (p *person) gone() bool { return p.erased || p.joined }

// retry sends activities without an answer once more, and some that were
// answered. Both are harmless by their ids.
func (p *person) retry(ctx context.Context, s *server) error {
	again := slices.Collect(maps.Values(p.doubtful))
	fresh := len(again)
	for _, a := range p.done {
		if len(again) >= fresh+3 {
			break
		}
		again = append(again, a)
	}
	if len(again) == 0 {
		return nil
	}
	answer, err := s.RecordActivities(ctx, again...)
	if err != nil {
		return err
	}
	for i, r := range answer.Results {
		if r.Status != muster.Duplicate && (i >= fresh || r.Status != muster.Accepted) {
			return fmt.Errorf("the retry of activity %s (acknowledged before: %t): got %s %+v", again[i].ID, i >= fresh, r.Status, r.Error)
		}
		if p.id.IsZero() {
			p.id = *r.ContactID
		}
		p.done[again[i].ID] = again[i]
	}
	clear(p.doubtful)
	return nil
}

// absorb takes over what a merged contact was known to have.
func (p *person) absorb(other *person) {
	other.joining, other.joined = p, true
	p.merged = append(append(p.merged, other.id), other.merged...)
	maps.Copy(p.done, other.done)
	maps.Copy(p.doubtful, other.doubtful)
}

// check compares the contact with what is known of it.
func (p *person) check(ctx context.Context, s *server) error {
	if p.id.IsZero() || p.joined {
		return nil
	}
	ids := append([]muster.ContactID{p.id}, p.merged...)
	for _, id := range ids {
		c, err := s.Contact(ctx, id)
		if p.erased {
			if muster.CodeOf(err) != muster.CodeGone {
				return fmt.Errorf("contact %s was erased: got %+v, %v, want it gone", id, c, err)
			}
			continue
		}
		if err != nil {
			return fmt.Errorf("contact %s was acknowledged: %w", id, err)
		}
		if c.ID != p.id {
			return fmt.Errorf("contact %s: got contact %s, want %s", id, c.ID, p.id)
		}
		if err := p.compare(c); err != nil {
			return fmt.Errorf("contact %s: %w", id, err)
		}
	}
	if p.erased {
		return nil
	}
	return p.compareActivities(ctx, s)
}

func (p *person) compare(c client.Contact) error {
	if p.external != "" && (c.ExternalID == nil || *c.ExternalID != p.external) {
		return fmt.Errorf("external id: got %v, want %s", c.ExternalID, p.external)
	}
	var round, echo int
	for code, into := range map[string]*int{"round": &round, "echo": &echo} {
		if raw, ok := c.Fields[code]; ok {
			if err := json.Unmarshal(raw, into); err != nil {
				return err
			}
		}
	}
	version := "0"
	if d, ok := c.Consents["ads"]; ok {
		version = d.Version
	}
	if echo != round || version != fmt.Sprint(round) {
		return fmt.Errorf("half a change: round %d, echo %d, version of the consent %s", round, echo, version)
	}
	if round != p.round && !slices.Contains(p.maybe, round) {
		return fmt.Errorf("round: got %d, want %d or one of %v", round, p.round, p.maybe)
	}
	p.round, p.maybe = round, nil
	return nil
}

func (p *person) compareActivities(ctx context.Context, s *server) error {
	found := map[string]int{}
	for a, err := range client.All(func(cursor string) (client.Page[client.Activity], error) {
		return s.ContactActivities(ctx, p.id, cursor, 500)
	}) {
		if err != nil {
			return err
		}
		var mark string
		if err := json.Unmarshal(a.Attributes["page"], &mark); err != nil {
			return fmt.Errorf("activity %+v: %w", a, err)
		}
		found[mark]++
		if _, known := p.done[mark]; !known || found[mark] > 1 {
			return fmt.Errorf("contact %s has activity %s %d times, sent and acknowledged: %t", p.id, mark, found[mark], known)
		}
	}
	if len(found) != len(p.done) {
		return fmt.Errorf("contact %s has %d activities, want the %d that were acknowledged", p.id, len(found), len(p.done))
	}
	return nil
}
