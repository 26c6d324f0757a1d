package webhook

import (
	"context"
	"errors"

	"github.com/muster-groups/muster/internal/delivery/shelf"
)

// records is where webhooks are kept: what people decided, how far each is, and
// what was sent lately, each under the webhook's id.
type records struct {
	endpoints, progress, journals shelf.Documents
}

func (s records) putEndpoint(ctx context.Context, id string, e endpoint) error {
	return shelf.Put(ctx, s.endpoints, id, e)
}

func (s records) putProgress(ctx context.Context, id string, p progress) error {
	return shelf.Put(ctx, s.progress, id, p)
}

func (s records) putJournal(ctx context.Context, id string, entries []entry) error {
	return shelf.Put(ctx, s.journals, id, entries)
}

// remove forgets a webhook. The endpoint goes first: what is left of the others
// after a crash belongs to nobody and is removed when the service is opened.
func (s records) remove(ctx context.Context, id string) error {
	if err := s.endpoints.Delete(ctx, id); err != nil {
		return err
	}
	return errors.Join(s.progress.Delete(ctx, id), s.journals.Delete(ctx, id))
}
