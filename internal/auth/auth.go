// Package auth holds what credentials of people are made of: hashed passwords,
// one-time secrets, the brake on guessing, and a shelf on which documents about
// them are kept. Sessions and single sign-on are packages below it.
//
// It must not know what a user is or may do, nor any store: whoever uses it
// brings the documents and the meaning.
package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// NewID makes an id that is not secret.
func NewID() string {
	var random [6]byte
	rand.Read(random[:]) // never fails
	return hex.EncodeToString(random[:])
}

// Secret is a text with 256 random bits that proves something once. A plain
// hash protects it where it is kept: there is nothing to guess.
type Secret struct {
	Token string // to hand out; it begins with the id that finds the hash
	Hash  []byte // to keep
}

// NewSecret makes the secret of an id.
func NewSecret(id string) Secret {
	var random [32]byte
	rand.Read(random[:]) // never fails
	token := id + "_" + base64.RawURLEncoding.EncodeToString(random[:])
	return Secret{Token: token, Hash: hashOf(token)}
}

// IDOf answers the id that a token begins with, "" when it has none.
func IDOf(token string) string {
	id, _, found := strings.Cut(token, "_")
	if !found {
		return ""
	}
	return id
}

// Proves reports whether a token is the one that was hashed. No hash is proved
// by no token.
func Proves(token string, hash []byte) bool {
	return len(hash) > 0 && subtle.ConstantTimeCompare(hashOf(token), hash) == 1
}

func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
