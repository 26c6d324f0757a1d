package httpapi_test

import (
	"testing"
	"time"

	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/delivery/egress"
	"github.com/muster-groups/muster/internal/delivery/listmonk"
	"github.com/muster-groups/muster/internal/delivery/mirror"
	"github.com/muster-groups/muster/internal/delivery/shelf"
)

// newConnectors calls public addresses only, so in tests none.
func newConnectors(t testing.TB, a *app.App) *mirror.Service {
	t.Helper()
	client := egress.NewClient(egress.Policy{}, 10*time.Second)
	connectors, err := mirror.Open(t.Context(), mirror.Config{Source: a, Kinds: map[string]mirror.Kind{"listmonk": listmonk.Kind{Client: client, Agent: "Muster/test"}},
		Documents: func(kind string) shelf.Documents { return a.DeliveryDocuments(kind) }})
	if err != nil {
		t.Fatal(err)
	}
	connectors.Start()
	t.Cleanup(connectors.Close)
	return connectors
}
