package personalize_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/client/personalize"
	"github.com/muster-groups/muster/test/instance"
)

// A shop greets visitors from Linz. muster.js has set the cookie.
func Example() {
	ctx := context.Background()
	server, err := instance.New(ctx) // elsewhere it runs already
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	c, err := client.New(server.URL, server.Key)
	if err != nil {
		log.Fatal(err)
	}
	prepare(ctx, c)

	p := personalize.New(c, personalize.Options{Timeout: longEnough})
	shop := p.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if personalize.In(r.Context(), "linz") {
			fmt.Fprint(w, "Servus! Next day delivery for you.")
			return
		}
		fmt.Fprint(w, "Welcome!")
	}))

	for _, visitor := range []string{"v-1", "v-2"} {
		r := httptest.NewRequest("GET", "/", nil)
		r.AddCookie(&http.Cookie{Name: personalize.Cookie, Value: visitor})
		w := httptest.NewRecorder()
		shop.ServeHTTP(w, r)
		fmt.Println(w.Body)
	}
	// Output:
	// Servus! Next day delivery for you.
	// Welcome!
}

// longEnough is a time-out for machines that are busy with tests; a page would
// not wait as long.
const longEnough = 1 << 40

// prepare makes a group and somebody in it.
func prepare(ctx context.Context, c *client.Client) {
	name := "People in Linz"
	in := client.GroupInput{Code: "linz", Name: &name, Condition: new(muster.Condition), Recalculate: true}
	err := json.Unmarshal([]byte(`{"match": "all", "groups": [{"match": "all", "conditions": [
		{"type": "field", "params": {"field": "city", "op": "is", "value": "Linz"}}]}]}`), in.Condition)
	if err == nil {
		_, err = c.CreateGroup(ctx, in)
	}
	if err == nil {
		_, err = c.SaveContact(ctx, client.ContactChange{Identifiers: muster.Identifiers{VisitorID: "v-1"}, Fields: map[string]any{"city": "Linz"}})
	}
	if err != nil {
		log.Fatal(err)
	}
}
