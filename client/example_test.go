package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"strings"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/test/instance"
)

// connect starts a server for an example and makes a client of it. Elsewhere
// that is client.New("https://muster.example.com", os.Getenv("MUSTER_KEY")).
func connect(ctx context.Context) (c *client.Client, end func()) {
	i, err := instance.New(ctx)
	if err != nil {
		log.Fatal(err)
	}
	if c, err = client.New(i.URL, i.Key); err != nil {
		log.Fatal(err)
	}
	return c, func() {
		if err := i.Close(); err != nil {
			log.Fatal(err)
		}
	}
}

// must keeps examples short; programs return errors.
func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

// linz is everybody in Linz.
func linz() client.GroupInput {
	var condition muster.Condition
	if err := json.Unmarshal([]byte(`{"match": "all", "groups": [{"match": "all", "conditions": [
		{"type": "field", "params": {"field": "city", "op": "is", "value": "Linz"}}]}]}`), &condition); err != nil {
		log.Fatal(err)
	}
	name := "People in Linz"
	return client.GroupInput{Code: "linz", Name: &name, Condition: &condition, Recalculate: true}
}

// Contacts are created or updated by what is known of them. The answer says
// what the change did.
func ExampleClient_SaveContact() {
	ctx := context.Background()
	c, end := connect(ctx)
	defer end()
	group := must(c.CreateGroup(ctx, linz()))
	fmt.Println(group.Sentence)

	answer := must(c.SaveContact(ctx, client.ContactChange{
		Identifiers: muster.Identifiers{ExternalID: "4711", Email: "ada@example.com"},
		Fields:      map[string]any{"first_name": "Ada", "city": "Linz"},
	}))
	fmt.Println("created:", answer.Created, "entered:", answer.Entered)
	answer = must(c.SaveContact(ctx, client.ContactChange{
		Identifiers: muster.Identifiers{ExternalID: "4711"},
		Fields:      map[string]any{"city": "Graz"},
	}))
	fmt.Println("created:", answer.Created, "left:", answer.Left)
	// Output:
	// Contact's City is “Linz”
	// created: true entered: [linz]
	// created: false left: [linz]
}

// Activities carry an id of the sender's, so that sending them again is harmless.
func ExampleClient_RecordActivities() {
	ctx := context.Background()
	c, end := connect(ctx)
	defer end()
	order := client.ActivityInput{
		Contact: muster.Identifiers{ExternalID: "4711"}, Type: "purchase", ID: "order-1",
		Attributes: map[string]any{"amount": 99.5, "currency": "EUR"},
	}
	for range 2 {
		answer := must(c.RecordActivities(ctx, order))
		fmt.Println(answer.Results[0].Status)
	}
	// Output:
	// accepted
	// duplicate
}

// Many changes go as a stream. What is refused is told line by line, and the
// others are taken.
func ExampleClient_LoadLines() {
	ctx := context.Background()
	c, end := connect(ctx)
	defer end()
	lines := func(yield func(client.Line) bool) {
		for _, city := range []string{"Linz", "Wels", "Linz"} {
			who := muster.Identifiers{Email: strings.ToLower(city) + "@example.com"}
			if !yield(client.Line{Contact: &client.ContactChange{Identifiers: who, Fields: map[string]any{"city": city}}}) {
				return
			}
		}
		yield(client.Line{Activity: &client.ActivityInput{Contact: muster.Identifiers{Email: "linz@example.com"}, Type: "nonsense"}})
	}
	summary := must(c.LoadLines(ctx, lines, client.LoadOptions{Results: func(r client.LineResult) error {
		fmt.Printf("line %d: %s\n", r.Line, r.Error.Message)
		return nil
	}}))
	fmt.Println(summary.Accepted, "taken,", summary.Rejected, "refused")
	// Output:
	// line 4: there is no activity type "nonsense"
	// 3 taken, 1 refused
}

