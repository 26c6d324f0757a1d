package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/config"
	"github.com/muster-groups/muster/internal/delivery/egress"
	"github.com/muster-groups/muster/internal/delivery/listmonk"
	"github.com/muster-groups/muster/internal/delivery/mirror"
	"github.com/muster-groups/muster/internal/delivery/shelf"
	"github.com/muster-groups/muster/internal/delivery/webhook"
)

// deliveries is what tells other systems of changes.
type deliveries struct {
	webhooks   *webhook.Service
	connectors *mirror.Service
}

// answerWithin is how long another system may take to answer.
const answerWithin = 20 * time.Second

func openDeliveries(ctx context.Context, a *app.App, s *config.Settings, log *slog.Logger) (d deliveries, err error) {
	policy, err := egress.ParsePolicy(s.DeliveryAllow)
	if err != nil {
		return d, fmt.Errorf("setting delivery_allow: %w", err)
	}
	client, agent := egress.NewClient(policy, answerWithin), "Muster/"+versionText()
	d.webhooks, err = webhook.Open(ctx, webhook.Config{Feed: a, Client: client, Check: policy.Check, Agent: agent, Logger: log,
		Documents: func(kind string) shelf.Documents { return a.DeliveryDocuments(kind) }})
	if err != nil {
		return d, err
	}
	d.connectors, err = mirror.Open(ctx, mirror.Config{Source: a, Logger: log,
		Kinds:     map[string]mirror.Kind{"listmonk": listmonk.Kind{Client: client, Check: policy.Check, Agent: agent}},
		Documents: func(kind string) shelf.Documents { return a.DeliveryDocuments(kind) }})
	return d, err
}

func (d deliveries) start() {
	d.webhooks.Start()
	d.connectors.Start()
}

// close ends what is under way. It does nothing where nothing was opened.
func (d deliveries) close() {
	if d.webhooks != nil {
		d.webhooks.Close()
	}
	if d.connectors != nil {
		d.connectors.Close()
	}
}
