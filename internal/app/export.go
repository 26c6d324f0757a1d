package app

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"iter"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// exportChunk is how many contacts an export reads at once: a writer waits for
// a reader, and who moves shards of a cluster for two seconds at most, so that no
// reading may be long.
const exportChunk = 100

// ContactChunks are contacts to be written out in one form or another, a chunk
// at a time.
type ContactChunks = iter.Seq2[[]muster.Contact, error]

// Export answers the members of a group, now or at an instant. Who is a member is fixed when
// it begins; what is known of each member is as of its chunk.
func (a *App) Export(ctx context.Context, code string, at muster.Instant) (ContactChunks, error) {
	g, err := a.group(code)
	if err != nil {
		return nil, err
	}
	var members *roaring.Bitmap
	err = a.view(ctx, func(v store.View) error {
		members, err = a.membersAt(v, g.No, at)
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.contactsOf(ctx, members), nil
}

// contactsOf yields the contacts of a set in chunks, as they are known when
// their chunk is read.
func (a *App) contactsOf(ctx context.Context, set *roaring.Bitmap) ContactChunks {
	return func(yield func([]muster.Contact, error) bool) {
		it := set.ManyIterator()
		numbers := make([]uint32, exportChunk)
		for {
			n := it.NextMany(numbers)
			if n == 0 {
				return
			}
			chunk, err := a.readContacts(ctx, numbers[:n])
			if !yield(chunk, err) || err != nil {
				return
			}
		}
	}
}

func (a *App) readContacts(ctx context.Context, numbers []uint32) ([]muster.Contact, error) {
	out := make([]muster.Contact, 0, len(numbers))
	err := a.view(ctx, func(v store.View) error {
		for _, no := range numbers {
			c, err := v.Contact(muster.ContactNo(no))
			switch {
			case isCode(err, muster.CodeNotFound) || isCode(err, muster.CodeGone):
			case err != nil:
				return err
			default:
				out = append(out, c)
			}
		}
		return nil
	})
	return out, err
}

// WriteNDJSON writes contacts one per line, as answers show them.
func (a *App) WriteNDJSON(chunks ContactChunks, out io.Writer) error {
	return writeContacts(a.ndjsonForm(), chunks, out)
}

// WriteCSV writes contacts as a table with a heading: id, external_id, email,
// created_at, last_activity_at, then every field that is not kept by Muster.
// Choices are separated by "|".
func (a *App) WriteCSV(chunks ContactChunks, out io.Writer) error {
	return writeContacts(a.csvForm(), chunks, out)
}

// contactForm is how contacts are written out: a heading, which may be empty,
// and a line for each, valid until the next.
type contactForm struct {
	heading []byte
	line    func(muster.Contact) ([]byte, error)
}

func writeContacts(form contactForm, chunks ContactChunks, out io.Writer) error {
	if _, err := out.Write(form.heading); err != nil {
		return err
	}
	for chunk, err := range chunks {
		if err != nil {
			return err
		}
		for _, c := range chunk {
			line, err := form.line(c)
			if err != nil {
				return err
			}
			if _, err := out.Write(line); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *App) ndjsonForm() contactForm {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	return contactForm{line: func(c muster.Contact) ([]byte, error) {
		line.Reset()
		err := encoder.Encode(shapeContact(a.schema(), c))
		return line.Bytes(), err
	}}
}

func (a *App) csvForm() contactForm {
	row := []string{"id", "external_id", "email", "created_at", "last_activity_at"}
	var fields []muster.Field
	for _, f := range a.schema().SortedFields() {
		if !f.System && f.Code != "email" {
			fields = append(fields, f)
			row = append(row, f.Code)
		}
	}
	var line bytes.Buffer
	table := csv.NewWriter(&line)
	written := func() ([]byte, error) {
		line.Reset()
		err := table.Write(row)
		table.Flush()
		return line.Bytes(), errors.Join(err, table.Error())
	}
	heading, _ := written() // memory takes it
	return contactForm{heading: bytes.Clone(heading), line: func(c muster.Contact) ([]byte, error) {
		lastActivity := ""
		if c.LastActivityAt != muster.Beginning {
			lastActivity = c.LastActivityAt.String()
		}
		row = append(row[:0], c.ID.String(), c.ExternalID, c.Email, c.CreatedAt.String(), lastActivity)
		for _, f := range fields {
			row = append(row, f.FormatText(c.Fields[f.Code]))
		}
		return written()
	}}
}
