package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
)

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

	kept keptImport // belongs to whoever reports, and to the run before and after that

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
