package app

import (
	"context"
	"log/slog"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/auth"
	"github.com/muster-groups/muster/internal/identity"
)

// SignedIn is a user who has just proved to be one; the stamp goes into the session.
type SignedIn struct {
	User  User
	Stamp string
}

// Credentials are what a person signs in with.
type Credentials struct {
	Email    string `json:"email" maxLength:"254"`
	Password string `json:"password" maxLength:"1000"`
	Address  string `json:"-"` // where the request came from
}

// TooManyAttempts is the error of whoever has to wait before the next attempt.
type TooManyAttempts struct{ Wait time.Duration }

// Error says how long to wait.
func (e *TooManyAttempts) Error() string { return e.Unwrap().Error() }

// Unwrap answers what it is among Muster's errors.
func (e *TooManyAttempts) Unwrap() error {
	wait := e.Wait.Round(time.Second).String()
	return muster.Errorf(muster.CodeTooManyAttempts, "too many attempts to sign in; wait %s before the next one", wait)
}

func accountKey(email string) string { return identity.EmailKey(email) }

// attempt counts an attempt on an account from an address, or refuses it.
func (a *App) attempt(email, address string) error {
	now := a.wall().Time()
	if wait := a.users.addresses.Attempt(address, now); wait > 0 {
		a.log.Warn("too many attempts to sign in come from one address")
		return &TooManyAttempts{wait}
	}
	if wait := a.users.accounts.Attempt(accountKey(email), now); wait > 0 {
		a.users.addresses.Relieve(address, 1, now)
		a.log.Warn("too many attempts to sign in to one account")
		return &TooManyAttempts{wait}
	}
	return nil
}

// succeeded takes back what an attempt has counted.
func (a *App) succeeded(email, address string) {
	now := a.wall().Time()
	a.users.accounts.Relieve(accountKey(email), 0, now)
	a.users.addresses.Relieve(address, 1, now)
}

// SignIn answers who signs in with an email and a password. Whether the email,
// the password or the account is at fault is never told.
func (a *App) SignIn(ctx context.Context, in Credentials) (SignedIn, error) {
	address := auth.AddressKey(in.Address)
	if err := a.attempt(in.Email, address); err != nil {
		return SignedIn{}, err
	}
	id, u, err := a.findUser(ctx, func(u *storedUser) bool { return identity.SameEmail(u.Email, in.Email) })
	if err != nil {
		return SignedIn{}, err
	}
	hash := u.Password
	if u.Disabled {
		hash = ""
	}
	matches, stale, err := a.users.passwords.Check(ctx, hash, in.Password)
	if err != nil {
		return SignedIn{}, err
	}
	if !matches {
		a.audit("somebody failed to sign in", id)
		return SignedIn{}, muster.Errorf(muster.CodeUnauthorized, "the email or the password is wrong")
	}
	a.succeeded(in.Email, address)
	fresh := ""
	if stale {
		if fresh, err = a.users.passwords.Hash(ctx, in.Password); err != nil {
			return SignedIn{}, err
		}
	}
	return a.signedIn(ctx, id, byPassword, func(u *storedUser) error {
		if u.Password != hash || u.Disabled {
			return muster.Errorf(muster.CodeUnauthorized, "the password was changed meanwhile; sign in again")
		}
		if fresh != "" {
			u.Password = fresh
		}
		return nil
	})
}

// signedIn notes that a user signs in, with what changes at the occasion.
func (a *App) signedIn(ctx context.Context, id, by string, edit func(*storedUser) error) (SignedIn, error) {
	u, err := a.editUser(ctx, id, func(u *storedUser) error {
		u.LastSignedInAt = a.wall()
		return edit(u)
	})
	if err != nil {
		return SignedIn{}, err
	}
	a.audit("a user signed in", id, slog.String("by", by))
	return SignedIn{shapeUser(id, u), u.Stamp}, nil
}

// findUser answers the user that is asked for; the id is "" when there is none.
func (a *App) findUser(ctx context.Context, is func(*storedUser) bool) (string, storedUser, error) {
	all, err := a.users.shelf.All(ctx)
	if err != nil {
		return "", storedUser{}, err
	}
	for id, u := range all {
		if is(&u) {
			return id, u, nil
		}
	}
	return "", storedUser{}, nil
}

// Signed answers who holds a session, as they are now: false when the user is
// gone or disabled, or must sign in again.
func (a *App) Signed(ctx context.Context, id, stamp string) (Principal, User, bool) {
	u, known, err := a.users.shelf.Get(ctx, id)
	if err != nil {
		a.log.ErrorContext(ctx, "a user was not found out", slog.Any("error", err))
	}
	if err != nil || !known || u.Disabled || !sameStamp(stamp, u.Stamp) {
		return Principal{}, User{}, false
	}
	name := u.Name
	if name == "" {
		name = u.Email
	}
	return Principal{Name: name, Role: u.Role.Role(), User: id}, shapeUser(id, u), true
}

// demoEmail is the user of a demonstration; nobody can have this address.
const demoEmail = "demo@muster.invalid"

// DemoUser answers the user as whom a demonstration signs people in, an admin
// without a password.
func (a *App) DemoUser(ctx context.Context) (SignedIn, error) {
	var id string
	var u storedUser
	err := a.users.shelf.Edit(ctx, func(all map[string]storedUser) (auth.Change[storedUser], error) {
		for other, o := range all {
			if o.Demo {
				id, u = other, o
			}
		}
		if id == "" {
			id, u = auth.NewID(), storedUser{Email: demoEmail, Name: "Demonstration", Demo: true, CreatedAt: a.wall(), Stamp: newStamp()}
		}
		u.Role, u.Disabled, u.LastSignedInAt = RoleAdministrator, false, a.wall()
		return auth.Change[storedUser]{ID: id, Item: u}, nil
	})
	return SignedIn{shapeUser(id, u), u.Stamp}, err
}
