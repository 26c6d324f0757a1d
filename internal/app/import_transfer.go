package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/importer"
)

// importPosition is how far a run is, as it is kept in the commit of each batch
// of its rows. What is after the mark is told again when the run goes on.
type importPosition struct {
	Progress ImportProgress `json:"progress"` // Rows are settled; the next run begins after them
	Refused  map[int]string `json:"refused"`  // why rows after the mark were refused, by their number

	importMark
}

// importMark is how far the file of rejects goes.
type importMark struct {
	Rows    int            `json:"mark_rows"`    // those before it have told their rejects
	Bytes   int64          `json:"mark_bytes"`   // the length of the file
	Rejects []ImportReject `json:"mark_rejects"` // the first of them
}

// docImportPosition is the kind of document of importPosition, by import.
const docImportPosition = "import_position"

// transfer reads the file's rows and loads them as POST /changes would, from a
// position on.
func (a *App) transfer(run *importRun, from importPosition) (err error) {
	read, ctx, doc := int64(0), run.ctx, run.snapshot()
	r, err := a.openImport(ctx, &doc, doc.Settings, func(n int) {
		read += int64(n) // one reader
		run.mu.Lock()
		run.doc.Progress.Bytes = max(run.doc.Progress.Bytes, read)
		run.mu.Unlock()
	})
	if err != nil {
		return err
	}
	defer r.file.Close()
	bad, err := a.openRejects(run, r.source.Header(), from.importMark.Bytes)
	if err != nil {
		return err
	}
	t := &importTransfer{run: run, bad: bad, feed: importer.NewFeed(r.source, r.builder, bad.add), mark: from.importMark}
	t.feed.Skip(importer.FeedCounts{Rows: from.Progress.Rows, Rejected: from.Progress.Rejected}, from.importMark.Rows, from.Refused)
	defer func() { err = errors.Join(err, bad.close()) }()

	lines, write := io.Pipe()
	written := make(chan error, 1)
	go func() {
		err := t.feed.Write(write, run.exampleOf(doc.DryRun))
		write.CloseWithError(err)
		written <- err
	}()
	if doc.DryRun {
		err = a.rehearse(ctx, lines, t.confirm)
	} else {
		_, err = a.load(ctx, run.by, lines, loading{lease: run.hold.Name(), interrupt: func() { _ = lines.Close() }, note: t.note, emit: t.confirm})
	}
	_ = lines.Close() // lets the writer end when the load ended early
	if writing := <-written; writing != nil && !errors.Is(writing, io.ErrClosedPipe) {
		return writing
	}
	t.count(ImportProgress{})
	return err
}

// rehearse checks lines as a load does, and applies none.
func (a *App) rehearse(ctx context.Context, lines io.ReadCloser, emit func([]LineResult) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(ctx, func() { _ = lines.Close() })()
	decoded := make(chan *lineBatch)
	done := make(chan error, 1)
	go func() {
		done <- a.decodeLines(ctx, lines, decoded)
		close(decoded)
	}()
	var err error
	for batch := range decoded {
		for _, place := range batch.places {
			batch.results[place].Status = muster.Accepted
		}
		if err == nil {
			err = emit(batch.results)
		}
		if err != nil {
			cancel() // the decoding ends; what it still hands over is passed by
		}
	}
	if read := <-done; err == nil {
		err = read
	}
	return err
}

// exampleOf keeps the first rows of a dry run.
func (r *importRun) exampleOf(dry bool) func(importer.Row, importer.Record) {
	if !dry {
		return nil
	}
	n := 0
	return func(row importer.Row, taken importer.Record) {
		if n++; n > mostImportExamples {
			return
		}
		record := map[string]any{}
		if b, err := json.Marshal(taken); err != nil || json.Unmarshal(b, &record) != nil {
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.doc.Examples = append(r.doc.Examples, ImportExample{row.Line, record})
	}
}

// importTransfer takes what became of lines back to the file's rows.
type importTransfer struct {
	run  *importRun
	feed *importer.Feed
	bad  *importRejects
	mark importMark
}

// tally counts results, and answers why lines were refused, "" for the others.
func tally(results []LineResult) (step ImportProgress, reasons []string) {
	reasons = make([]string, len(results))
	for i, r := range results {
		switch r.Status {
		case muster.Accepted:
			step.Accepted++
		case muster.Duplicate:
			step.Duplicate++
		case muster.Expired:
			step.Expired++
		default:
			reasons[i] = whyRefused(r.Error)
		}
		if len(r.Ignored) > 0 {
			step.Ignored++
		}
	}
	return step, reasons
}

// plus adds what was counted of lines.
func (p ImportProgress) plus(step ImportProgress) ImportProgress {
	p.Accepted, p.Duplicate, p.Expired, p.Ignored = p.Accepted+step.Accepted, p.Duplicate+step.Duplicate, p.Expired+step.Expired, p.Ignored+step.Ignored
	return p
}

// note is the position after these lines, for the commit that takes them.
func (t *importTransfer) note(results []LineResult) muster.Note {
	step, reasons := tally(results)
	settled := t.feed.Foresee(reasons)
	at := importPosition{Progress: t.run.snapshot().Progress.plus(step), Refused: settled.Refused, importMark: t.mark}
	at.Progress.Rows, at.Progress.Rejected = settled.Counts.Rows, settled.Counts.Rejected
	body, err := json.Marshal(at)
	if err != nil {
		panic(err) // it holds numbers and texts
	}
	return muster.Note{Kind: docImportPosition, Code: t.run.id, Body: body}
}

// confirm takes the results of lines, which are durable, into the progress.
func (t *importTransfer) confirm(results []LineResult) error {
	step, reasons := tally(results)
	for _, reason := range reasons {
		if err := t.feed.Confirm(reason); err != nil {
			return err
		}
	}
	t.count(step)
	counts, err := t.feed.Mark(func() (err error) {
		t.mark.Bytes, err = t.bad.mark()
		t.mark.Rejects = t.run.snapshot().Rejects
		return err
	})
	t.mark.Rows = counts.Rows
	return err
}

// count adds to the progress, whose rows the feed counts.
func (t *importTransfer) count(step ImportProgress) {
	counts := t.feed.Counts()
	t.run.mu.Lock()
	defer t.run.mu.Unlock()
	p := &t.run.doc.Progress
	*p = p.plus(step)
	p.Rows, p.Rejected = counts.Rows, counts.Rejected
}
