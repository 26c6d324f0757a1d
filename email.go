package muster

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxEmail is how many bytes an email has at most, as mail servers exchange it.
const maxEmail = 254

// CheckEmail says what is wrong with an email as an identifier; nil when it
// may be one. White space around it does not count, and a blank one is none.
//
// The rule is lenient on purpose: one @ with something on both sides. Whether
// an address exists only its mail server knows, but what cannot be an address
// is a mistake of the sender and would name a contact that nobody can find.
func CheckEmail(email string) error {
	email = strings.TrimSpace(email)
	if email == "" {
		return nil
	}
	local, domain, found := strings.Cut(email, "@")
	switch {
	case !found || local == "" || domain == "" || strings.Contains(domain, "@"):
		return errors.New("expected an email address such as ada@example.com: one @, with something on both sides")
	case !utf8.ValidString(email) || strings.ContainsFunc(email, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return errors.New("expected an email address such as ada@example.com: without white space and control characters")
	case len(email) > maxEmail:
		return errors.New("expected an email address such as ada@example.com: at most 254 bytes long")
	}
	return nil
}
