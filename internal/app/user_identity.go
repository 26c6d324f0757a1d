package app

import (
	"context"
	"slices"
	"strings"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/identity"
)

// Identity is who a provider of OpenID Connect says somebody is.
type Identity struct {
	Issuer, Subject, Email, Name string
	EmailVerified                bool
	Roles                        []string
}

// Admission is the policy for people who come by OpenID Connect.
type Admission struct {
	// DefaultRole is what somebody new becomes whose role the provider does not
	// say; "" admits only people who are users already.
	DefaultRole UserRole
	// Domains are those of the emails that are admitted; none is all.
	Domains []string
}

// Errors of people who come by OpenID Connect and are not let in.
var (
	errNoAccount = muster.Errorf(muster.CodeForbidden, "there is no account for this person; ask an admin for one")
	errDisabled  = muster.Errorf(muster.CodeGone, "this account is disabled")
)

// SignInIdentity answers the user who came by OpenID Connect: the one with the
// identity; or the one with its verified email, who has it from then on; or a
// new one, as the policy says. CodeForbidden is no account, CodeGone a disabled
// one. A role that the provider says holds from now on.
func (a *App) SignInIdentity(ctx context.Context, who Identity, policy Admission) (SignedIn, error) {
	said, known := strongest(who.Roles)
	id, u, err := a.findUser(ctx, func(u *storedUser) bool { return u.Subject == who.Subject && u.Issuer == who.Issuer })
	if err == nil && id == "" {
		if !who.EmailVerified || !policy.admits(who.Email) {
			return SignedIn{}, errNoAccount
		}
		id, u, err = a.findUser(ctx, func(u *storedUser) bool { return identity.SameEmail(u.Email, who.Email) })
	}
	if err != nil {
		return SignedIn{}, err
	}
	if id == "" {
		role := policy.DefaultRole
		if known {
			role = said
		}
		if !role.known() {
			return SignedIn{}, errNoAccount
		}
		made, err := a.AddUser(ctx, UserInput{Email: who.Email, Name: who.Name, Role: role})
		if err != nil {
			return SignedIn{}, err
		}
		id = made.User.ID
	}
	if u.Disabled {
		return SignedIn{}, errDisabled
	}
	enter := func(u *storedUser) error {
		if u.Disabled {
			return errDisabled
		}
		if u.Subject != "" && (u.Subject != who.Subject || u.Issuer != who.Issuer) {
			return errNoAccount // the email went to somebody else at the provider
		}
		u.Issuer, u.Subject = who.Issuer, who.Subject
		u.LinkHash, u.LinkUntil = nil, 0
		if u.Name == "" {
			u.Name = strings.TrimSpace(who.Name)
		}
		return nil
	}
	person, err := a.signedIn(ctx, id, byOIDC, func(u *storedUser) error {
		if known {
			u.Role = said
		}
		return enter(u)
	})
	if muster.CodeOf(err) == muster.CodeLastAdmin {
		return a.signedIn(ctx, id, byOIDC, enter) // who stays admin until there is another one
	}
	return person, err
}

func (p Admission) admits(email string) bool {
	_, domain, ok := strings.Cut(email, "@")
	return ok && (len(p.Domains) == 0 || slices.ContainsFunc(p.Domains, func(d string) bool { return strings.EqualFold(d, domain) }))
}

// strongest answers the strongest of our roles among names.
func strongest(names []string) (UserRole, bool) {
	for _, r := range []UserRole{RoleAdministrator, RoleEditor, RoleViewer} {
		if slices.Contains(names, string(r)) {
			return r, true
		}
	}
	return "", false
}
