package auth

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"github.com/muster-groups/muster"
)

// Bounds of a password, in characters.
const (
	shortest = 10
	longest  = 200
	variety  = 5 // different characters at least
)

// mostWaiting is how many sign-ins may wait for their turn to be hashed.
const mostWaiting = 64

// Passwords hashes and checks passwords with argon2id, with the parameters that
// OWASP recommends: 19 MiB, two passes, one lane. It works on as many as there
// are processors; others wait, and too many are turned away, so that signing in
// cannot use up the memory.
type Passwords struct {
	params  argon2id.Params
	turns   chan struct{}
	waiting atomic.Int64
	nobody  func() (string, error) // a hash that no password has
}

// NewPasswords makes Passwords.
func NewPasswords() *Passwords {
	p := &Passwords{
		params: argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32},
		turns:  make(chan struct{}, runtime.GOMAXPROCS(0)),
	}
	p.nobody = sync.OnceValues(func() (string, error) { return argon2id.CreateHash(NewSecret("nobody").Token, &p.params) })
	return p
}

// Weakness says what is expected of a password that is not good enough for the
// account of an email; "" when it is.
func Weakness(password, email string) string {
	password = norm.NFC.String(password)
	length := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password):
		return "expected a text"
	case length < shortest || length > longest:
		return fmt.Sprintf("expected %d to %d characters, such as a sentence; found %d", shortest, longest, length)
	case different(password) < variety:
		return fmt.Sprintf("expected at least %d different characters", variety)
	case email != "" && strings.EqualFold(strings.TrimSpace(password), strings.TrimSpace(email)):
		return "expected something else than the email"
	}
	return ""
}

func different(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// Hash hashes a password.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	if err := p.enter(ctx); err != nil {
		return "", err
	}
	defer p.leave()
	return argon2id.CreateHash(norm.NFC.String(password), &p.params)
}

// Check reports whether a password is the one that was hashed, and whether the
// hash was made with other parameters than today's. An empty hash takes as long
// as any other and is never matched, so that the time tells nobody which
// accounts exist.
func (p *Passwords) Check(ctx context.Context, hash, password string) (matches, stale bool, err error) {
	if err := p.enter(ctx); err != nil {
		return false, false, err
	}
	defer p.leave()
	nobody := hash == ""
	if nobody {
		if hash, err = p.nobody(); err != nil {
			return false, false, err
		}
	}
	if len(password) > 4*longest {
		password = "" // no password is that long, and hashing it would take long
	}
	matches, used, err := argon2id.CheckHash(norm.NFC.String(password), hash)
	if err != nil {
		return false, false, &muster.Error{Code: muster.CodeInternal, Message: "a password's hash cannot be read", Err: err}
	}
	return matches && !nobody, *used != p.params, nil
}

func (p *Passwords) enter(ctx context.Context) error {
	defer p.waiting.Add(-1)
	if p.waiting.Add(1) > mostWaiting {
		return muster.Errorf(muster.CodeOverloaded, "too many people sign in at this moment; try again shortly")
	}
	select {
	case p.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *Passwords) leave() { <-p.turns }
