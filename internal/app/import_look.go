package app

import (
	"cmp"
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/importer"
)

// ConfigureImport changes how a file is read, and looks at it again.
func (a *App) ConfigureImport(ctx context.Context, id string, s ImportSettings) (Import, error) {
	return a.changeImport(ctx, id, func(k *keptImport) error {
		if k.Import.State != ImportUploaded && k.Import.State != ImportChecked {
			return muster.Errorf(muster.CodeConflict, "expected an import that has not run, found one that is %s", k.Import.State)
		}
		return a.look(ctx, &k.Import, s)
	})
}

// reading is an opened file with all that its settings decide.
type reading struct {
	file    io.ReadCloser
	source  importer.Source
	mapping *importer.Mapping
	builder *importer.Builder
	system  string
}

// open opens an import's file. count is told how many bytes were read.
func (a *App) openImport(ctx context.Context, d *Import, s ImportSettings, count func(int)) (*reading, error) {
	options := importer.Reading{Dates: s.Dates, DecimalComma: s.DecimalComma, Zone: a.schema().Zone}
	if err := importer.CheckDates(s.Dates); err != nil {
		return nil, invalidAt("/dates", problemInvalid, err.Error())
	}
	if s.TimeZone != "" {
		zone, err := time.LoadLocation(s.TimeZone)
		if err != nil {
			return nil, invalidAt("/time_zone", problemInvalid, "expected an IANA time zone such as Europe/Vienna")
		}
		options.Zone = zone
	}
	mapping, err := a.importMapping(d.Kind, s)
	if err != nil {
		return nil, err
	}
	file, _, err := a.imports.files.ReadPart(ctx, d.ID, partUpload)
	if err != nil {
		return nil, err
	}
	r := &reading{file: file, mapping: mapping}
	r.source, err = importer.Open(d.Name, counted{file, count}, importer.Options{Format: s.Format, Encoding: s.Encoding})
	if err != nil {
		return nil, errors.Join(invalidAt("", problemInvalid, err.Error()), file.Close())
	}
	r.system = mapping.Recognise(r.source.Header())
	for _, name := range r.source.Header() {
		mapping.Resolve(name)
	}
	r.builder = importer.NewBuilder(mapping, options)
	return r, nil
}

// importMapping checks what was asked for, each entry for itself.
func (a *App) importMapping(kind importer.Kind, s ImportSettings) (*importer.Mapping, error) {
	schema := a.importSchema()
	var asked, constants []string
	for _, heading := range slices.Sorted(maps.Keys(s.Map)) {
		if _, err := importer.ParseTarget(kind, schema, s.Map[heading]); err != nil {
			return nil, invalidAt(pointer("/map", heading), problemInvalid, err.Error())
		}
		asked = append(asked, heading+"="+s.Map[heading])
	}
	for _, target := range slices.Sorted(maps.Keys(s.Set)) {
		if _, err := importer.ParseTarget(kind, schema, target); err != nil {
			return nil, invalidAt(pointer("/set", target), problemInvalid, err.Error())
		}
		constants = append(constants, target+"="+s.Set[target])
	}
	mapping, err := importer.NewMapping(kind, schema, asked, constants)
	if err != nil {
		return nil, invalidAt("", problemInvalid, err.Error())
	}
	return mapping, nil
}

func (a *App) importSchema() importer.Schema {
	s := a.schema()
	return importer.Schema{
		Fields:        slices.SortedFunc(maps.Values(s.Fields), func(a, b muster.Field) int { return cmp.Compare(a.Code, b.Code) }),
		ActivityTypes: slices.SortedFunc(maps.Values(s.ActivityTypes), func(a, b muster.ActivityType) int { return cmp.Compare(a.Code, b.Code) }),
		Consents:      slices.SortedFunc(maps.Values(s.Consents), func(a, b muster.Named) int { return cmp.Compare(a.Code, b.Code) }),
		Lists:         slices.SortedFunc(maps.Values(s.Lists), func(a, b muster.Named) int { return cmp.Compare(a.Code, b.Code) }),
	}
}

// look reads the first rows of a file and tells what its columns become.
func (a *App) look(ctx context.Context, d *Import, s ImportSettings) error {
	r, err := a.openImport(ctx, d, s, func(int) {})
	if err != nil {
		return err
	}
	defer r.file.Close()
	samples := map[string][]string{}
	rows := 0
	for range sampledRows {
		row, err := r.source.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		var bad *importer.RowError
		if err != nil && !errors.As(err, &bad) {
			return invalidAt("", problemInvalid, err.Error())
		}
		rows++
		for _, cell := range row.Cells {
			r.mapping.Resolve(cell.Name)
			text := strings.TrimSpace(cell.Text)
			if known := samples[cell.Name]; text != "" && len(known) < mostImportSamples && !slices.Contains(known, text) {
				samples[cell.Name] = append(known, strings.Clone(text))
			}
		}
	}
	if rows == 0 {
		return invalidAt("", problemInvalid, "expected rows; the file has none")
	}
	columns := []ImportColumn{}
	for _, c := range r.mapping.Columns() {
		columns = append(columns, ImportColumn{Name: c.Name, Target: c.Target.String(), How: cmp.Or(c.How, "unknown"), Samples: append([]string{}, samples[c.Name]...)})
		if last := &columns[len(columns)-1]; c.Target.IsZero() {
			last.Target = ""
		}
	}
	d.Settings, d.Columns, d.Format, d.System, d.State = s, columns, r.source.Describe(), optional(r.system), ImportUploaded
	d.Missing = append([]string{}, r.mapping.Missing()...)
	d.Progress, d.Examples, d.Rejects, d.DryRun, d.EndedAt = ImportProgress{}, []ImportExample{}, []ImportReject{}, false, nil
	return nil
}

// counted tells how much was read.
type counted struct {
	in    io.Reader
	count func(int)
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.count(n)
	return n, err
}
