package postgres

import "github.com/muster-groups/muster"

// Expect does nothing yet: each question goes to the database by itself.
func (t *transaction) Expect([]muster.Item) {}
