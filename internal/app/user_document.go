package app

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/auth"
)

// Kinds of documents in which the store keeps users and their sessions.
const (
	docUser    = "user"
	docSession = "session"
)

// storedUser is the document of a user.
type storedUser struct {
	Email          string         `json:"email"`
	Name           string         `json:"name,omitempty"`
	Role           UserRole       `json:"role"`
	Disabled       bool           `json:"disabled,omitempty"`
	Demo           bool           `json:"demo,omitempty"`     // signed in by a demonstration
	Password       string         `json:"password,omitempty"` // its argon2id hash
	Issuer         string         `json:"issuer,omitempty"`   // of OpenID Connect, with Subject
	Subject        string         `json:"subject,omitempty"`
	CreatedAt      muster.Instant `json:"created_at"`
	LastSignedInAt muster.Instant `json:"last_signed_in_at,omitempty"`
	LinkHash       []byte         `json:"link_hash,omitempty"` // of the one-time link
	LinkUntil      muster.Instant `json:"link_until,omitempty"`
	// Stamp is in each session; when it changes, the sessions before are over.
	Stamp string `json:"stamp"`
}

// ways lists how the user can sign in.
func (u *storedUser) ways() []string {
	out := []string{}
	if u.Password != "" {
		out = append(out, byPassword)
	}
	if u.Subject != "" {
		out = append(out, byOIDC)
	}
	return out
}

func shapeUser(id string, u storedUser) User {
	status := "active"
	switch {
	case u.Disabled:
		status = "disabled"
	case len(u.ways()) == 0 && !u.Demo:
		status = "invited"
	}
	return User{ID: id, Email: u.Email, Name: u.Name, Role: u.Role, Status: status, SignIn: u.ways(),
		CreatedAt: u.CreatedAt, LastSignedInAt: optionalInstant(u.LastSignedInAt)}
}

func newStamp() string { return rand.Text() }

// people is what the App holds about users.
type people struct {
	shelf     *auth.Shelf[storedUser]
	passwords *auth.Passwords
	accounts  *auth.Brake
	addresses *auth.Brake
	first     firstLink
}

// firstLink is the link by which the first admin comes in. It is of this
// process alone: a restart makes another one.
type firstLink struct {
	mu     sync.Mutex
	secret auth.Secret
	until  muster.Instant
}

// Guessing a password may fail five times at once, and then once in three
// minutes; from one address, 20 times and then once in 30 seconds.
const (
	accountAttempts = 5
	accountLeak     = 3 * time.Minute
	addressAttempts = 20
	addressLeak     = 30 * time.Second
)

func (a *App) openUsers() {
	a.users.shelf = auth.NewShelf[storedUser](documents{a, docUser})
	a.users.passwords = auth.NewPasswords()
	a.users.accounts = auth.NewBrake(accountAttempts, accountLeak)
	a.users.addresses = auth.NewBrake(addressAttempts, addressLeak)
}

// SessionDocuments is where sessions are kept.
func (a *App) SessionDocuments() auth.Documents { return documents{a, docSession} }

// documents are the documents of one kind, written through the roster.
type documents struct {
	app  *App
	kind string
}

// All answers the documents by id.
func (d documents) All(ctx context.Context) (map[string][]byte, error) {
	return d.app.roster.Documents(ctx, d.kind)
}

// Version grows when one of the documents is written, by whichever node.
func (d documents) Version() int64 { return d.app.roster.Written(d.kind) }

// Put keeps a document.
func (d documents) Put(ctx context.Context, id string, body []byte) error {
	return d.app.roster.PutDocument(ctx, d.kind, id, body)
}

// Delete removes a document.
func (d documents) Delete(ctx context.Context, id string) error {
	return d.app.roster.DeleteDocument(ctx, d.kind, id)
}

// audit logs what happened to a user, by the id: emails, names and addresses
// are not for the log.
func (a *App) audit(what, id string, more ...any) {
	a.log.Info(what, append([]any{slog.String("user", id)}, more...)...)
}
