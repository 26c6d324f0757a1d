package app

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/auth"
	"github.com/muster-groups/muster/internal/identity"
)

// UserRole is what a person may do. A viewer may do what a key with the role
// read may, an editor what edit may.
type UserRole string

// The roles of people.
const (
	RoleViewer        UserRole = "viewer"
	RoleEditor        UserRole = "editor"
	RoleAdministrator UserRole = "admin"
)

// Role answers what the role permits.
func (r UserRole) Role() Role {
	switch r {
	case RoleAdministrator:
		return RoleAdmin
	case RoleEditor:
		return RoleEdit
	}
	return RoleRead
}

func (r UserRole) known() bool {
	return slices.Contains([]UserRole{RoleViewer, RoleEditor, RoleAdministrator}, r)
}

// Ways in which a user can sign in.
const (
	byPassword = "password"
	byOIDC     = "oidc"
)

// User is a person who may sign in, as answers show them.
type User struct {
	ID             string          `json:"id"`
	Email          string          `json:"email"`
	Name           string          `json:"name"`
	Role           UserRole        `json:"role" enum:"viewer,editor,admin"`
	Status         string          `json:"status" enum:"active,invited,disabled" doc:"Invited is who has never been able to sign in yet."`
	SignIn         []string        `json:"sign_in" nullable:"false" enum:"password,oidc" doc:"How the user can sign in."`
	CreatedAt      muster.Instant  `json:"created_at"`
	LastSignedInAt *muster.Instant `json:"last_signed_in_at"`
}

// UserInput asks for a new user.
type UserInput struct {
	Email string   `json:"email" minLength:"1" maxLength:"254"`
	Name  string   `json:"name,omitempty" maxLength:"200"`
	Role  UserRole `json:"role" enum:"viewer,editor,admin"`
}

// UserPatch changes what it names of a user.
type UserPatch struct {
	Email    *string   `json:"email,omitempty" minLength:"1" maxLength:"254"`
	Name     *string   `json:"name,omitempty" maxLength:"200"`
	Role     *UserRole `json:"role,omitempty" enum:"viewer,editor,admin"`
	Disabled *bool     `json:"disabled,omitempty" doc:"A disabled user cannot sign in; all sessions of theirs end at once."`
}

// Invitation is a new user with the link by which they choose a password.
type Invitation struct {
	User User `json:"user"`
	Link Link `json:"link"`
}

// Users lists the users by email.
func (a *App) Users(ctx context.Context) (Page[User], error) {
	all, err := a.users.shelf.All(ctx)
	if err != nil {
		return Page[User]{}, err
	}
	var out []User
	for id, u := range all {
		out = append(out, shapeUser(id, u))
	}
	slices.SortFunc(out, func(x, y User) int {
		return cmp.Or(strings.Compare(identity.EmailKey(x.Email), identity.EmailKey(y.Email)), strings.Compare(x.ID, y.ID))
	})
	return PageOf(out, ""), nil
}

// User answers a user.
func (a *App) User(ctx context.Context, id string) (User, error) {
	u, known, err := a.users.shelf.Get(ctx, id)
	if err == nil && !known {
		err = noUser(id)
	}
	if err != nil {
		return User{}, err
	}
	return shapeUser(id, u), nil
}

// AddUser makes a user and the link by which they choose a password.
func (a *App) AddUser(ctx context.Context, in UserInput) (Invitation, error) {
	u := storedUser{Email: strings.TrimSpace(in.Email), Name: strings.TrimSpace(in.Name), Role: in.Role, CreatedAt: a.wall(), Stamp: newStamp()}
	if err := u.check(); err != nil {
		return Invitation{}, err
	}
	id := auth.NewID()
	link := a.renewLink(id, &u)
	err := a.users.shelf.Edit(ctx, func(all map[string]storedUser) (auth.Change[storedUser], error) {
		return auth.Change[storedUser]{ID: id, Item: u}, taken(all, id, u)
	})
	if err != nil {
		return Invitation{}, err
	}
	a.audit("a user was added", id, slog.String("role", string(u.Role)))
	return Invitation{shapeUser(id, u), link}, nil
}