// The groups of one contact, for personalisation; package personalize does this
// for net/http.
func ExampleClient_Lookup() {
	ctx := context.Background()
	c, end := connect(ctx)
	defer end()
	must(c.CreateGroup(ctx, linz()))
	must(c.SaveContact(ctx, client.ContactChange{Identifiers: muster.Identifiers{VisitorID: "v-1"}, Fields: map[string]any{"city": "Linz"}}))

	fmt.Println(must(c.Lookup(ctx, muster.Identifiers{VisitorID: "v-1"})).Groups)
	fmt.Println(must(c.Lookup(ctx, muster.Identifiers{VisitorID: "nobody"})).Groups)
	// Output:
	// [linz]
	// []
}

// Who entered and left, as it happens. The number of the last record that was
// dealt with is all there is to remember.
func ExampleClient_Follow() {
	ctx := context.Background()
	c, end := connect(ctx)
	defer end()
	must(c.CreateGroup(ctx, linz()))
	for _, city := range []string{"Linz", "Graz"} {
		must(c.SaveContact(ctx, client.ContactChange{Identifiers: muster.Identifiers{ExternalID: "4711"}, Fields: map[string]any{"city": city}}))
	}

	dealtWith := muster.Seq(0)
	for change, err := range c.Follow(ctx, client.FeedQuery{After: dealtWith}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(change.Seq, change.Group, change.Direction, "because of", change.Cause.Kind, change.Cause.Code)
		if dealtWith = change.Seq; dealtWith == 2 {
			break
		}
	}
	// Output:
	// 1 linz entered because of field city
	// 2 linz left because of field city
}

// Recipients of a mailing: the count first, then each of them, all of one instant.
func ExampleClient_StreamRecipients() {
	ctx := context.Background()
	c, end := connect(ctx)
	defer end()
	must(c.Lists().Put(ctx, muster.Named{Code: "news", Name: "News"}))
	must(c.CreateGroup(ctx, linz()))
	for _, name := range []string{"ada", "bob", "cy"} {
		must(c.SaveContact(ctx, client.ContactChange{
			Identifiers: muster.Identifiers{Email: name + "@example.com"}, Fields: map[string]any{"city": "Linz"},
			Lists: map[string]client.Decision{"news": {State: map[bool]string{true: "unsubscribed", false: "receiving"}[name == "bob"]}},
		}))
	}

	count, recipients, err := c.StreamRecipients(ctx, client.Recipients{List: "news", Include: []string{"linz"}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(count.Count, "recipients; the group is", count.Groups[0].Status)
	for contact, err := range recipients {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(*contact.Email)
	}
	// Output:
	// 2 recipients; the group is up_to_date
	// ada@example.com
	// cy@example.com
}

// A file is handed over and imported by the server, which goes on with it even
// when it is restarted.
func ExampleClient_NewImport() {
	ctx := context.Background()
	c, end := connect(ctx)
	defer end()
	file := "Email;First name;Birthday\nada@example.com;Ada;10.12.1985\nbob@example.com;Bob;31.2.1990\n"

	made := must(c.NewImport(ctx, "contacts", "people.csv", strings.NewReader(file)))
	done := must(c.RunImport(ctx, made.ID, true))
	fmt.Println(done.State, done.Progress.Accepted, "taken,", done.Progress.Rejected, "rejected")
	fmt.Println(done.Rejects[0].Line, done.Rejects[0].Reason)
	// Output:
	// finished 1 taken, 1 rejected
	// 3 Birthday: "31.2.1990" is not a date or time that can be read: expected a form like 2026-01-31 12:00:00
}

// What the server refuses says where, and what was expected.
func ExampleClient_errors() {
	ctx := context.Background()
	c, end := connect(ctx)
	defer end()
	_, err := c.SaveContact(ctx, client.ContactChange{Identifiers: muster.Identifiers{ExternalID: "4711"}, Fields: map[string]any{"shoe_size": 38}})
	var refused *muster.Error
	if errors.As(err, &refused) {
		fmt.Println(refused.Code, refused.Problems[0].Location)
	}
	_, err = c.Group(ctx, "none")
	fmt.Println(client.IsNotFound(err))
	// Output:
	// invalid /fields/shoe_size
	// true
}
