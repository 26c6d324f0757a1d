package httpapi

import (
	"context"
	"io"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/muster-groups/muster/internal/app"
)

// maxUpload bounds a file that is imported by the server. Larger ones go
// through POST /changes, as muster import sends them.
const maxUpload = 2 << 30

// ImportInput names an import.
type ImportInput struct {
	ID string `path:"id" maxLength:"40"`
}

func (s *Server) registerImports() {
	upload := operation("POST", "/imports", "create-import", "Imports", "Upload a file of contacts or activities")
	upload.Description = "The body is the file as it is: CSV or NDJSON. The answer says what its columns become, as far as their headings tell; exports of HubSpot, Mailchimp, Mautic, " +
		"Kentico Xperience and listmonk are recognised. Nothing is taken before the import is run. A run goes on where it was when the server is restarted; of several servers on one database any answers, and another goes on when the one that runs it is gone."
	upload.DefaultStatus = http.StatusCreated
	upload.Parameters = []*huma.Param{
		{Name: "kind", In: "query", Required: true, Description: "What each row describes.", Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"contacts", "activities"}}},
		queryParam("name", "The file's name, which its rejects are named after."),
	}
	upload.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}
	upload.Responses = s.jsonAnswer("201", "The import", s.schemaOf(reflect.TypeFor[app.Import]()), "application/json")
	s.raw(&upload, func(w http.ResponseWriter, r *http.Request) error {
		if err := noQuery(r, "kind", "name"); err != nil {
			return err
		}
		query := r.URL.Query()
		made, err := s.app.NewImport(r.Context(), principal(r.Context()), query.Get("kind"), query.Get("name"), http.MaxBytesReader(w, r.Body, maxUpload))
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		return writeJSON(w, made)
	})
	register(s, operation("GET", "/imports", "list-imports", "Imports", "List imports, the latest first"),
		func(ctx context.Context, _ *struct{}) (*output[app.Page[app.Import]], error) {
			return answer(s.app.Imports(ctx))
		})
	register(s, operation("GET", "/imports/{id}", "get-import", "Imports", "Show how far an import is"),
		func(ctx context.Context, in *ImportInput) (*output[app.Import], error) {
			return answer(s.app.Import(ctx, in.ID))
		})
	register(s, operation("PUT", "/imports/{id}/settings", "configure-import", "Imports", "Say how a file is to be read"),
		func(ctx context.Context, in *struct {
			ImportInput
			Body app.ImportSettings
		}) (*output[app.Import], error) {
			return answer(s.app.ConfigureImport(ctx, in.ID, in.Body))
		})
	run := operation("POST", "/imports/{id}/run", "run-import", "Imports", "Run an import, or rehearse it")
	run.Description = "It goes on without the caller, and after a restart of the server with the first row that was not taken; who calls may wait for its end with wait=true; GET shows how far it is. Each row is taken or rejected for itself. A dry run reads and checks every row and changes nothing."
	run.DefaultStatus = http.StatusAccepted
	register(s, run, func(ctx context.Context, in *struct {
		ImportInput
		DryRun bool `query:"dry_run" doc:"Read and check every row, and change nothing."`
		Wait   bool `query:"wait" doc:"Answer when it has ended."`
	}) (*output[app.Import], error) {
		begun, err := s.app.RunImport(ctx, principal(ctx), in.ID, in.DryRun)
		if err == nil && in.Wait {
			return answer(s.app.AwaitImport(ctx, in.ID))
		}
		return answer(begun, err)
	})
	cancel := operation("DELETE", "/imports/{id}/run", "cancel-import", "Imports", "Cancel an import that runs")
	cancel.Description = "What was taken stays."
	cancel.DefaultStatus = http.StatusNoContent
	register(s, cancel, func(ctx context.Context, in *ImportInput) (*struct{}, error) {
		return nil, s.app.CancelImport(ctx, in.ID)
	})
	forget := operation("DELETE", "/imports/{id}", "forget-import", "Imports", "Remove an import that does not run, and its files")
	forget.DefaultStatus = http.StatusNoContent
	register(s, forget, func(ctx context.Context, in *ImportInput) (*struct{}, error) {
		return nil, s.app.ForgetImport(ctx, in.ID)
	})

	rejects := operation("GET", "/imports/{id}/rejects", "download-import-rejects", "Imports", "Download the rows that were not taken")
	rejects.Description = "In the form of the file, with the line and the reason; put right, it can be imported again."
	rejects.Parameters = []*huma.Param{pathParam("id", "The import's id.")}
	rejects.Responses = s.jsonAnswer("200", "The rows", &huma.Schema{Type: huma.TypeString}, "application/octet-stream")
	s.raw(&rejects, func(w http.ResponseWriter, r *http.Request) error {
		if err := noQuery(r); err != nil {
			return err
		}
		rows, name, err := s.app.ImportRejects(r.Context(), r.PathValue("id"))
		if err != nil {
			return err
		}
		defer rows.Close()
		return s.download(w, r, "application/octet-stream", name, func(out io.Writer) error {
			_, err := io.Copy(out, rows)
			return err
		})
	})
}
