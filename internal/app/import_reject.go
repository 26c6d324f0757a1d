package app

import (
	"context"
	"errors"
	"strings"

	"github.com/muster-groups/muster/internal/importer"
	"github.com/muster-groups/muster/internal/store"
)

// importRejects writes rows that were not taken beside the upload, and shows
// the first. The feed calls it for one row at a time.
type importRejects struct {
	run   *importRun
	file  store.PartWriter
	rows  *importer.Rejects
	fresh bool  // rows were added since the last mark
	size  int64 // at the last mark
}

// openRejects opens the rejects, of which the first bytes are kept. A run that is
// cancelled still writes what it has.
func (a *App) openRejects(run *importRun, header []string, keep int64) (*importRejects, error) {
	file, err := a.imports.files.WritePart(context.WithoutCancel(run.ctx), run.id, partRejects, run.hold.Holder(), keep)
	if err != nil {
		return nil, err
	}
	r := &importRejects{run: run, file: file, rows: importer.NewRejects(file, header), size: keep}
	if keep > 0 {
		r.rows.Continue()
	}
	return r, nil
}

func (r *importRejects) add(row *importer.RowError) error {
	r.run.mu.Lock()
	if d := &r.run.doc; len(d.Rejects) < mostImportRejects {
		d.Rejects = append(d.Rejects, ImportReject{row.Line, row.Reason})
	}
	r.run.mu.Unlock()
	r.fresh = true
	return r.rows.Add(row)
}

// mark makes sure that what was added is there with whatever is committed from
// now on, and answers how much there is.
func (r *importRejects) mark() (size int64, err error) {
	if r.fresh {
		if err = r.rows.Flush(); err == nil {
			r.size, err = r.file.Sync()
		}
		r.fresh = err != nil
	}
	return r.size, err
}

func (r *importRejects) close() error {
	_, err := r.mark()
	return errors.Join(err, r.file.Close())
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
