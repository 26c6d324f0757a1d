package httpapi

import (
	"context"
	"net/http"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
)

func (s *Server) registerAdministration() {
	register(s, operation("GET", "/system", "get-system", "Administration", "Show how the program is"),
		func(ctx context.Context, _ *struct{}) (*output[app.System], error) { return answer(s.app.System(ctx)) })
	register(s, operation("GET", "/settings", "get-settings", "Administration", "Show the project's settings"),
		func(context.Context, *struct{}) (*output[app.Settings], error) { return answer(s.app.Settings(), nil) })
	register(s, operation("PATCH", "/settings", "change-settings", "Administration", "Change the project's settings"),
		func(ctx context.Context, in *struct{ Body app.SettingsInput }) (*output[app.Settings], error) {
			return answer(s.app.SaveSettings(ctx, in.Body))
		})
	register(s, operation("GET", "/keys", "list-keys", "Administration", "List the API keys"),
		func(context.Context, *struct{}) (*output[app.Page[app.Key]], error) { return answer(s.app.Keys(), nil) })
	create := operation("POST", "/keys", "create-key", "Administration", "Make an API key")
	create.DefaultStatus = http.StatusCreated
	create.Description = "The answer is the only one that carries the key's secret."
	register(s, create, func(ctx context.Context, in *struct{ Body app.KeyInput }) (*output[app.Key], error) {
		return answer(s.app.CreateKey(ctx, in.Body))
	})
	remove := operation("DELETE", "/keys/{id}", "delete-key", "Administration", "Revoke an API key")
	remove.DefaultStatus = http.StatusNoContent
	register(s, remove, func(ctx context.Context, in *struct {
		ID string `path:"id"`
	}) (*struct{}, error) {
		return nil, s.app.DeleteKey(ctx, in.ID)
	})
	clock := operation("POST", "/clock", "move-clock", "Administration", "Move a manual clock forward")
	clock.Description = "Only of a server that was started with a manual clock; answers 409 otherwise. Every group is up to date with the new instant when it answers."
	register(s, clock, func(ctx context.Context, in *struct {
		Body struct {
			To string `json:"to" doc:"The instant to move to."`
		}
	}) (*output[app.ClockAnswer], error) {
		to, err := muster.ParseInstant(in.Body.To)
		if err != nil {
			return nil, wrongParameter("to", err)
		}
		return answer(s.app.MoveClock(ctx, app.ClockInput{To: to}))
	})
	verify := operation("POST", "/verify", "verify", "Administration", "Recompute membership naively and compare")
	verify.Description = "Compares the stored membership of every group with what an independent evaluator makes of each contact's facts."
	register(s, verify, func(ctx context.Context, in *struct {
		Body struct {
			Sample int `json:"sample,omitempty" minimum:"0" doc:"How many contacts to examine, chosen at random; 0 is all."`
		}
	}) (*output[app.Verification], error) {
		return answer(s.app.Verify(ctx, in.Body.Sample))
	})
}
