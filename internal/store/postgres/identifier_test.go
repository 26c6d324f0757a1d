package postgres_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
)

// No key of a table says that an identifier has one owner: it holds because each
// commit looks who has it, and sees what all commits before have given.
func TestAnIdentifierHasOneOwnerAlsoWhenTwoNodesGiveItAtOnce(t *testing.T) {
	url := empty(t)
	const people = 60
	var nodes [2]*postgres.Store
	for i := range nodes {
		s, err := postgres.Open(t.Context(), url, postgres.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		nodes[i] = s
	}
	var together sync.WaitGroup
	for i, s := range nodes {
		together.Go(func() {
			for n := range people {
				if err := s.Update(t.Context(), func(tx store.Tx) error { return welcome(tx, i, n) }); err != nil {
					t.Errorf("node %d, person %d: %v", i, n, err)
				}
			}
		})
	}
	together.Wait()
	conn, err := pgtest.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for what, values := range map[string]string{
		"emails": `select email_folded from contact`, "external ids": `select external_id from contact`,
		"visitor ids": `select value from visitor`, "ids": `select id::text from contact`,
	} {
		var all, different int
		if err := conn.QueryRow(t.Context(), `select count(*), count(distinct value) from (`+values+`) as given(value)`).Scan(&all, &different); err != nil {
			t.Fatal(err)
		}
		if all != people || different != people {
			t.Errorf("%s: got %d, of them different %d, want %d", what, all, different, people)
		}
	}
}

// welcome makes a person unless somebody has one of its identifiers.
func welcome(tx store.Tx, node, n int) error {
	email, external, visitor := fmt.Sprintf("P%d@example.com", n), fmt.Sprintf("C-%d", n), fmt.Sprintf("v%d", n)
	if tx.ByEmail(email) != 0 || tx.ByExternalID(external) != 0 || tx.ByVisitor(visitor) != 0 {
		return nil
	}
	no, err := tx.CreateContact(muster.ContactID{0: byte(node + 1), 1: byte(n)}, 0)
	if err != nil {
		return err
	}
	if err := tx.SetEmail(no, email); err != nil {
		return err
	}
	if err := tx.SetExternalID(no, external); err != nil {
		return err
	}
	return tx.AddVisitor(no, visitor)
}
