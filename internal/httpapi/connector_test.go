package httpapi_test

import (
	"fmt"
	"strings"
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

func TestAConnectorSaysHowManyChangesOfItsGroupWait(t *testing.T) {
	w := newWorld(t)
	w.visitorsGroup()
	vienna(w)
	var made, shown mirror.Connector
	w.must("POST", "/connectors", `{"kind": "listmonk", "group": "companies", "paused": true, "settings": {"url": "https://192.0.2.1", "username": "muster", "token": "secret", "list_id": 7}}`, &made)
	for n := range 3 {
		w.must("POST", "/contacts", fmt.Sprintf(`{"external_id": "c-%d", "fields": {"company": "Engines GmbH", "city": "Wien"}}`, n), nil)
	}
	w.must("GET", "/connectors/"+made.ID, nil, &shown)
	if shown.Behind != 3 || shown.BehindSince == nil || shown.BehindMore {
		t.Errorf("got %+v, want it 3 changes behind", shown)
	}
	var list app.Page[mirror.Connector]
	w.must("GET", "/connectors", nil, &list)
	if len(list.Items) != 1 || list.Items[0].Behind != 3 {
		t.Errorf("got the list %+v, want it 3 changes behind", list.Items)
	}

	var lines strings.Builder
	for n := range 10_000 {
		fmt.Fprintf(&lines, `{"contact": {"external_id": "more-%d", "fields": {"company": "Engines GmbH"}}}`+"\n", n)
	}
	if answer := w.send("admin", "POST", "/api/v1/changes?results=rejected", nil, strings.NewReader(lines.String())); !strings.Contains(answer.body, `"rejected":0,"complete":true`) {
		t.Fatalf("loading: got %s, want everything accepted", answer.body)
	}
	w.must("GET", "/connectors/"+made.ID, nil, &shown)
	if shown.Behind != 10_000 || !shown.BehindMore {
		t.Errorf("got %+v, want it 10,000 changes behind or more", shown)
	}
}
