package httpapi

import (
	"context"
	"net/http"

	"github.com/muster-groups/muster/internal/app"
)

// userPath names a user.
type userPath struct {
	ID string `path:"id"`
}

func (s *Server) registerUsers() {
	register(s, operation("GET", "/users", "list-users", "Administration", "List the users"),
		func(ctx context.Context, _ *struct{}) (*output[app.Page[app.User]], error) {
			return answer(s.app.Users(ctx))
		})
	register(s, operation("GET", "/users/{id}", "get-user", "Administration", "Show a user"),
		func(ctx context.Context, in *userPath) (*output[app.User], error) {
			return answer(s.app.User(ctx, in.ID))
		})
	add := operation("POST", "/users", "add-user", "Administration", "Add a user")
	add.DefaultStatus = http.StatusCreated
	add.Description = "The answer has a link by which the user chooses a password, once and within 24 hours; nobody can see it again."
	register(s, add, func(ctx context.Context, in *struct{ Body app.UserInput }) (*output[app.Invitation], error) {
		made, err := s.app.AddUser(ctx, in.Body)
		made.Link = s.addressed(ctx, made.Link)
		return answer(made, err)
	})
	change := operation("PATCH", "/users/{id}", "change-user", "Administration", "Change a user")
	change.Description = "A new role holds at once, for sessions too. The last admin who can sign in stays one."
	register(s, change, func(ctx context.Context, in *struct {
		ID   string `path:"id"`
		Body app.UserPatch
	}) (*output[app.User], error) {
		return answer(s.app.ChangeUser(ctx, in.ID, in.Body))
	})
	remove := operation("DELETE", "/users/{id}", "delete-user", "Administration", "Delete a user")
	remove.DefaultStatus = http.StatusNoContent
	register(s, remove, func(ctx context.Context, in *userPath) (*struct{}, error) { return nil, s.app.DeleteUser(ctx, in.ID) })
	link := operation("POST", "/users/{id}/link", "make-link", "Administration", "Make a one-time link to choose a password")
	link.DefaultStatus = http.StatusCreated
	link.Description = "Good for 24 hours; one that was made before stops working."
	register(s, link, func(ctx context.Context, in *userPath) (*output[app.Link], error) {
		made, err := s.app.NewLink(ctx, in.ID)
		return answer(s.addressed(ctx, made), err)
	})
}

// addressed completes a link with the server's address.
func (s *Server) addressed(ctx context.Context, l app.Link) app.Link {
	l.URL = s.address(exchangeOf(ctx).r) + l.Path
	return l
}
