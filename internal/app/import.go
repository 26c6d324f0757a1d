package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/importer"
	"github.com/muster-groups/muster/internal/store"
)

// ImportState is how far an import is.
type ImportState string

// The states of an import. A rehearsal leads from running to checked; from
// there it can be run for real.
const (
	ImportUploaded  ImportState = "uploaded"
	ImportRunning   ImportState = "running"
	ImportChecked   ImportState = "checked"
	ImportFinished  ImportState = "finished"
	ImportCancelled ImportState = "cancelled"
	ImportFailed    ImportState = "failed"
)

// Import is a file that was handed over, and what becomes of it.
type Import struct {
	ID       string         `json:"id"`
	Kind     importer.Kind  `json:"kind" enum:"contacts,activities"`
	Name     string         `json:"name" doc:"Of the file."`
	Bytes    int64          `json:"bytes" doc:"Its size."`
	Format   string         `json:"format" doc:"How the file is written, such as: CSV, semicolons."`
	System   *string        `json:"system" doc:"The system that wrote the file, when its headings tell."`
	State    ImportState    `json:"state" enum:"uploaded,running,checked,finished,cancelled,failed"`
	DryRun   bool           `json:"dry_run" doc:"Whether the last run was one that changes nothing."`
	Settings ImportSettings `json:"settings"`
	Columns  []ImportColumn `json:"columns" doc:"Of NDJSON: those of its first rows."`
	Missing  []string       `json:"missing" enum:"identifier,type,occurred_at" doc:"What a column has to become before the import can run."`
	Progress ImportProgress `json:"progress"`
	// Examples are rows of a dry run.
	Examples  []ImportExample `json:"examples" doc:"The first rows of a dry run as they would be taken."`
	Rejects   []ImportReject  `json:"rejects" doc:"The first rows that were not taken; GET .../rejects has all."`
	Error     string          `json:"error,omitempty" doc:"Why an import failed."`
	CreatedBy string          `json:"created_by"`
	CreatedAt time.Time       `json:"created_at"`
	EndedAt   *time.Time      `json:"ended_at"`
}

// ImportSettings say how a file is to be read. The zero value finds out.
type ImportSettings struct {
	Map          map[string]string `json:"map,omitempty" doc:"What columns become, by heading: email, external_id, visitor_id, a field's code, consents.CODE, lists.CODE, all_mail, created_at; of activities type, occurred_at, channel, value, id, attributes.NAME; or - to leave a column out. Others are recognised by their headings."`
	Set          map[string]string `json:"set,omitempty" doc:"Values for rows that have none, by what they become."`
	Dates        string            `json:"dates,omitempty" enum:",dmy,mdy,unix,unixms" doc:"How days like 3/4/2026 are written, or numbers since 1970."`
	TimeZone     string            `json:"time_zone,omitempty" doc:"Of times without an offset; by default the project's."`
	DecimalComma bool              `json:"decimal_comma,omitempty" doc:"Numbers are written like 1.234,50."`
	Encoding     string            `json:"encoding,omitempty" doc:"utf-8, utf-16, latin-1 or windows-1252; by default utf-8, or as a mark says."`
	Format       string            `json:"format,omitempty" enum:",csv,ndjson"`
}

// ImportColumn is a column of a file and what it becomes.
type ImportColumn struct {
	Name    string   `json:"name"`
	Target  string   `json:"target" doc:"Empty when it is left out."`
	How     string   `json:"how" enum:"asked,recognised,left out,unknown"`
	Samples []string `json:"samples" doc:"Some of its values."`
}

// ImportProgress counts rows.
type ImportProgress struct {
	Bytes     int64 `json:"bytes" doc:"Read so far, of the file's size."`
	Rows      int   `json:"rows" doc:"Read so far, empty ones left out."`
	Accepted  int   `json:"accepted" doc:"In a dry run: that would be taken."`
	Duplicate int   `json:"duplicate" doc:"Activities that are there already."`
	Expired   int   `json:"expired" doc:"Activities that are older than their type is kept."`
	Rejected  int   `json:"rejected"`
	Ignored   int   `json:"ignored" doc:"Accepted rows of which an identifier was left out, because another contact owns it."`
}

// ImportExample is a row as it would be taken.
type ImportExample struct {
	Line   int            `json:"line"`
	Record map[string]any `json:"record" doc:"As a line of POST /changes."`
}

// ImportReject is a row that was not taken.
type ImportReject struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

const (
	mostImports        = 20 // are remembered; older ones that have ended make room
	mostImportExamples = 10
	mostImportRejects  = 10
	mostImportSamples  = 3
	sampledRows        = 30
)

