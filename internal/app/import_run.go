package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/importer"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
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

// errImportCancelled ends a run that somebody does not want any more.
var errImportCancelled = errors.New("the import was cancelled")

const (
	reportPause = time.Second            // between what a run tells other nodes of itself
	awaitPause  = 200 * time.Millisecond // between looks at what other nodes run
)

// importRun is the run of an import on this node.
type importRun struct {
	id   string
	by   Principal
	hold *roster.Hold
	ctx  context.Context
	stop context.CancelCauseFunc
	done chan struct{} // closed when it has ended and is another node's, or nobody's

	saving sync.Mutex
	kept   keptImport // whoever saves

	mu  sync.Mutex
	doc Import
}

func (r *importRun) snapshot() Import {
	r.mu.Lock()
	defer r.mu.Unlock()
	doc := r.doc
	doc.Columns, doc.Examples, doc.Rejects = slices.Clone(doc.Columns), slices.Clone(doc.Examples), slices.Clone(doc.Rejects)
	return doc
}

// run answers the run of an import on this node; nil when there is none.
func (i *imports) run(id string) *importRun {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.runs[id]
}

// RunImport has an import run, which goes on without the caller, and after a
// restart, on this node or another. A dry run reads and checks every row and
// changes nothing.
func (a *App) RunImport(ctx context.Context, by Principal, id string, dry bool) (Import, error) {
	doc, err := a.changeImport(ctx, id, func(k *keptImport) error {
		d := &k.Import
		switch {
		case d.State != ImportUploaded && d.State != ImportChecked:
			return muster.Errorf(muster.CodeConflict, "expected an import that has not run, found one that is %s", d.State)
		case len(d.Missing) > 0:
			return invalidAt("/map", problemMissing, "expected a column that becomes "+strings.NewReplacer("identifier", "email, external_id or visitor_id").Replace(d.Missing[0]))
		}
		k.By, k.Cancelled = by, false
		d.State, d.DryRun, d.Progress, d.Examples, d.Rejects, d.Error, d.EndedAt = ImportRunning, dry, ImportProgress{}, []ImportExample{}, []ImportReject{}, "", nil
		return nil
	})
	if err != nil {
		return Import{}, err
	}
	if err := a.takeUp(ctx, id); err != nil {
		a.log.Warn("an import could not be begun; the next look does it", "import", id, "error", err)
	}
	return doc, nil
}

// beginImport begins a run, unless this node begins none any more.
func (a *App) beginImport(run *importRun, from importPosition) bool {
	run.ctx, run.stop = context.WithCancelCause(a.life)
	run.done = make(chan struct{})
	i := &a.imports
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.resigned || a.life.Err() != nil {
		run.stop(nil)
		return false
	}
	if i.runs == nil {
		i.runs = map[string]*importRun{}
	}
	i.runs[run.id] = run
	a.work.Go(func() {
		defer close(run.done)
		a.runImport(run, from)
		i.mu.Lock()
		delete(i.runs, run.id)
		i.mu.Unlock()
		run.hold.Release()
	})
	return true
}

// AwaitImport answers an import when it does not run any more, or when waits end.
func (a *App) AwaitImport(ctx context.Context, id string) (Import, error) {
	ticker := time.NewTicker(awaitPause)
	defer ticker.Stop()
	for {
		doc, err := a.Import(ctx, id)
		if err != nil || doc.State != ImportRunning || a.waits.Err() != nil {
			return doc, err
		}
		var here chan struct{}
		if run := a.imports.run(id); run != nil {
			here = run.done
		}
		select {
		case <-here:
		case <-ticker.C:
		case <-a.waits.Done():
		case <-ctx.Done():
			return Import{}, ctx.Err()
		}
	}
}

// runImport runs to the end, and writes down how it ended. A run that the end of
// the process or of the store breaks off, or that is another node's by now, stays
// one that runs.
func (a *App) runImport(run *importRun, from importPosition) {
	defer run.stop(nil)
	defer context.AfterFunc(run.hold.Lost(), func() { run.stop(store.ErrTakenOver) })()
	if run.kept.Cancelled {
		run.stop(errImportCancelled) // while nobody ran it
	}
	reporting, end := context.WithCancel(run.ctx)
	reported := make(chan struct{})
	go func() {
		defer close(reported)
		a.reportImport(reporting, run)
	}()
	err := a.transfer(run, from)
	end()
	<-reported
	if cause := context.Cause(run.ctx); cause != errImportCancelled && (cause != nil || a.store().Err() != nil || isCode(err, muster.CodeUnavailable)) {
		return // whoever looks after imports goes on
	}
	doc, now := run.snapshot(), time.Now().UTC().Truncate(time.Second)
	doc.EndedAt = &now
	switch {
	case run.ctx.Err() != nil && !doc.DryRun:
		doc.State = ImportCancelled
	case run.ctx.Err() != nil:
		doc.State = ImportUploaded
	case err != nil:
		doc.State, doc.Error = ImportFailed, "the import ended early; what was taken stays, and importing the file again changes nothing that was taken already"
		var e *muster.Error
		if errors.As(err, &e) && e.Code != muster.CodeInternal {
			doc.Error = e.Message
		} else {
			a.log.Error("an import failed", "import", doc.ID, "error", err)
		}
	case doc.DryRun:
		doc.State = ImportChecked
	default:
		doc.State = ImportFinished
	}
	if err := a.endImport(context.WithoutCancel(a.life), run, doc); err != nil {
		a.log.Warn("the end of an import could not be written down", "import", doc.ID, "error", err)
	}
}

// endImport writes down the state, and removes what has done its work after that.
func (a *App) endImport(ctx context.Context, run *importRun, doc Import) error {
	if err := a.saveRun(ctx, run, doc); err != nil {
		return err
	}
	a.logImport(doc)
	if doc.State == ImportChecked || doc.State == ImportUploaded {
		return nil
	}
	upload, err := a.imports.files.WritePart(ctx, doc.ID, partUpload, run.hold.Holder(), 0)
	if err == nil {
		err = upload.Close()
	}
	return errors.Join(err, a.roster.DeleteDocument(ctx, docImportPosition, doc.ID))
}

// reportImport keeps telling other nodes how far a run is, and hears from them
// whether it is to be cancelled.
func (a *App) reportImport(ctx context.Context, run *importRun) {
	ticker := time.NewTicker(reportPause)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		err := a.saveRun(ctx, run, run.snapshot())
		switch {
		case errors.Is(err, store.ErrTakenOver):
			run.stop(err)
		case err != nil && ctx.Err() == nil:
			a.log.Warn("how far an import is could not be written down", "import", run.id, "error", err)
		}
	}
}

// saveRun writes down what a run has come to.
func (a *App) saveRun(ctx context.Context, run *importRun, doc Import) error {
	run.saving.Lock()
	defer run.saving.Unlock()
	for {
		run.kept.Import = doc
		err := a.saveImport(ctx, &run.kept)
		if !errors.Is(err, store.ErrChanged) {
			return err
		}
		now, err := a.keptImport(ctx, doc.ID)
		switch {
		case err != nil:
			return err
		case now.Node != run.kept.Node || now.Import.State != ImportRunning:
			return store.ErrTakenOver
		case now.Cancelled:
			run.stop(errImportCancelled)
		}
		run.kept.version, run.kept.Cancelled = now.version, now.Cancelled
	}
}

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
