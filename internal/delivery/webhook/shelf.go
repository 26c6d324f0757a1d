package webhook

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/muster-groups/muster"
)

// shelf is where webhooks are kept: what people decided, how far each is, and
// what was sent lately, each under the webhook's id.
type shelf struct {
	endpoints, progress, journals Documents
}

// read reads all documents of a kind.
func read[T any](ctx context.Context, from Documents) (map[string]T, error) {
	documents, err := from.All(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[string]T, len(documents))
	for id, document := range documents {
		var item T
		if err := json.Unmarshal(document, &item); err != nil {
			return nil, &muster.Error{Code: muster.CodeInternal, Message: "the document of the webhook " + id + " cannot be read", Err: err}
		}
		out[id] = item
	}
	return out, nil
}

func put(ctx context.Context, to Documents, id string, item any) error {
	body, err := json.Marshal(item)
	if err != nil {
		return err
	}
	return to.Put(ctx, id, body)
}

func (s shelf) putEndpoint(ctx context.Context, id string, e endpoint) error {
	return put(ctx, s.endpoints, id, e)
}

func (s shelf) putProgress(ctx context.Context, id string, p progress) error {
	return put(ctx, s.progress, id, p)
}

func (s shelf) putJournal(ctx context.Context, id string, entries []entry) error {
	return put(ctx, s.journals, id, entries)
}

// remove forgets a webhook. The endpoint goes first: what is left of the others
// after a crash belongs to nobody and is removed when the service is opened.
func (s shelf) remove(ctx context.Context, id string) error {
	if err := s.endpoints.Delete(ctx, id); err != nil {
		return err
	}
	return errors.Join(s.progress.Delete(ctx, id), s.journals.Delete(ctx, id))
}
