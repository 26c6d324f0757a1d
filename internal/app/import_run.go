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

// RunImport begins an import, which goes on without the caller. A dry run reads
// and checks every row and changes nothing.
func (a *App) RunImport(by Principal, id string, dry bool) (Import, error) {
	job, err := a.imports.get(id)
	if err != nil {
		return Import{}, err
	}
	job.mu.Lock()
	defer job.mu.Unlock()
	switch d := &job.doc; {
	case d.State != ImportUploaded && d.State != ImportChecked:
		return Import{}, muster.Errorf(muster.CodeConflict, "expected an import that has not run, found one that is %s", d.State)
	case len(d.Missing) > 0:
		return Import{}, invalidAt("/map", problemMissing, "expected a column that becomes "+strings.NewReplacer("identifier", "email, external_id or visitor_id").Replace(d.Missing[0]))
	}
	ctx, cancel := context.WithCancel(a.life)
	job.stop, job.done = cancel, make(chan struct{})
	done := job.done
	d := &job.doc
	d.State, d.DryRun, d.Progress, d.Examples, d.Rejects, d.Error, d.EndedAt = ImportRunning, dry, ImportProgress{}, []ImportExample{}, []ImportReject{}, "", nil
	doc := *d
	a.work.Go(func() {
		defer close(done)
		defer cancel()
		a.runImport(ctx, by, job, doc.Settings, dry)
	})
	return doc, nil
}

// AwaitImport answers an import when it does not run any more.
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
		case <-ctx.Done():
			return Import{}, ctx.Err()
		}
	}
	return job.snapshot(), nil
}

// runImport runs to the end, and writes down how it ended.
func (a *App) runImport(ctx context.Context, by Principal, job *importJob, s ImportSettings, dry bool) {
	err := a.transfer(ctx, by, job, s, dry)
	now := time.Now().UTC().Truncate(time.Second)
	job.mu.Lock()
	job.stop = nil
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
	doc, file := *d, ""
	if d.State != ImportChecked && d.State != ImportUploaded {
		file, job.file = job.file, "" // the upload has done its work
	}
	job.mu.Unlock()
	if file != "" {
		if err := os.Remove(file); err != nil {
			a.log.Warn("an upload could not be removed", "import", doc.ID, "error", err)
		}
	}
	a.logImport(doc)
}

// transfer reads the file's rows and loads them as POST /changes would.
func (a *App) transfer(ctx context.Context, by Principal, job *importJob, s ImportSettings, dry bool) (err error) {
	r, err := a.openImport(job, s, func(n int) {
		job.mu.Lock()
		job.doc.Progress.Bytes += int64(n)
		job.mu.Unlock()
	})
	if err != nil {
		return err
	}
	defer r.file.Close()
	bad, err := job.openRejects(r.source.Header())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bad.close()) }()
	feed := importer.NewFeed(r.source, r.builder, bad.add)

	lines, write := io.Pipe()
	written := make(chan error, 1)
	go func() {
		err := feed.Write(write, job.exampleOf(dry))
		write.CloseWithError(err)
		written <- err
	}()
	emit := func(results []LineResult) error { return job.note(feed, results) }
	if dry {
		err = a.rehearse(ctx, lines, emit)
	} else {
		_, err = a.Load(ctx, by, lines, func() { _ = lines.Close() }, emit)
	}
	_ = lines.Close() // lets the writer end when the load ended early
	if writing := <-written; writing != nil && !errors.Is(writing, io.ErrClosedPipe) {
		return writing
	}
	job.count(feed)
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

// note takes the results of lines into the progress.
func (j *importJob) note(feed *importer.Feed, results []LineResult) error {
	var step ImportProgress
	for _, r := range results {
		reason := ""
		switch r.Status {
		case muster.Accepted:
			step.Accepted++
		case muster.Duplicate:
			step.Duplicate++
		case muster.Expired:
			step.Expired++
		default:
			reason = whyRefused(r.Error)
		}
		if len(r.Ignored) > 0 {
			step.Ignored++
		}
		if err := feed.Confirm(reason); err != nil {
			return err
		}
	}
	j.mu.Lock()
	p := &j.doc.Progress
	p.Accepted, p.Duplicate, p.Expired, p.Ignored = p.Accepted+step.Accepted, p.Duplicate+step.Duplicate, p.Expired+step.Expired, p.Ignored+step.Ignored
	j.mu.Unlock()
	j.count(feed)
	return nil
}

func (j *importJob) count(feed *importer.Feed) {
	counts := feed.Counts()
	j.mu.Lock()
	defer j.mu.Unlock()
	j.doc.Progress.Rows, j.doc.Progress.Rejected = counts.Rows, counts.Rejected
}

// whyRefused is why a line was not taken, in one line; places are named as the row does.
func whyRefused(e *ItemError) string {
	switch {
	case e == nil:
		return "refused without a reason"
	case len(e.Errors) == 0:
		return e.Message
	}
	var parts []string
	for _, p := range e.Errors {
		where := strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(p.Location, "/contact"), "/activity"), "/")
		if where != "" {
			where = strings.ReplaceAll(where, "/", ".") + ": "
		}
		parts = append(parts, where+p.Message)
	}
	return strings.Join(parts, "; ")
}

// importRejects writes rows that were not taken beside the upload, and shows the first.
type importRejects struct {
	job  *importJob
	file *os.File
	rows *importer.Rejects
}

func (j *importJob) openRejects(header []string) (*importRejects, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	path := j.file + ".rejects"
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	j.bad = path
	return &importRejects{j, file, importer.NewRejects(file, header)}, nil
}

func (r *importRejects) add(row *importer.RowError) error {
	r.job.mu.Lock()
	if d := &r.job.doc; len(d.Rejects) < mostImportRejects {
		d.Rejects = append(d.Rejects, ImportReject{row.Line, row.Reason})
	}
	r.job.mu.Unlock()
	return r.rows.Add(row)
}

// close ends the file, which is removed when it holds nothing.
func (r *importRejects) close() error {
	err := errors.Join(r.rows.Flush(), r.file.Close())
	if r.rows.Count == 0 {
		r.job.mu.Lock()
		defer r.job.mu.Unlock()
		err = errors.Join(err, os.Remove(r.job.bad))
		r.job.bad = ""
	}
	return err
}
