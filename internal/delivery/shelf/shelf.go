// Package shelf keeps what deliveries have to remember as JSON documents, by
// id. It must not know what the documents mean.
package shelf

import (
	"context"
	"encoding/json"

	"github.com/muster-groups/muster"
)

// Documents is where documents of one kind are kept durably, by id.
type Documents interface {
	All(ctx context.Context) (map[string][]byte, error)
	Put(ctx context.Context, id string, body []byte) error
	Delete(ctx context.Context, id string) error
}

// Read reads all documents of a kind.
func Read[T any](ctx context.Context, from Documents) (map[string]T, error) {
	documents, err := from.All(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[string]T, len(documents))
	for id, document := range documents {
		var item T
		if err := json.Unmarshal(document, &item); err != nil {
			return nil, &muster.Error{Code: muster.CodeInternal, Message: "the document " + id + " of deliveries cannot be read", Err: err}
		}
		out[id] = item
	}
	return out, nil
}

// ReadOf reads the documents of a kind that go with others of the same id, and
// removes those that a crash left behind when the others were removed.
func ReadOf[T, Owner any](ctx context.Context, from Documents, owners map[string]Owner) (map[string]T, error) {
	out, err := Read[T](ctx, from)
	if err != nil {
		return nil, err
	}
	for id := range out {
		if _, owned := owners[id]; owned {
			continue
		}
		if err := from.Delete(ctx, id); err != nil {
			return nil, err
		}
		delete(out, id)
	}
	return out, nil
}

// Put keeps a document.
func Put(ctx context.Context, in Documents, id string, item any) error {
	body, err := json.Marshal(item)
	if err != nil {
		return err
	}
	return in.Put(ctx, id, body)
}
