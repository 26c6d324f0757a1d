package app

import (
	"context"
	"crypto/subtle"
	"strings"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/auth"
)

// linkLife is how long a one-time link is good for, in seconds.
const linkLife = 24 * 60 * 60

// firstID is the id in the token of the first admin's link.
const firstID = "first"

// Link lets whoever has it choose the password of a user, once. The token is
// behind a #, so that browsers do not send it and no log holds it.
type Link struct {
	Path      string         `json:"path" doc:"The page of Muster's interface that takes the token behind the #."`
	URL       string         `json:"url,omitempty" doc:"The same with the address under which the server was asked."`
	ExpiresAt muster.Instant `json:"expires_at"`
}

// LinkToken is the token of a link.
type LinkToken struct {
	Token string `json:"token" minLength:"1" maxLength:"200"`
}

// LinkHolder is for whom a link is.
type LinkHolder struct {
	Email     string         `json:"email" doc:"Empty for the first admin, who chooses it."`
	Name      string         `json:"name"`
	First     bool           `json:"first" doc:"Whether it makes the first admin: then the email is asked for as well."`
	ExpiresAt muster.Instant `json:"expires_at"`
}

// Redemption chooses a password by a link.
type Redemption struct {
	LinkToken
	Password string  `json:"password" maxLength:"1000"`
	Name     *string `json:"name,omitempty" maxLength:"200"`
	Email    string  `json:"email,omitempty" maxLength:"254" doc:"Of the first admin only."`
}

func linkOf(s auth.Secret, until muster.Instant) Link {
	return Link{Path: "/link#" + s.Token, ExpiresAt: until}
}

// renewLink puts a new link into the place of the one that a user may have.
func (a *App) renewLink(id string, u *storedUser) Link {
	secret := auth.NewSecret(id)
	u.LinkHash, u.LinkUntil = secret.Hash, a.wall()+linkLife
	return linkOf(secret, u.LinkUntil)
}

// NewLink makes a link by which a user chooses a new password. The link that
// was made before stops working; the password before works until then.
func (a *App) NewLink(ctx context.Context, id string) (link Link, err error) {
	_, err = a.editUser(ctx, id, func(u *storedUser) error {
		if u.Disabled {
			return muster.Errorf(muster.CodeConflict, "expected a user who is not disabled")
		}
		link = a.renewLink(id, u)
		return nil
	})
	if err != nil {
		return Link{}, err
	}
	a.audit("a link was made", id)
	return link, nil
}

// FirstLink answers the link by which the first admin comes in, and false when
// there is somebody who administers already. Each call makes a new one.
func (a *App) FirstLink(ctx context.Context) (Link, bool, error) {
	needed, err := a.NeedsAdmin(ctx)
	if err != nil || !needed {
		return Link{}, false, err
	}
	f := &a.users.first
	f.mu.Lock()
	defer f.mu.Unlock()
	f.secret, f.until = auth.NewSecret(firstID), a.wall()+linkLife
	return linkOf(f.secret, f.until), true, nil
}

// NeedsAdmin reports whether nobody can administer yet.
func (a *App) NeedsAdmin(ctx context.Context) (bool, error) {
	all, err := a.users.shelf.All(ctx)
	return err == nil && !administered(all), err
}

// ReadLink answers for whom a link is; CodeGone for one that is no longer good,
// or never was.
func (a *App) ReadLink(ctx context.Context, in LinkToken) (LinkHolder, error) {
	all, err := a.users.shelf.All(ctx)
	if err != nil {
		return LinkHolder{}, err
	}
	if until, ok := a.first(in.Token, all); ok {
		return LinkHolder{First: true, ExpiresAt: until}, nil
	}
	u := all[auth.IDOf(in.Token)]
	if err := a.provesLink(in.Token, &u); err != nil {
		return LinkHolder{}, err
	}
	return LinkHolder{Email: u.Email, Name: u.Name, ExpiresAt: u.LinkUntil}, nil
}

// Redeem chooses a password by a link and signs the user in. All sessions that
// the user had are over.
func (a *App) Redeem(ctx context.Context, in Redemption) (SignedIn, error) {
	holder, err := a.ReadLink(ctx, in.LinkToken)
	if err != nil {
		return SignedIn{}, err
	}
	email := holder.Email
	if holder.First {
		email = strings.TrimSpace(in.Email)
		trial := storedUser{Email: email, Role: RoleAdministrator}
		if err := trial.check(); err != nil {
			return SignedIn{}, err
		}
	} else if in.Email != "" {
		return SignedIn{}, invalidAt("/email", problemReadOnly, "expected no email: the link is for a user who has one")
	}
	if weak := auth.Weakness(in.Password, email); weak != "" {
		return SignedIn{}, invalidAt("/password", problemInvalid, weak)
	}
	hash, err := a.users.passwords.Hash(ctx, in.Password)
	if err != nil {
		return SignedIn{}, err
	}
	id, now := auth.IDOf(in.Token), a.wall()
	var u storedUser
	err = a.users.shelf.Edit(ctx, func(all map[string]storedUser) (auth.Change[storedUser], error) {
		if holder.First {
			if _, ok := a.first(in.Token, all); !ok {
				return auth.Change[storedUser]{}, linkGone()
			}
			id, u = auth.NewID(), storedUser{Email: email, Role: RoleAdministrator, CreatedAt: now}
			// An admin who was invited and never came may come this way.
			for other, o := range all {
				if o.Role == RoleAdministrator && !o.Disabled && taken(map[string]storedUser{other: o}, "", u) != nil {
					id, u = other, o
				}
			}
		} else {
			u = all[id]
			if err := a.provesLink(in.Token, &u); err != nil {
				return auth.Change[storedUser]{}, err
			}
		}
		if in.Name != nil {
			u.Name = strings.TrimSpace(*in.Name)
		}
		u.Password, u.LinkHash, u.LinkUntil, u.Stamp, u.LastSignedInAt = hash, nil, 0, newStamp(), now
		if err := u.check(); err != nil {
			return auth.Change[storedUser]{}, err
		}
		return auth.Change[storedUser]{ID: id, Item: u}, taken(all, id, u)
	})
	if err != nil {
		return SignedIn{}, err
	}
	a.users.accounts.Relieve(accountKey(u.Email), 0, now.Time())
	a.audit("a password was chosen by a link", id)
	return SignedIn{shapeUser(id, u), u.Stamp}, nil
}

// first reports whether a token is the first admin's, while there is none.
func (a *App) first(token string, all map[string]storedUser) (muster.Instant, bool) {
	f := &a.users.first
	f.mu.Lock()
	defer f.mu.Unlock()
	good := auth.Proves(token, f.secret.Hash) && a.wall() < f.until && !administered(all)
	return f.until, good
}

func (a *App) provesLink(token string, u *storedUser) error {
	if !auth.Proves(token, u.LinkHash) || a.wall() >= u.LinkUntil || u.Disabled {
		return linkGone()
	}
	return nil
}

func linkGone() error {
	return muster.Errorf(muster.CodeGone, "this link was used, replaced or is too old; ask an admin for another one")
}

// sameStamp compares stamps in constant time.
func sameStamp(x, y string) bool { return subtle.ConstantTimeCompare([]byte(x), []byte(y)) == 1 }
