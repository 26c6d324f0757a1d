package httpapi

import (
	"context"
	"net/http"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/delivery/webhook"
)

// webhookPath names a webhook.
type webhookPath struct {
	ID string `path:"id"`
}

// deliveryPath names a request to a webhook.
type deliveryPath struct {
	ID       string `path:"id"`
	Delivery string `path:"delivery"`
}

// The bodies go by these names in the OpenAPI document.
type (
	WebhookInput webhook.Input
	WebhookPatch webhook.Patch
)

// hooks answers the webhooks, CodeUnavailable where none are delivered.
func (s *Server) hooks() (*webhook.Service, error) {
	if s.webhooks == nil {
		return nil, muster.Errorf(muster.CodeUnavailable, "this server delivers no webhooks")
	}
	return s.webhooks, nil
}

// hooked makes a handler of what is asked of the webhooks.
func hooked[I, O any](s *Server, ask func(context.Context, *webhook.Service, *I) (O, error)) func(context.Context, *I) (*output[O], error) {
	return func(ctx context.Context, in *I) (*output[O], error) {
		hooks, err := s.hooks()
		if err != nil {
			return nil, err
		}
		return answer(ask(ctx, hooks, in))
	}
}

func (s *Server) registerWebhooks() {
	register(s, operation("GET", "/webhooks", "list-webhooks", "Webhooks", "List the webhooks"),
		hooked(s, func(ctx context.Context, hooks *webhook.Service, _ *struct{}) (app.Page[webhook.Webhook], error) {
			items, err := hooks.List(ctx)
			return app.PageOf(items, ""), err
		}))
	create := operation("POST", "/webhooks", "create-webhook", "Webhooks", "Make a webhook")
	create.DefaultStatus = http.StatusCreated
	create.Description = "Requests to it carry the changes of groups, in order, each at least once, signed as Standard Webhooks describe. The answer is the only one that carries the secret."
	register(s, create, hooked(s, func(ctx context.Context, hooks *webhook.Service, in *struct{ Body WebhookInput }) (webhook.Webhook, error) {
		return hooks.Create(ctx, webhook.Input(in.Body))
	}))
	register(s, operation("GET", "/webhooks/{id}", "get-webhook", "Webhooks", "Show a webhook and how far it is"),
		hooked(s, func(ctx context.Context, hooks *webhook.Service, in *webhookPath) (webhook.Webhook, error) {
			return hooks.Get(ctx, in.ID)
		}))
	register(s, operation("PATCH", "/webhooks/{id}", "change-webhook", "Webhooks", "Change a webhook"),
		hooked(s, func(ctx context.Context, hooks *webhook.Service, in *struct {
			ID   string `path:"id"`
			Body WebhookPatch
		}) (webhook.Webhook, error) {
			return hooks.Change(ctx, in.ID, webhook.Patch(in.Body))
		}))
	remove := operation("DELETE", "/webhooks/{id}", "delete-webhook", "Webhooks", "Delete a webhook")
	remove.DefaultStatus = http.StatusNoContent
	register(s, remove, func(ctx context.Context, in *webhookPath) (*struct{}, error) {
		hooks, err := s.hooks()
		if err != nil {
			return nil, err
		}
		return nil, hooks.Delete(ctx, in.ID)
	})
	s.registerWebhookActs()
}

// registerWebhookActs registers what can be done with a webhook.
func (s *Server) registerWebhookActs() {
	act := func(name, id, summary, description string, do func(context.Context, *webhook.Service, string) (webhook.Webhook, error)) {
		op := operation("POST", "/webhooks/{id}/"+name, id, "Webhooks", summary)
		op.Description = description
		register(s, op, hooked(s, func(ctx context.Context, hooks *webhook.Service, in *webhookPath) (webhook.Webhook, error) {
			return do(ctx, hooks, in.ID)
		}))
	}
	act("pause", "pause-webhook", "Pause a webhook", "Nothing is sent until it is resumed; nothing is lost.",
		func(ctx context.Context, hooks *webhook.Service, id string) (webhook.Webhook, error) {
			return hooks.Pause(ctx, id)
		})
	act("resume", "resume-webhook", "Resume a webhook, or try at once what failed", "It goes on after its cursor.",
		func(ctx context.Context, hooks *webhook.Service, id string) (webhook.Webhook, error) {
			return hooks.Resume(ctx, id)
		})
	act("secret", "rotate-webhook-secret", "Give a webhook a new secret", "For 24 hours requests carry the signature of the secret before, too. The answer is the only one that carries the new secret.",
		func(ctx context.Context, hooks *webhook.Service, id string) (webhook.Webhook, error) {
			return hooks.RotateSecret(ctx, id)
		})
	test := operation("POST", "/webhooks/{id}/test", "test-webhook", "Webhooks", "Send a test to a webhook")
	test.Description = "Makes a request of the type webhook.test now, also when the webhook is paused, and answers how it went."
	register(s, test, hooked(s, func(ctx context.Context, hooks *webhook.Service, in *webhookPath) (webhook.Delivery, error) {
		return hooks.Test(ctx, in.ID)
	}))
	register(s, operation("GET", "/webhooks/{id}/deliveries", "list-deliveries", "Webhooks", "List the last 100 requests to a webhook, latest first"),
		hooked(s, func(ctx context.Context, hooks *webhook.Service, in *webhookPath) (app.Page[webhook.Delivery], error) {
			items, err := hooks.Deliveries(ctx, in.ID)
			return app.PageOf(items, ""), err
		}))
	content := operation("GET", "/webhooks/{id}/deliveries/{delivery}/request", "get-delivery-request", "Webhooks", "Show what a request to a webhook carries")
	content.Description = "As it would be made now: with the filter, the identifiers and the erasures of now. What was sent is not kept."
	register(s, content, hooked(s, func(ctx context.Context, hooks *webhook.Service, in *deliveryPath) (webhook.DeliveryRequest, error) {
		return hooks.Request(ctx, in.ID, in.Delivery)
	}))
	again := operation("POST", "/webhooks/{id}/deliveries/{delivery}/replay", "replay-delivery", "Webhooks", "Make one request again")
	again.Description = "With the same webhook-id, beside the others: it comes out of order. Answers how it went."
	register(s, again, hooked(s, func(ctx context.Context, hooks *webhook.Service, in *deliveryPath) (webhook.Delivery, error) {
		return hooks.Replay(ctx, in.ID, in.Delivery)
	}))
	rewind := operation("POST", "/webhooks/{id}/replay", "replay-webhook", "Webhooks", "Go on after any change")
	rewind.Description = "Everything after the change with that number is delivered, again where it was before; 0 begins at the beginning, the last number leaves out what is not delivered yet."
	register(s, rewind, hooked(s, func(ctx context.Context, hooks *webhook.Service, in *struct {
		ID   string `path:"id"`
		Body struct {
			After muster.Seq `json:"after" doc:"The number of a change."`
		}
	}) (webhook.Webhook, error) {
		return hooks.Rewind(ctx, in.ID, in.Body.After)
	}))
}
