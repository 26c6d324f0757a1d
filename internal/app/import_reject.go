package app

import (
	"errors"
	"io"
	"os"
	"strings"

	"github.com/muster-groups/muster/internal/importer"
)

// importRejects writes rows that were not taken beside the upload, and shows
// the first. The feed calls it for one row at a time.
type importRejects struct {
	job   *importJob
	file  *os.File
	rows  *importer.Rejects
	fresh bool // rows were added since the last mark
}

// openRejects opens the file of rejects, of which the first bytes are kept.
func (j *importJob) openRejects(header []string, keep int64) (*importRejects, error) {
	file, err := os.OpenFile(j.path+rejectsEnding, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	size, err := file.Seek(0, io.SeekEnd)
	keep = min(keep, size)
	if err == nil {
		err = file.Truncate(keep)
	}
	if err == nil {
		_, err = file.Seek(keep, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	r := &importRejects{job: j, file: file, rows: importer.NewRejects(file, header)}
	if keep > 0 {
		r.rows.Continue()
	}
	return r, nil
}

func (r *importRejects) add(row *importer.RowError) error {
	r.job.mu.Lock()
	if d := &r.job.doc; len(d.Rejects) < mostImportRejects {
		d.Rejects = append(d.Rejects, ImportReject{row.Line, row.Reason})
	}
	r.job.mu.Unlock()
	r.fresh = true
	return r.rows.Add(row)
}

// mark makes what was added durable and answers how long the file is.
func (r *importRejects) mark() (int64, error) {
	if r.fresh {
		if err := errors.Join(r.rows.Flush(), r.file.Sync()); err != nil {
			return 0, err
		}
		r.fresh = false
	}
	return r.file.Seek(0, io.SeekCurrent)
}

// close ends the file, which is removed when it holds nothing.
func (r *importRejects) close() error {
	size, err := r.mark()
	err = errors.Join(err, r.file.Close())
	if err == nil && size == 0 {
		err = os.Remove(r.file.Name())
	}
	return err
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
