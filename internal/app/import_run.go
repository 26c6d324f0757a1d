package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"time"

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

// RunImport begins an import, which goes on without the caller, and after a
// restart. A dry run reads and checks every row and changes nothing.
func (a *App) RunImport(by Principal, id string, dry bool) (Import, error) {
	job, err := a.imports.get(id)
	if err != nil {
		return Import{}, err
	}
	job.mu.Lock()
	d := &job.doc
	switch {
	case job.stop != nil || d.State != ImportUploaded && d.State != ImportChecked:
		err = muster.Errorf(muster.CodeConflict, "expected an import that has not run, found one that is %s", d.State)
	case len(d.Missing) > 0:
		err = invalidAt("/map", problemMissing, "expected a column that becomes "+strings.NewReplacer("identifier", "email, external_id or visitor_id").Replace(d.Missing[0]))
	default:
		job.by = by
		d.State, d.DryRun, d.Progress, d.Examples, d.Rejects, d.Error, d.EndedAt = ImportRunning, dry, ImportProgress{}, []ImportExample{}, []ImportReject{}, "", nil
	}
	job.mu.Unlock()
	if err == nil {
		err = job.save()
	}
	if err != nil {
		return Import{}, err
	}
	return a.beginImport(job, importPosition{}), nil
}

// beginImport begins the run of an import that is running already by its state.
func (a *App) beginImport(job *importJob, from importPosition) Import {
	ctx, cancel := context.WithCancel(a.life)
	done := make(chan struct{})
	job.mu.Lock()
	job.stop, job.done, job.cancelled = cancel, done, false
	d := &job.doc
	d.Progress, d.Rejects = from.Progress, append([]ImportReject{}, from.importMark.Rejects...)
	job.mu.Unlock()
	doc := job.snapshot()
	a.work.Go(func() {
		defer close(done)
		defer cancel()
		a.runImport(ctx, job, doc.Settings, doc.DryRun, from)
	})
	return doc
}

// AwaitImport answers an import when it does not run any more, or when waits end.
func (a *App) AwaitImport(ctx context.Context, id string) (Import, error) {
	job, err := a.imports.get(id)
	if err != nil {
		return Import{}, err
	}
	job.mu.Lock()
	done := job.done
	job.mu.Unlock()
	if done != nil {
		select {
		case <-done:
		case <-a.waits.Done():
		case <-ctx.Done():
			return Import{}, ctx.Err()
		}
	}
	return job.snapshot(), nil
}

// runImport runs to the end, and writes down how it ended. A run that the end of
// the process or of the store breaks off stays one that runs.
func (a *App) runImport(ctx context.Context, job *importJob, s ImportSettings, dry bool, from importPosition) {
	err := a.transfer(ctx, job, s, dry, from)
	now := time.Now().UTC().Truncate(time.Second)
	job.mu.Lock()
	job.stop = nil
	if !job.cancelled && (a.life.Err() != nil || a.store().Err() != nil) {
		job.mu.Unlock()
		return
	}
	d := &job.doc
	d.EndedAt = &now
	switch {
	case ctx.Err() != nil && !dry:
		d.State = ImportCancelled
	case ctx.Err() != nil:
		d.State = ImportUploaded
	case err != nil:
		d.State, d.Error = ImportFailed, "the import ended early; what was taken stays, and importing the file again changes nothing that was taken already"
		var e *muster.Error
		if errors.As(err, &e) && e.Code != muster.CodeInternal {
			d.Error = e.Message
		} else {
			a.log.Error("an import failed", "import", d.ID, "error", err)
		}
	case dry:
		d.State = ImportChecked
	default:
		d.State = ImportFinished
	}
	job.mu.Unlock()
	a.endImport(job)
}

// endImport writes down the state, and removes what has done its work after that.
func (a *App) endImport(job *importJob) {
	doc := job.snapshot()
	err := job.save()
	if err == nil && doc.State != ImportChecked && doc.State != ImportUploaded {
		err = errors.Join(os.Remove(job.path), a.roster.DeleteDocument(context.WithoutCancel(a.life), docImportPosition, doc.ID))
	}
	if err != nil {
		a.log.Warn("the end of an import could not be written down", "import", doc.ID, "error", err)
	}
	a.logImport(doc)
}

// transfer reads the file's rows and loads them as POST /changes would, from a
// position on.
func (a *App) transfer(ctx context.Context, job *importJob, s ImportSettings, dry bool, from importPosition) (err error) {
	read := int64(0)
	r, err := a.openImport(job, s, func(n int) {
		read += int64(n) // one reader
		job.mu.Lock()
		job.doc.Progress.Bytes = max(job.doc.Progress.Bytes, read)
		job.mu.Unlock()
	})
	if err != nil {
		return err
	}
	defer r.file.Close()
	bad, err := job.openRejects(r.source.Header(), from.importMark.Bytes)
	if err != nil {
		return err
	}
	t := &importTransfer{job: job, bad: bad, feed: importer.NewFeed(r.source, r.builder, bad.add), mark: from.importMark}
	t.feed.Skip(importer.FeedCounts{Rows: from.Progress.Rows, Rejected: from.Progress.Rejected}, from.importMark.Rows, from.Refused)
	defer func() { err = errors.Join(err, bad.close()) }()

	lines, write := io.Pipe()
	written := make(chan error, 1)
	go func() {
		err := t.feed.Write(write, job.exampleOf(dry))
		write.CloseWithError(err)
		written <- err
	}()
	if dry {
		err = a.rehearse(ctx, lines, t.confirm)
	} else {
		_, err = a.load(ctx, job.by, lines, loading{interrupt: func() { _ = lines.Close() }, note: t.note, emit: t.confirm})
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
func (j *importJob) exampleOf(dry bool) func(importer.Row, importer.Record) {
	if !dry {
		return nil
	}
	n := 0
	return func(row importer.Row, r importer.Record) {
		if n++; n > mostImportExamples {
			return
		}
		record := map[string]any{}
		if b, err := json.Marshal(r); err != nil || json.Unmarshal(b, &record) != nil {
			return
		}
		j.mu.Lock()
		defer j.mu.Unlock()
		j.doc.Examples = append(j.doc.Examples, ImportExample{row.Line, record})
	}
}

// importTransfer takes what became of lines back to the file's rows.
type importTransfer struct {
	job  *importJob
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
	at := importPosition{Progress: t.job.snapshot().Progress.plus(step), Refused: settled.Refused, importMark: t.mark}
	at.Progress.Rows, at.Progress.Rejected = settled.Counts.Rows, settled.Counts.Rejected
	body, err := json.Marshal(at)
	if err != nil {
		panic(err) // it holds numbers and texts
	}
	return muster.Note{Kind: docImportPosition, Code: t.job.doc.ID, Body: body}
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
		t.mark.Rejects = t.job.snapshot().Rejects
		return err
	})
	t.mark.Rows = counts.Rows
	return err
}

// count adds to the progress, whose rows the feed counts.
func (t *importTransfer) count(step ImportProgress) {
	counts := t.feed.Counts()
	t.job.mu.Lock()
	defer t.job.mu.Unlock()
	p := &t.job.doc.Progress
	*p = p.plus(step)
	p.Rows, p.Rejected = counts.Rows, counts.Rejected
}
