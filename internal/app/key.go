package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/muster-groups/muster"
)

// Role is what the holder of a credential may do.
type Role string

// The roles. A collect key only writes contacts and activities; it can stand
// in the pages of a website. Each of the others may do all that the one before
// it may.
const (
	RoleCollect Role = "collect"
	RoleRead    Role = "read"
	RoleEdit    Role = "edit"
	RoleAdmin   Role = "admin"
)

// Principal is who makes a request.
type Principal struct {
	Name string // the key's name, or the user's; the author of what it saves
	Role Role
	Key  string // the key's id; "" for users
	User string // the user's id; "" for keys
}

// Authority is what the principal may do with a change.
func (p Principal) Authority() muster.Authority {
	if p.Role == RoleCollect {
		return muster.Collect
	}
	return muster.Edit
}

// docKey is the kind of document in which the store keeps keys.
const docKey = "key"

// usedEvery is how coarse a key's last use is kept, so that using a key does
// not write to the store each time.
const usedEvery = 3600

// bootstrapKey is the id of the key that the configuration gives.
const bootstrapKey = "bootstrap"

// Key is an API key as answers show it; its secret is shown once, when it is made.
type Key struct {
	ID         string          `json:"id"`
	Name       string          `json:"name"`
	Role       Role            `json:"role" enum:"collect,read,edit,admin"`
	CreatedAt  muster.Instant  `json:"created_at"`
	LastUsedAt *muster.Instant `json:"last_used_at" doc:"To the hour; null when it was never used."`
	Secret     string          `json:"secret,omitempty" doc:"The key itself, shown only in the answer that makes it."`
}

// KeyInput asks for a new key.
type KeyInput struct {
	Name string `json:"name" minLength:"1" maxLength:"200" doc:"What the key is for."`
	Role Role   `json:"role" enum:"collect,read,edit,admin"`
}

// storedKey is the document of a key. The secret has 256 random bits, so a
// plain hash protects it: there is nothing to guess.
type storedKey struct {
	Name       string         `json:"name"`
	Role       Role           `json:"role"`
	Hash       []byte         `json:"hash"`
	CreatedAt  muster.Instant `json:"created_at"`
	LastUsedAt muster.Instant `json:"last_used_at,omitempty"`
}

// keyring holds the keys by id: a copy of the store's documents, read again
// now and then because another process on the same database may make and
// revoke keys. Lock order: writes before mu.
type keyring struct {
	writes    sync.Mutex // held while documents are written or read again
	mu        sync.RWMutex
	keys      map[string]storedKey
	readAt    time.Time
	written   int64  // of the documents, by whichever node, when they were read
	bootstrap []byte // hash of the bootstrap key; nil is none
}

// rereadKeys is how long a key that another process revoked may still work.
const rereadKeys = 5 * time.Second

func (a *App) loadKeys(ctx context.Context, adminKey string) error {
	if adminKey != "" {
		hash := sha256.Sum256([]byte(adminKey))
		a.keys.bootstrap = hash[:]
	}
	return a.readKeys(ctx)
}

func (a *App) readKeys(ctx context.Context) error {
	written := a.roster.Written(docKey) // before they are read: what comes later is read again
	documents, err := a.roster.Documents(ctx, docKey)
	if err != nil {
		return err
	}
	keys := map[string]storedKey{}
	for id, document := range documents {
		var k storedKey
		if err := json.Unmarshal(document, &k); err != nil {
			return &muster.Error{Code: muster.CodeInternal, Message: "the key " + id + " cannot be read", Err: err}
		}
		keys[id] = k
	}
	a.keys.mu.Lock()
	defer a.keys.mu.Unlock()
	a.keys.keys, a.keys.readAt, a.keys.written = keys, time.Now(), written
	return nil
}

// key answers a key by its id.
func (a *App) key(ctx context.Context, id string) (storedKey, bool) {
	a.keys.mu.RLock()
	k, known := a.keys.keys[id]
	old, written := time.Since(a.keys.readAt) > rereadKeys, a.keys.written != a.roster.Written(docKey)
	a.keys.mu.RUnlock()
	switch {
	case written:
		a.keys.writes.Lock() // another node has answered already
	case !old || !a.keys.writes.TryLock():
		return k, known
	}
	err := a.readKeys(ctx)
	a.keys.writes.Unlock()
	if err != nil {
		return k, known // the store's trouble shows elsewhere; a known key stays good
	}
	a.keys.mu.RLock()
	defer a.keys.mu.RUnlock()
	k, known = a.keys.keys[id]
	return k, known
}

