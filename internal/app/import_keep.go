package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/muster-groups/muster"
)

// imports are the files that were handed over, each with what is known of it
// beside it:
//
//	ID           the upload, until its run has ended
//	ID.json      the import, written when its state changes
//	ID.rejects   the rows that were not taken
//
// How far a run is, is kept in the store instead, in the commits that take its
// rows (see importPosition): a run that was broken off goes on with the first
// row that was not taken, whatever ended the process.
//
// Imports belong to the directory: of several nodes on one database each has
// its own. Without a directory they end with the process.
type imports struct {
	dir     string
	several bool // other nodes may have imports of their own

	mu   sync.Mutex
	temp bool // the directory was made for this process
	all  map[string]*importJob
}

// uploadsKept is how long a file is kept that is never run.
const uploadsKept = 7 * 24 * time.Hour

const (
	metaEnding    = ".json"
	rejectsEnding = ".rejects"
)

// importJob is one import. mu guards all but path, by and done.
type importJob struct {
	path string    // of the upload; what else is kept is beside it
	by   Principal // who handed it over or ran it

	mu        sync.Mutex
	doc       Import
	stop      context.CancelFunc // of the run; nil when it does not run
	cancelled bool               // somebody asked for the end of the run
	done      chan struct{}      // closed when the run has ended
}

// importMeta is what a file ID.json holds.
type importMeta struct {
	Import Import    `json:"import"`
	By     Principal `json:"by"`
}

func (j *importJob) snapshot() Import {
	j.mu.Lock()
	defer j.mu.Unlock()
	doc := j.doc
	doc.Columns, doc.Examples, doc.Rejects = slices.Clone(doc.Columns), slices.Clone(doc.Examples), slices.Clone(doc.Rejects)
	return doc
}

// save writes down what the import is, durably.
func (j *importJob) save() error {
	body, err := json.Marshal(importMeta{j.snapshot(), j.by})
	if err != nil {
		return err
	}
	next := j.path + metaEnding + ".new"
	if _, err := keepUpload(next, strings.NewReader(string(body))); err != nil {
		return errors.Join(err, os.Remove(next))
	}
	return os.Rename(next, j.path+metaEnding)
}

// keepUpload writes a file that is there when the power fails, and answers its size.
func keepUpload(path string, body io.Reader) (int64, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(file, body)
	if err == nil {
		err = file.Sync()
	}
	return n, errors.Join(err, file.Close())
}

// removeFiles removes everything that is kept of an import.
func (j *importJob) removeFiles() error {
	var errs []error
	for _, ending := range []string{"", rejectsEnding, metaEnding} {
		if err := os.Remove(j.path + ending); !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// place answers the directory of uploads and makes it when it is not there.
func (i *imports) place() (dir string, err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.dir != "" {
		return i.dir, os.MkdirAll(i.dir, 0o700)
	}
	i.dir, err = os.MkdirTemp("", "muster-imports-")
	i.temp = err == nil
	return i.dir, err
}

func (i *imports) close() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.temp {
		_ = os.RemoveAll(i.dir) // the system empties its directory of such files by itself
	}
}

// rememberImport takes an import in, and forgets the oldest that have ended.
func (a *App) rememberImport(ctx context.Context, job *importJob) error {
	i := &a.imports
	i.mu.Lock()
	defer i.mu.Unlock()
	for len(i.all) >= mostImports {
		oldest := i.oldest()
		if oldest == nil {
			return muster.Errorf(muster.CodeOverloaded, "expected at most %d imports at the same time", mostImports)
		}
		delete(i.all, oldest.doc.ID)
		if err := a.forgetImport(ctx, oldest); err != nil {
			return err
		}
	}
	if i.all == nil {
		i.all = map[string]*importJob{}
	}
	i.all[job.doc.ID] = job
	return nil
}

func (i *imports) oldest() (oldest *importJob) {
	var since time.Time
	for _, job := range i.all {
		if doc := job.snapshot(); doc.State != ImportRunning && (oldest == nil || doc.CreatedAt.Before(since)) {
			oldest, since = job, doc.CreatedAt
		}
	}
	return oldest
}

func (i *imports) get(id string) (*importJob, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if job := i.all[id]; job != nil {
		return job, nil
	}
	if i.several {
		return nil, muster.Errorf(muster.CodeNotFound, "there is no such import on this node; ask the one that took the file, because of several nodes each keeps the last %d of its own", mostImports)
	}
	return nil, muster.Errorf(muster.CodeNotFound, "there is no such import; only the last %d are kept", mostImports)
}

// forgetImport removes what is kept of an import.
func (a *App) forgetImport(ctx context.Context, job *importJob) error {
	return errors.Join(job.removeFiles(), a.roster.DeleteDocument(ctx, docImportPosition, job.doc.ID))
}

// ResumeImports takes up what an earlier process kept: imports that ran go on,
// and what is of no use any more is removed. It is called once, when changes
// can be made.
func (a *App) ResumeImports() {
	if a.imports.dir == "" || a.readOnly != nil {
		return
	}
	if err := a.resumeImports(a.life); err != nil {
		a.log.Error("imports of an earlier run could not be taken up", "error", err)
	}
}

func (a *App) resumeImports(ctx context.Context) error {
	found, err := os.ReadDir(a.imports.dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	positions, err := a.roster.Documents(ctx, docImportPosition)
	if err != nil {
		return err
	}
	var errs []error
	for _, entry := range found {
		id, _, _ := strings.Cut(entry.Name(), ".")
		errs = append(errs, a.resumeImport(ctx, id, entry.Name(), positions[id]))
	}
	return errors.Join(errs...)
}

// resumeImport takes up the import that a file belongs to.
func (a *App) resumeImport(ctx context.Context, id, file string, position []byte) error {
	if _, err := a.imports.get(id); err == nil {
		return nil // another file of the same
	}
	job := &importJob{path: filepath.Join(a.imports.dir, id)}
	body, err := os.ReadFile(job.path + metaEnding)
	if errors.Is(err, os.ErrNotExist) {
		return os.Remove(filepath.Join(a.imports.dir, file)) // an upload that was never finished
	}
	var meta importMeta
	if err == nil {
		err = json.Unmarshal(body, &meta)
	}
	if err != nil || meta.Import.ID != id {
		a.log.Warn("what is kept of an import cannot be read; it is left where it is", "file", job.path+metaEnding, "error", err)
		return nil
	}
	job.doc, job.by = meta.Import, meta.By
	switch d := &job.doc; {
	case d.State == ImportRunning && d.DryRun:
		d.State, d.Progress = ImportUploaded, ImportProgress{}
	case d.State == ImportRunning:
		var from importPosition
		if len(position) > 0 {
			if err := json.Unmarshal(position, &from); err != nil {
				return err
			}
		}
		if err := a.rememberImport(ctx, job); err != nil {
			return err
		}
		a.log.Info("an import goes on", slog.String("import", id), slog.Int("rows", from.Progress.Rows))
		a.beginImport(job, from)
		return nil
	case d.State == ImportUploaded || d.State == ImportChecked:
		if time.Since(d.CreatedAt) > uploadsKept {
			return a.forgetImport(ctx, job)
		}
	}
	return a.rememberImport(ctx, job)
}