// ChangeUser changes a user. Who was the last to administer stays so.
func (a *App) ChangeUser(ctx context.Context, id string, in UserPatch) (User, error) {
	changed, err := a.editUser(ctx, id, func(u *storedUser) error {
		if in.Email != nil {
			u.Email = strings.TrimSpace(*in.Email)
		}
		if in.Name != nil {
			u.Name = strings.TrimSpace(*in.Name)
		}
		if in.Role != nil {
			u.Role = *in.Role
		}
		if in.Disabled != nil && *in.Disabled != u.Disabled {
			u.Disabled, u.Stamp = *in.Disabled, newStamp()
			u.LinkHash, u.LinkUntil = nil, 0
		}
		return u.check()
	})
	if err != nil {
		return User{}, err
	}
	a.audit("a user was changed", id, slog.String("role", string(changed.Role)), slog.Bool("disabled", changed.Disabled))
	return shapeUser(id, changed), nil
}

// DeleteUser removes a user, whose sessions end with them.
func (a *App) DeleteUser(ctx context.Context, id string) error {
	err := a.users.shelf.Edit(ctx, func(all map[string]storedUser) (auth.Change[storedUser], error) {
		if _, known := all[id]; !known {
			return auth.Change[storedUser]{}, noUser(id)
		}
		after := maps.Clone(all)
		delete(after, id)
		return auth.Change[storedUser]{ID: id, Delete: true}, keepsAdmin(all, after)
	})
	if err == nil {
		a.audit("a user was deleted", id)
	}
	return err
}

// editUser changes a user under the rules that hold among all users.
func (a *App) editUser(ctx context.Context, id string, edit func(*storedUser) error) (changed storedUser, err error) {
	err = a.users.shelf.Edit(ctx, func(all map[string]storedUser) (auth.Change[storedUser], error) {
		u, known := all[id]
		if !known {
			return auth.Change[storedUser]{}, noUser(id)
		}
		if err := edit(&u); err != nil {
			return auth.Change[storedUser]{}, err
		}
		after := maps.Clone(all)
		after[id] = u
		changed = u
		return auth.Change[storedUser]{ID: id, Item: u}, cmp.Or(taken(all, id, u), keepsAdmin(all, after))
	})
	return changed, err
}

// check judges a user by itself.
func (u *storedUser) check() error {
	parsed, err := mail.ParseAddress(u.Email)
	if err != nil || parsed.Address != u.Email || len(u.Email) > 254 {
		return invalidAt("/email", problemInvalid, "expected an email address such as ada@example.com")
	}
	if utf8.RuneCountInString(u.Name) > 200 || strings.ContainsFunc(u.Name, func(r rune) bool { return r < ' ' }) {
		return invalidAt("/name", problemInvalid, "expected a name of at most 200 characters on one line")
	}
	if !u.Role.known() {
		return invalidAt("/role", problemInvalid, "expected viewer, editor or admin")
	}
	return nil
}

func noUser(id string) error { return muster.Errorf(muster.CodeNotFound, "there is no user %s", id) }

// taken refuses an email that another user has.
func taken(all map[string]storedUser, id string, u storedUser) error {
	for other, o := range all {
		if other != id && identity.SameEmail(o.Email, u.Email) {
			return &muster.Error{Code: muster.CodeEmailTaken, Message: "another user has this email",
				Problems: []muster.Problem{{Location: "/email", Code: string(muster.CodeEmailTaken), Message: "expected an email that no other user has"}}}
		}
	}
	return nil
}

// keepsAdmin refuses what would leave nobody to administer.
func keepsAdmin(before, after map[string]storedUser) error {
	if administered(before) && !administered(after) {
		return muster.Errorf(muster.CodeLastAdmin, "expected that somebody else can sign in as admin first; this is the last one")
	}
	return nil
}

// administered reports whether there is an admin who can sign in.
func administered(all map[string]storedUser) bool {
	for _, u := range all {
		if u.Role == RoleAdministrator && !u.Disabled && (len(u.ways()) > 0 || u.Demo) {
			return true
		}
	}
	return false
}
