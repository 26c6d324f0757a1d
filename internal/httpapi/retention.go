package httpapi

import (
	"context"

	"github.com/muster-groups/muster/internal/app"
)

func (s *Server) registerRetention() {
	register(s, operation("GET", "/retention", "get-retention", "Retention", "Show what is removed by age"),
		func(ctx context.Context, _ *struct{}) (*output[app.Retention], error) {
			return answer(s.app.Retention(ctx))
		})
	change := operation("PATCH", "/retention", "change-retention", "Retention", "Change what is removed by age")
	change.Description = "Nothing is removed before it is enabled; ask for a preview first. What is enabled begins with the next nightly run."
	register(s, change, func(ctx context.Context, in *struct{ Body app.RetentionInput }) (*output[app.Retention], error) {
		return answer(s.app.SaveRetention(ctx, in.Body))
	})
	preview := operation("POST", "/retention/preview", "preview-retention", "Retention", "Show what a run by some rules would remove now")
	preview.Description = "Exact counts: what would go by each rule, and which groups would lose or gain how many members. Rules left out are those that are kept."
	register(s, preview, func(ctx context.Context, in *struct{ Body app.RetentionRules }) (*output[app.RetentionPreview], error) {
		return answer(s.app.PreviewRetention(ctx, in.Body))
	})
	register(s, operation("GET", "/retention/runs", "list-retention-runs", "Retention", "List the last 400 runs, latest first"),
		func(ctx context.Context, _ *struct{}) (*output[app.Page[app.RetentionRun]], error) {
			return answer(s.app.RetentionRuns(ctx))
		})
}
