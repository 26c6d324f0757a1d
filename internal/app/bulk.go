package app

import (
	"context"
	"io"
	"time"

	"github.com/valyala/fastjson"

	"github.com/muster-groups/muster"
)

// LineResult is what became of one line of a bulk load.
type LineResult struct {
	Line      int               `json:"line" doc:"The line's number, from 1."`
	Status    muster.ItemStatus `json:"status" enum:"accepted,duplicate,expired,rejected"`
	ContactID *muster.ContactID `json:"contact_id,omitempty"`
	ID        string            `json:"id,omitempty" doc:"The sender's id of the activity."`
	Ignored   []string          `json:"ignored,omitempty"`
	Error     *ItemError        `json:"error,omitempty" doc:"Its errors point into the line."`
}

// LoadSummary is the end of a bulk load.
type LoadSummary struct {
	Lines     int  `json:"lines" doc:"How many lines were read, empty ones left out."`
	Accepted  int  `json:"accepted"`
	Duplicate int  `json:"duplicate"`
	Expired   int  `json:"expired"`
	Rejected  int  `json:"rejected"`
	Complete  bool `json:"complete" doc:"False when the load ended before its last line; what was accepted stays."`
}

// Load reads changes line by line and applies them in batches, each batch one
// commit. A line is an object with exactly one member:
//
//	{"contact": {... the body of POST /contacts}}
//	{"activity": {... an item of POST /activities}}
//
// emit is told the result of every line in order, after the line is durable;
// the results are valid during the call only. A line that is wrong is rejected
// and the others go on. The error says why the load ended early: what the
// summary counts was kept all the same.
//
// Reading and decoding go on while a batch is applied. A line does not wait for
// the batch to fill: when no more input is there, it is applied at once.
//
// When the context ends, the load ends too, after the batch that is being
// applied. interrupt makes a Read that waits for more input return; it may be
// nil when Read never waits.
func (a *App) Load(ctx context.Context, by Principal, lines io.Reader, interrupt func(), emit func([]LineResult) error) (LoadSummary, error) {
	return a.load(ctx, by, lines, loading{interrupt: interrupt, emit: emit})
}

// loading is what a load tells, and how it is ended; see Load.
type loading struct {
	interrupt func()
	emit      func([]LineResult) error
	// note, when not nil, makes a document that is kept in the commit of the lines.
	note func([]LineResult) muster.Note
	// lease, when not empty, is what the process has to hold while lines are applied.
	lease string
}

func (a *App) load(ctx context.Context, by Principal, lines io.Reader, o loading) (LoadSummary, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	decoded := make(chan *lineBatch)
	var readError error
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(decoded)
		readError = a.decodeLines(ctx, lines, decoded)
	}()
	var summary LoadSummary
	err := a.applyLines(ctx, by, decoded, &summary, o)
	if err != nil {
		cancel()
		if o.interrupt != nil {
			o.interrupt()
		}
		<-done
		return summary, err
	}
	<-done
	if readError != nil {
		return summary, readError
	}
	summary.Complete = true
	return summary, nil
}

// lineBatch is the lines of one commit: the result of every line, and the
// items of those that could be read.
type lineBatch struct {
	results []LineResult
	items   []muster.Item
	places  []int // of items among results
	inner   []string
}

func (a *App) applyLines(ctx context.Context, by Principal, decoded <-chan *lineBatch, summary *LoadSummary, o loading) error {
	for {
		var batch *lineBatch
		var more bool
		select {
		case batch, more = <-decoded:
		case <-ctx.Done():
		}
		if !more {
			return ctx.Err()
		}
		if len(batch.items) > 0 || o.note != nil {
			result, err := a.applyPatiently(ctx, muster.Batch{Authority: by.Authority(), Items: batch.items, Note: batch.noted(o.note), Lease: o.lease})
			if err != nil {
				return err
			}
			batch.fill(result)
		}
		for i := range batch.results {
			summary.count(batch.results[i].Status)
		}
		if err := o.emit(batch.results); err != nil {
			return err
		}
	}
}

// noted is what the commit asks for a document: note knows lines, not items.
func (b *lineBatch) noted(note func([]LineResult) muster.Note) func([]muster.ItemResult) muster.Note {
	if note == nil {
		return nil
	}
	return func(items []muster.ItemResult) muster.Note {
		b.fill(muster.BatchResult{Items: items})
		return note(b.results)
	}
}

func (s *LoadSummary) count(status muster.ItemStatus) {
	s.Lines++
	switch status {
	case muster.Accepted:
		s.Accepted++
	case muster.Duplicate:
		s.Duplicate++
	case muster.Expired:
		s.Expired++
	default:
		s.Rejected++
	}
}

// fill takes the roster's results to the lines.
func (b *lineBatch) fill(result muster.BatchResult) {
	ids := make([]muster.ContactID, len(result.Items))
	for n := range result.Items {
		item, line := &result.Items[n], &b.results[b.places[n]]
		line.Status, line.Ignored = item.Status, item.Ignored
		if item.Err != nil {
			line.Error = itemError(below(b.inner[n], located(identifiersOf(b.items[n]), item.Err)))
		}
		if !item.Contact.IsZero() {
			ids[n] = item.Contact
			line.ContactID = &ids[n]
		}
	}
}

// applyPatiently waits while the server is overloaded: the sender of a bulk
// load is slowed down by not being read from.
func (a *App) applyPatiently(ctx context.Context, batch muster.Batch) (muster.BatchResult, error) {
	wait := 10 * time.Millisecond
	for {
		result, err := a.apply(ctx, batch)
		if !isCode(err, muster.CodeOverloaded) {
			return result, err
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return result, ctx.Err()
		}
		wait = min(2*wait, time.Second)
	}
}

// add decodes one line; a nil line is one that was too long.
func (b *lineBatch) add(r *reader, number int, line []byte, most int) {
	if line == nil {
		err := invalidAt("", problemRange, "expected a line of at most "+itoa(most)+" bytes")
		b.results = append(b.results, LineResult{Line: number, Status: muster.Rejected, Error: itemError(err)})
		return
	}
	item, id, inner := r.line(line)
	result := LineResult{Line: number, ID: id}
	if err := r.failed(); err != nil {
		result.Status, result.Error = muster.Rejected, itemError(err)
	} else {
		b.items = append(b.items, item)
		b.places = append(b.places, len(b.results))
		b.inner = append(b.inner, inner)
	}
	b.results = append(b.results, result)
}

// line decodes one line of a bulk load. inner is where in the line the item stands.
func (r *reader) line(data []byte) (item muster.Item, id, inner string) {
	document, ok := r.parse(data)
	if !ok {
		return item, "", ""
	}
	r.object("", document, "contact or activity", func(key []byte, v *fastjson.Value) bool {
		switch string(key) {
		case "contact":
			change := r.contact("/contact", v, muster.ContactID{})
			item.Contact, inner = &change, "/contact"
		case "activity":
			activity := r.activity("/activity", v)
			item.Activity, id, inner = &activity, activity.ID, "/activity"
		default:
			return false
		}
		return true
	})
	if len(r.problems) == 0 && (item.Contact == nil) == (item.Activity == nil) {
		r.report("", problemMissing, `expected exactly one of "contact" and "activity"`)
	}
	return item, id, inner
}
