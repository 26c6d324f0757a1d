package app

import (
	"context"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/auth"
)

// PasswordChange changes one's own password.
type PasswordChange struct {
	Current  string `json:"current" maxLength:"1000" doc:"Empty for who has none yet."`
	Password string `json:"password" maxLength:"1000"`
}

// ChangePassword changes the password of a signed-in user. All sessions of
// theirs are over, the caller begins a new one.
func (a *App) ChangePassword(ctx context.Context, id string, in PasswordChange) (SignedIn, error) {
	u, known, err := a.users.shelf.Get(ctx, id)
	if err == nil && !known {
		err = noUser(id)
	}
	if err != nil {
		return SignedIn{}, err
	}
	if weak := auth.Weakness(in.Password, u.Email); weak != "" {
		return SignedIn{}, invalidAt("/password", problemInvalid, weak)
	}
	if u.Password != "" {
		if err := a.confirm(ctx, u, in.Current); err != nil {
			return SignedIn{}, err
		}
	} else if in.Current != "" {
		return SignedIn{}, invalidAt("/current", problemInvalid, "expected nothing: there is no password yet")
	}
	hash, err := a.users.passwords.Hash(ctx, in.Password)
	if err != nil {
		return SignedIn{}, err
	}
	was := u.Password
	u, err = a.editUser(ctx, id, func(u *storedUser) error {
		if u.Password != was {
			return muster.Errorf(muster.CodeConflict, "the password was changed meanwhile; try again")
		}
		u.Password, u.LinkHash, u.LinkUntil, u.Stamp = hash, nil, 0, newStamp()
		return nil
	})
	if err != nil {
		return SignedIn{}, err
	}
	a.audit("a password was changed", id)
	return SignedIn{shapeUser(id, u), u.Stamp}, nil
}

// confirm checks a user's own password, with the same brake as signing in.
func (a *App) confirm(ctx context.Context, u storedUser, password string) error {
	now := a.wall().Time()
	if wait := a.users.accounts.Attempt(accountKey(u.Email), now); wait > 0 {
		return &TooManyAttempts{wait}
	}
	matches, _, err := a.users.passwords.Check(ctx, u.Password, password)
	if err != nil {
		return err
	}
	if !matches {
		return invalidAt("/current", problemInvalid, "expected the present password")
	}
	a.users.accounts.Relieve(accountKey(u.Email), 0, now)
	return nil
}
