package engine_test

import (
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store/embedded/engine"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

// disk keeps what commits say, as the durable file does, and plays it back.
type disk struct {
	tick       muster.Instant
	entries    []record.Entry
	contacts   map[muster.ContactNo]record.Contact
	erased     []record.Erased
	activities []record.Activity
	changes    []record.Changes
	bases      []record.Base
	horizon    *record.Horizon
	floors     []record.Floor
	documents  map[[2]string][]byte
	lastRow    uint64
}

func (d *disk) keep(c *record.Commit) {
	if d.contacts == nil {
		d.contacts, d.documents = map[muster.ContactNo]record.Contact{}, map[[2]string][]byte{}
	}
	d.tick = c.Tick
	if c.Horizon != nil {
		d.horizon = c.Horizon
	}
	d.entries = append(d.entries, c.Entries...)
	for _, contact := range c.Contacts {
		d.contacts[contact.No] = contact
	}
	for _, e := range c.Erased {
		delete(d.contacts, e.No)
	}
	d.erased = append(d.erased, c.Erased...)
	d.activities = append(d.activities, c.Activities...)
	for _, a := range c.Activities {
		d.lastRow = a.Row
	}
	d.activities = slices.DeleteFunc(d.activities, func(a record.Activity) bool { return slices.Contains(c.Removed, a.Row) })
	d.entries = slices.DeleteFunc(d.entries, func(e record.Entry) bool {
		return slices.ContainsFunc(c.Dropped, func(gone record.Entry) bool { return gone.Dict == e.Dict && gone.Code == e.Code })
	})
	d.changes = append(d.changes, c.Changes...)
	for _, again := range c.Rewritten {
		for i := range d.changes {
			if d.changes[i].First == again.First {
				d.changes[i] = again
			}
		}
	}
	for _, doc := range c.Documents {
		if doc.Body == nil {
			delete(d.documents, [2]string{doc.Kind, doc.Code})
		} else {
			d.documents[[2]string{doc.Kind, doc.Code}] = doc.Body
		}
	}
}

func (d *disk) load() (*engine.Engine, error) {
	e := engine.New()
	s := e.Sink()
	if err := s.Start(d.tick, record.Counts{LastRow: d.lastRow}); err != nil {
		return nil, err
	}
	for _, entry := range d.entries {
		if err := s.Entry(entry); err != nil {
			return nil, err
		}
	}
	var numbers []muster.ContactNo
	for no := range d.contacts {
		numbers = append(numbers, no)
	}
	slices.Sort(numbers)
	for _, no := range numbers {
		if err := s.Contact(d.contacts[no]); err != nil {
			return nil, err
		}
	}
	for _, erased := range d.erased {
		if err := s.Erased(erased); err != nil {
			return nil, err
		}
	}
	if err := s.Activities(d.activities); err != nil {
		return nil, err
	}
	for _, b := range d.bases {
		b.Bitmap, _ = d.living(b.Bitmap, nil)
		if err := s.Base(b); err != nil {
			return nil, err
		}
	}
	if d.horizon != nil {
		if err := s.Horizon(*d.horizon); err != nil {
			return nil, err
		}
	}
	for _, f := range d.floors {
		f.Bitmap, f.Since = d.living(f.Bitmap, f.Since)
		if err := s.Floor(f); err != nil {
			return nil, err
		}
	}
	for _, c := range d.changes {
		if err := s.Changes(c); err != nil {
			return nil, err
		}
	}
	for key, body := range d.documents {
		if err := s.Document(record.Document{Kind: key[0], Code: key[1], Body: body}); err != nil {
			return nil, err
		}
	}
	return e, s.Done()
}