// CreateKey makes a key. Its answer is the only one that carries the secret.
func (a *App) CreateKey(ctx context.Context, in KeyInput) (Key, error) {
	name := strings.TrimSpace(in.Name)
	if name == "" {
		return Key{}, invalidAt("/name", problemMissing, "expected a name that tells what the key is for")
	}
	if !slices.Contains([]Role{RoleCollect, RoleRead, RoleEdit, RoleAdmin}, in.Role) {
		return Key{}, invalidAt("/role", problemInvalid, "expected collect, read, edit or admin")
	}
	var random [6 + 32]byte
	rand.Read(random[:]) // never fails
	id := hex.EncodeToString(random[:6])
	secret := "muster_" + id + "_" + base64.RawURLEncoding.EncodeToString(random[6:])
	hash := sha256.Sum256([]byte(secret))
	k := storedKey{Name: name, Role: in.Role, Hash: hash[:], CreatedAt: a.roster.Now()}
	a.keys.writes.Lock()
	defer a.keys.writes.Unlock()
	if err := a.putKey(ctx, id, k); err != nil {
		return Key{}, err
	}
	a.keys.mu.Lock()
	a.keys.keys[id] = k
	a.keys.mu.Unlock()
	shown := shapeKey(id, k)
	shown.Secret = secret
	return shown, nil
}

func (a *App) putKey(ctx context.Context, id string, k storedKey) error {
	document, err := json.Marshal(k)
	if err != nil {
		return err
	}
	return a.roster.PutDocument(ctx, docKey, id, document)
}

func shapeKey(id string, k storedKey) Key {
	return Key{ID: id, Name: k.Name, Role: k.Role, CreatedAt: k.CreatedAt, LastUsedAt: optionalInstant(k.LastUsedAt)}
}

// Keys lists the keys, oldest first. The bootstrap key is not among them.
func (a *App) Keys() Page[Key] {
	a.keys.mu.RLock()
	defer a.keys.mu.RUnlock()
	var out []Key
	for id, k := range a.keys.keys {
		out = append(out, shapeKey(id, k))
	}
	slices.SortFunc(out, func(x, y Key) int {
		return cmp.Or(cmp.Compare(x.CreatedAt, y.CreatedAt), strings.Compare(x.ID, y.ID))
	})
	return PageOf(out, "")
}

// DeleteKey revokes a key at once.
func (a *App) DeleteKey(ctx context.Context, id string) error {
	a.keys.writes.Lock()
	defer a.keys.writes.Unlock()
	a.keys.mu.RLock()
	_, known := a.keys.keys[id]
	a.keys.mu.RUnlock()
	if !known {
		return muster.Errorf(muster.CodeNotFound, "there is no key %s", id)
	}
	if err := a.roster.DeleteDocument(ctx, docKey, id); err != nil {
		return err
	}
	a.keys.mu.Lock()
	delete(a.keys.keys, id)
	a.keys.mu.Unlock()
	return nil
}

// Authenticate answers who holds a key, or CodeUnauthorized.
func (a *App) Authenticate(ctx context.Context, secret string) (Principal, error) {
	refused := muster.Errorf(muster.CodeUnauthorized, "expected a valid API key, as Authorization: Bearer KEY")
	hash := sha256.Sum256([]byte(secret))
	if b := a.keys.bootstrap; b != nil && subtle.ConstantTimeCompare(b, hash[:]) == 1 {
		return Principal{Name: bootstrapKey, Role: RoleAdmin, Key: bootstrapKey}, nil
	}
	// The id is not secret; it only finds the one hash to compare with.
	rest, ok := strings.CutPrefix(secret, "muster_")
	id, _, cut := strings.Cut(rest, "_")
	if !ok || !cut {
		return Principal{}, refused
	}
	k, known := a.key(ctx, id)
	if !known || subtle.ConstantTimeCompare(k.Hash, hash[:]) != 1 {
		return Principal{}, refused
	}
	a.noteUse(id, k)
	return Principal{Name: k.Name, Role: k.Role, Key: id}, nil
}

// noteUse keeps a key's last use, to the hour, off the request's path.
func (a *App) noteUse(id string, k storedKey) {
	now := a.wall()
	if now -= now % usedEvery; now <= k.LastUsedAt {
		return
	}
	a.keys.mu.Lock()
	current, known := a.keys.keys[id]
	first := known && current.LastUsedAt < now
	if first {
		current.LastUsedAt = now
		a.keys.keys[id] = current
	}
	a.keys.mu.Unlock()
	if !first || a.life.Err() != nil {
		return
	}
	a.work.Go(func() {
		if err := a.putUse(id, current); err != nil && a.life.Err() == nil {
			a.log.Warn("the use of a key was not noted", slog.String("key", id), slog.Any("error", err))
		}
	})
}

// putUse writes a key's last use, unless the key was deleted meanwhile.
func (a *App) putUse(id string, k storedKey) error {
	a.keys.writes.Lock()
	defer a.keys.writes.Unlock()
	a.keys.mu.RLock()
	_, known := a.keys.keys[id]
	a.keys.mu.RUnlock()
	if !known {
		return nil
	}
	return a.putKey(a.life, id, k)
}
