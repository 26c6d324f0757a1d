package bench

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/sample"
)

// measureImport imports a file of all contacts over HTTP, as the UI does, into a
// store of its own in which all groups are live: when it ends, membership is right.
func (b *bench) measureImport(ctx context.Context) (err error) {
	own := &bench{Options: b.Options, load: b.load, dir: filepath.Join(b.dir, "import")}
	if err := os.MkdirAll(own.dir, 0o755); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, own.close(), os.RemoveAll(own.dir)) }()
	if err := own.open(ctx); err != nil {
		return err
	}
	if err := Define(ctx, own.roster, sample.LoadDefinitions()); err != nil {
		return err
	}
	if err := own.allLive(ctx); err != nil {
		return err
	}
	if err := own.germanSpeakers(ctx); err != nil {
		return err
	}
	s, err := own.serve()
	if err != nil {
		return err
	}
	defer s.close()
	path := filepath.Join(own.dir, "contacts.csv")
	columns, err := own.writeContacts(path)
	if err != nil {
		return err
	}
	b.Progress("importing contacts", -1)
	started := time.Now()
	done, err := own.importFile(ctx, s, path)
	if err != nil {
		return err
	}
	took := time.Since(started)
	if p := done.Progress; done.State != app.ImportFinished || p.Accepted != b.Contacts {
		return fmt.Errorf("the import ended %s (%s) with %d of %d rows taken", done.State, done.Error, p.Accepted, b.Contacts)
	}
	total, err := own.memberships(ctx)
	if err != nil {
		return err
	}
	b.found("import", "from the upload to the end", took.Seconds(), "s", "%s contacts, %d columns, %s of CSV; %d groups live, %s memberships at the end",
		grouped(float64(b.Contacts)), columns, megabytes(done.Bytes), b.Groups+1, grouped(float64(total)))
	b.found("import", "durable", float64(b.Contacts)/took.Seconds(), "/s", "")
	return nil
}

// germanSpeakers makes one more group, which contacts are in by a field that
// comes with the file.
func (b *bench) germanSpeakers(ctx context.Context) error {
	g := sample.Group{Code: "german-speakers", Name: "German speakers"}
	err := json.Unmarshal([]byte(`{"match": "all", "groups": [{"match": "all", "conditions": [
		{"type": "field", "params": {"field": "language", "op": "any_of", "values": ["de"]}}]}]}`), &g.Condition)
	if err != nil {
		return err
	}
	_, err = b.live(ctx, []sample.Group{g})
	return err
}

// importFile hands a file over and runs its import to the end.
func (b *bench) importFile(ctx context.Context, s *server, path string) (done app.Import, err error) {
	file, err := os.Open(path)
	if err != nil {
		return done, err
	}
	defer file.Close()
	ask := func(path, kind string, body io.Reader) error {
		answer, err := s.post(ctx, path, kind, body)
		if err != nil {
			return err
		}
		return json.Unmarshal(answer, &done)
	}
	if err := ask("/imports?kind=contacts&name=contacts.csv", "application/octet-stream", file); err != nil {
		return done, err
	}
	return done, ask("/imports/"+done.ID+"/run?wait=true", "application/json", nil)
}

// writeContacts writes the generated contacts as a table, and answers how many
// columns it has.
func (b *bench) writeContacts(path string) (columns int, err error) {
	file, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	out := bufio.NewWriterSize(file, 1<<20)
	table := csv.NewWriter(out)
	schema := b.roster.State().Schema
	var codes []string
	for batch := range b.load.ContactBatches(loadBatch) {
		if codes == nil {
			seen := map[string]bool{}
			for _, item := range batch.Items {
				for code := range item.Contact.Fields {
					seen[code] = true
				}
			}
			codes = slices.Sorted(maps.Keys(seen))
			if err := table.Write(append([]string{"external_id", "email", "visitor_id"}, codes...)); err != nil {
				return 0, err
			}
		}
		for _, item := range batch.Items {
			c := item.Contact
			row := []string{c.Who.ExternalID, c.Who.Email, c.Who.VisitorID}
			for _, code := range codes {
				row = append(row, schema.Fields[code].FormatText(c.Fields[code]))
			}
			if err := table.Write(row); err != nil {
				return 0, err
			}
		}
	}
	table.Flush()
	return 3 + len(codes), errors.Join(table.Error(), out.Flush())
}
