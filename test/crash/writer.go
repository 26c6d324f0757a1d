package crash

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
)

// writer sends changes of its own people, one request at a time, and notes what
// was answered.
type writer struct {
	*rand.Rand
	name    string
	people  []*person
	touched map[*person]bool // since the last check
	n       int              // grows with everything sent
	answers int              // how many changes were acknowledged
}

func newWriter(name string, random *rand.Rand) *writer {
	return &writer{Rand: random, name: name, touched: map[*person]bool{}}
}

// run works until a request fails, and answers why.
func (w *writer) run(ctx context.Context, s *server) error {
	for {
		if err := w.step(ctx, s); err != nil {
			return err
		}
	}
}

func (w *writer) step(ctx context.Context, s *server) error {
	p := w.someone()
	switch kind := w.IntN(20); {
	case p == nil || kind < 3:
		p = newPerson(fmt.Sprintf("%s-%d", w.name, w.next()), "")
		w.people = append(w.people, p)
		return w.save(ctx, s, p)
	case kind < 7:
		return w.save(ctx, s, p)
	case kind < 10:
		return w.record(ctx, s, p)
	case kind < 13:
		return w.collect(ctx, s, p)
	case kind < 16:
		return w.load(ctx, s)
	case kind < 19:
		return w.merge(ctx, s, p)
	}
	return w.erase(ctx, s, p)
}

func (w *writer) next() int {
	w.n++
	return w.n
}

// someone answers a known contact with an external id, nil when none is found.
func (w *writer) someone() *person {
	for range 10 {
		if len(w.people) == 0 {
			return nil
		}
		if p := w.people[w.IntN(len(w.people))]; p.external != "" && !p.id.IsZero() && !p.erasing && !p.gone() {
			return p
		}
	}
	return nil
}

func (w *writer) save(ctx context.Context, s *server, p *person) error {
	round := w.next()
	w.touched[p], p.maybe = true, append(p.maybe, round)
	answer, err := s.SaveContact(ctx, p.change(round))
	if err != nil {
		return err
	}
	p.id, p.round, p.maybe = answer.ID, round, nil
	w.answers++
	return nil
}

func (w *writer) activity(p *person) client.ActivityInput {
	mark := fmt.Sprintf("%s-a%d", w.name, w.next())
	a := client.ActivityInput{Contact: p.identifiers(), Type: "page_visit", ID: mark, Attributes: map[string]any{"page": mark}}
	if w.IntN(2) == 0 { // else it is now, and known by its id alone
		at := muster.Instant(1_790_000_000 + w.IntN(1_000_000))
		a.OccurredAt = &at
	}
	w.touched[p], p.doubtful[mark] = true, a
	return a
}

func (p *person) acknowledge(mark string) {
	p.done[mark] = p.doubtful[mark]
	delete(p.doubtful, mark)
}

func (w *writer) record(ctx context.Context, s *server, p *person) error {
	batch := make([]client.ActivityInput, w.IntN(15)+1)
	for i := range batch {
		batch[i] = w.activity(p)
	}
	answer, err := s.RecordActivities(ctx, batch...)
	if err != nil {
		return err
	}
	for i, r := range answer.Results {
		if r.Status != muster.Accepted {
			return fmt.Errorf("activity %+v: %s %+v", batch[i], r.Status, r.Error)
		}
		if p.id.IsZero() {
			p.id = *r.ContactID
		}
		p.acknowledge(batch[i].ID)
		w.answers++
	}
	return nil
}

// load streams activities and changes of several people.
func (w *writer) load(ctx context.Context, s *server) error {
	type sent struct {
		p     *person
		round int
		mark  string
	}
	var lines []client.Line
	var about []sent
	for range w.IntN(60) + 5 {
		p := w.someone()
		if p == nil {
			break
		}
		if w.IntN(5) == 0 {
			round := w.next()
			w.touched[p], p.maybe = true, append(p.maybe, round)
			change := p.change(round)
			lines, about = append(lines, client.Line{Contact: &change}), append(about, sent{p: p, round: round})
			continue
		}
		a := w.activity(p)
		lines, about = append(lines, client.Line{Activity: &a}), append(about, sent{p: p, mark: a.ID})
	}
	each := func(yield func(client.Line) bool) {
		for _, line := range lines {
			if !yield(line) {
				return
			}
		}
	}
	_, err := s.LoadLines(ctx, each, client.LoadOptions{All: true, Results: func(r client.LineResult) error {
		line := about[r.Line-1]
		switch {
		case r.Status != muster.Accepted:
			return fmt.Errorf("line %d, %+v: %s %+v", r.Line, lines[r.Line-1], r.Status, r.Error)
		case line.mark != "":
			line.p.acknowledge(line.mark)
		default:
			line.p.round = line.round // later ones may hold as well
		}
		w.answers++
		return nil
	}})
	if err != nil {
		return err
	}
	for _, line := range about {
		line.p.maybe = nil
	}
	return nil
}

// merge lets an anonymous visitor act, and then say who it is.
func (w *writer) merge(ctx context.Context, s *server, p *person) error {
	visitor := newPerson("", fmt.Sprintf("%s-v%d", w.name, w.next()))
	w.people = append(w.people, visitor)
	if err := w.record(ctx, s, visitor); err != nil {
		return err
	}
	visitor.joining, w.touched[p] = p, true
	_, err := s.SaveContact(ctx, client.ContactChange{Identifiers: muster.Identifiers{ExternalID: p.external, VisitorID: visitor.visitor}})
	if err != nil {
		return err
	}
	p.absorb(visitor)
	delete(w.touched, visitor)
	w.answers++
	return nil
}

func (w *writer) erase(ctx context.Context, s *server, p *person) error {
	w.touched[p], p.erasing = true, true
	if err := s.EraseContact(ctx, p.id); err != nil {
		return err
	}
	p.erased = true
	w.answers++
	return nil
}

// check settles everything in doubt and compares the people touched since the
// last check, or all.
func (w *writer) check(ctx context.Context, s *server, all bool) error {
	wanted := w.touched
	for _, p := range w.people {
		if all || p.joining != nil && !p.joined {
			wanted[p] = true
		}
	}
	for _, act := range []func(*person) error{
		func(p *person) error { return p.settle(ctx, s) },
		func(p *person) error {
			if p.gone() {
				return nil
			}
			return p.retry(ctx, s) // what came with those that were merged into it
		},
		func(p *person) error { return p.check(ctx, s) },
	} {
		for p := range wanted {
			if err := act(p); err != nil {
				return err
			}
		}
	}
	clear(w.touched)
	return nil
}