// NewImport keeps a file and looks at its columns.
func (a *App) NewImport(ctx context.Context, by Principal, what, name string, body io.Reader) (Import, error) {
	kind := importer.Kind(what)
	if kind != importer.Contacts && kind != importer.Activities {
		return Import{}, invalidAt("/kind", problemInvalid, "expected contacts or activities")
	}
	id := rand.Text()[:12]
	hold, err := a.roster.Hold(ctx, store.FileLease(id))
	if err != nil {
		return Import{}, err
	}
	defer hold.Release() // nobody else knows the id
	k := &keptImport{importLabel: importLabel{Arriving: true, By: by, Import: Import{ID: id, Kind: kind, Name: clipName(name), State: ImportUploaded, CreatedBy: by.Name, CreatedAt: time.Now().UTC().Truncate(time.Second),
		Columns: []ImportColumn{}, Examples: []ImportExample{}, Rejects: []ImportReject{}}}}
	if err = a.saveImport(ctx, k); err != nil {
		return Import{}, err
	}
	if err = a.receiveImport(ctx, k, hold.Holder(), body); err != nil {
		return Import{}, errors.Join(err, a.removeImport(context.WithoutCancel(ctx), k))
	}
	return k.Import, nil
}

func (a *App) receiveImport(ctx context.Context, k *keptImport, holder string, body io.Reader) error {
	file, err := a.imports.files.WritePart(ctx, k.Import.ID, partUpload, holder, 0)
	if err != nil {
		return err
	}
	k.Import.Bytes, err = io.Copy(file, body)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := a.look(ctx, &k.Import, ImportSettings{}); err != nil {
		return err
	}
	if err := a.makeRoom(ctx); err != nil {
		return err
	}
	k.Arriving = false
	return a.saveImport(ctx, k)
}

func clipName(name string) string {
	name = strings.TrimSpace(filepath.Base(strings.ReplaceAll(name, "\\", "/")))
	if name == "." || name == "/" || name == "" {
		return "file"
	}
	if r := []rune(strings.ToValidUTF8(name, "")); len(r) > 200 {
		return string(r[:200])
	}
	return strings.ToValidUTF8(name, "")
}

// Imports answers the imports, the latest first.
func (a *App) Imports(ctx context.Context) (Page[Import], error) {
	page := Page[Import]{Items: []Import{}}
	all, err := a.keptImports(ctx)
	for id, k := range all {
		switch run := a.imports.run(id); {
		case k.Arriving:
		case run != nil:
			page.Items = append(page.Items, run.snapshot())
		default:
			page.Items = append(page.Items, k.Import)
		}
	}
	slices.SortFunc(page.Items, func(a, b Import) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return page, err
}

// Import answers one import.
func (a *App) Import(ctx context.Context, id string) (Import, error) {
	if run := a.imports.run(id); run != nil {
		return run.snapshot(), nil
	}
	k, err := a.keptImport(ctx, id)
	return k.Import, err
}

// CancelImport ends a run early, on whichever node; what was taken stays.
func (a *App) CancelImport(ctx context.Context, id string) error {
	_, err := a.changeImport(ctx, id, func(k *keptImport) error {
		if k.Import.State != ImportRunning {
			return muster.Errorf(muster.CodeConflict, "expected an import that runs, found one that is %s", k.Import.State)
		}
		k.Cancelled = true
		return nil
	})
	if run := a.imports.run(id); err == nil && run != nil {
		run.stop(errImportCancelled)
	}
	return err
}

// ForgetImport removes an import that does not run, and its file.
func (a *App) ForgetImport(ctx context.Context, id string) error {
	for {
		k, err := a.keptImport(ctx, id)
		if err != nil {
			return err
		}
		if k.Import.State == ImportRunning {
			return muster.Errorf(muster.CodeConflict, "expected an import that does not run: cancel it first")
		}
		if err := a.removeImport(ctx, &k); !errors.Is(err, store.ErrChanged) {
			return err
		}
	}
}

// ImportRejects opens the rows that were not taken, in a form that can be put
// right and imported again. name is a file name for it.
func (a *App) ImportRejects(ctx context.Context, id string) (rows io.ReadCloser, name string, err error) {
	k, err := a.keptImport(ctx, id)
	if err != nil {
		return nil, "", err
	}
	if k.Import.State == ImportRunning {
		return nil, "", muster.Errorf(muster.CodeNotFound, "the import still runs; ask for its rejects when it has ended")
	}
	rows, size, err := a.imports.files.ReadPart(ctx, id, partRejects)
	if err != nil {
		return nil, "", err
	}
	if size == 0 {
		return nil, "", errors.Join(muster.Errorf(muster.CodeNotFound, "no row was rejected"), rows.Close())
	}
	ending := ".ndjson"
	if strings.HasPrefix(k.Import.Format, "CSV") {
		ending = ".csv"
	}
	base := strings.TrimSuffix(strings.TrimSuffix(k.Import.Name, filepath.Ext(k.Import.Name)), ".rejects")
	return rows, base + ".rejects" + ending, nil
}

func (a *App) logImport(doc Import) {
	a.log.Info("an import ended", slog.String("import", doc.ID), slog.String("state", string(doc.State)), slog.Bool("dry_run", doc.DryRun),
		slog.Int("rows", doc.Progress.Rows), slog.Int("rejected", doc.Progress.Rejected))
}
