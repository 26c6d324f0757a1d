package embedded

import (
	"context"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded/file"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

// Fill makes a directory, which must be missing or empty, equal to what tell
// tells: whole, or not at all.
func Fill(ctx context.Context, dir string, tell func(store.Archive) error) error {
	return file.Build(dir, func(f *file.File) error {
		w := &filler{ctx: ctx, file: f, codes: map[record.Dict]map[muster.Scalar]uint32{}}
		if err := tell(w); err != nil {
			return err
		}
		return w.finish()
	})
}

// filler is the store.Archive that writes a File.
type filler struct {
	ctx       context.Context
	file      *file.File
	head      store.ArchivedHead
	codes     map[record.Dict]map[muster.Scalar]uint32
	commit    record.Commit
	rows      int
	run       run
	floors    []record.Floor
	bases     []record.Base
	forgotten []muster.GroupNo
}

// rowsAtOnce is how many rows go into one commit of the file.
const rowsAtOnce = 20_000

// wrote commits now and then.
func (w *filler) wrote() error {
	if w.rows++; w.rows < rowsAtOnce {
		return nil
	}
	return w.flush()
}

func (w *filler) flush() error {
	if w.ctx.Err() != nil {
		return context.Cause(w.ctx)
	}
	c := w.commit
	c.Tick = w.head.Tick
	w.commit, w.rows = record.Commit{}, 0
	return w.file.Commit(&c)
}

// code answers the code of a word, which is new when it was not known.
func (w *filler) code(dict record.Dict, word muster.Scalar) uint32 {
	codes := w.codes[dict]
	if codes == nil {
		codes = map[muster.Scalar]uint32{}
		w.codes[dict] = codes
	}
	code, known := codes[word]
	if !known {
		code = uint32(len(codes)) + 1
		codes[word] = code
		w.commit.Entries = append(w.commit.Entries, record.Entry{Dict: dict, Code: code, Kind: word.Kind, Text: word.Text})
	}
	return code
}

func text(s string) muster.Scalar { return muster.Scalar{Kind: muster.KindText, Text: s} }

// Start keeps the counters.
func (w *filler) Start(head store.ArchivedHead) error {
	w.head = head
	if head.Horizon.At != muster.Beginning {
		w.commit.Horizon = &record.Horizon{At: head.Horizon.At, Seq: head.Horizon.Seq}
	}
	return nil
}

// Contact writes a contact.
func (w *filler) Contact(c store.ArchivedContact) error {
	if c.Erased {
		w.commit.Erased = append(w.commit.Erased, record.Erased{No: c.No, ID: c.ID, At: w.head.Tick})
		return w.wrote()
	}
	w.commit.Contacts = append(w.commit.Contacts, record.Contact{No: c.No, ID: c.ID, CreatedAt: c.CreatedAt, Parent: c.Parent,
		ExternalID: c.ExternalID, Email: c.Email, Visitors: c.VisitorIDs, Fields: c.Fields, Decisions: c.Decisions})
	return w.wrote()
}

// Activity writes an activity.
func (w *filler) Activity(a store.ArchivedActivity) error {
	r := record.Activity{Row: a.Row, Contact: a.Contact, Type: w.code(record.Types, text(a.Type)), At: a.At, Arrived: a.Arrived, ID: a.ID}
	if a.Channel != "" {
		r.Channel = w.code(record.Channels, text(a.Channel))
	}
	for _, attr := range a.Attributes {
		name := w.code(record.Attributes, text(attr.Name))
		r.Attrs = append(r.Attrs, record.Attr{Name: name, Value: w.code(record.FirstAttribute+record.Dict(name), attr.Value)})
	}
	sortAttrs(r.Attrs)
	w.commit.Activities = append(w.commit.Activities, r)
	return w.wrote()
}

// Floor keeps a membership at the horizon for the end.
func (w *filler) Floor(group muster.GroupNo, members *roaring.Bitmap, since []muster.Instant) error {
	bitmap, err := members.ToBytes()
	w.floors = append(w.floors, record.Floor{Group: group, Seq: w.head.Horizon.Seq, Bitmap: bitmap, Since: since})
	w.bases = append(w.bases, record.Base{Group: group, Seq: w.head.Horizon.Seq, Bitmap: bitmap})
	return err
}

// Change adds a record to its run, or begins the next one.
func (w *filler) Change(c muster.Change) error {
	if w.run.take(c) {
		return nil
	}
	if err := w.endRun(); err != nil {
		return err
	}
	w.run = run{}
	w.run.take(c)
	return nil
}

func (w *filler) endRun() error {
	changes, any, err := w.run.changes()
	if err != nil || !any {
		return err
	}
	w.commit.Changes = append(w.commit.Changes, changes)
	return w.wrote()
}

// Forgotten keeps a group for the end.
func (w *filler) Forgotten(group muster.GroupNo) error {
	w.forgotten = append(w.forgotten, group)
	return nil
}

// Document writes a document.
func (w *filler) Document(kind, code string, body []byte) error {
	w.commit.Documents = append(w.commit.Documents, record.Document{Kind: kind, Code: code, Body: body})
	return w.wrote()
}

func (w *filler) finish() error {
	if err := w.endRun(); err != nil {
		return err
	}
	if err := w.flush(); err != nil {
		return err
	}
	if err := w.file.WriteBases(w.bases); err != nil {
		return err
	}
	if err := w.file.WriteFloors(w.floors); err != nil {
		return err
	}
	w.commit.Forgotten = w.forgotten
	return w.flush()
}
