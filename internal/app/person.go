package app

import (
	"context"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// Person is everything that is known of one person, as the law lets people ask for it.
type Person struct {
	ExportedAt muster.Instant `json:"exported_at"`
	Contact    Contact        `json:"contact"`
	Groups     []Membership   `json:"groups" nullable:"false"`
	Activities []Activity     `json:"activities" nullable:"false" doc:"All activities, latest first."`
	History    []Change       `json:"history" nullable:"false" doc:"When and why the person entered and left groups, latest first."`
}

// ExportPerson answers everything known of a contact; a merged id answers with
// its parent. It is read piece by piece, so that it holds no writer up.
func (a *App) ExportPerson(ctx context.Context, id muster.ContactID) (Person, error) {
	out := Person{Groups: []Membership{}, Activities: []Activity{}, History: []Change{}}
	err := a.view(ctx, func(v store.View) error { out.ExportedAt = v.Tick(); return nil })
	if err != nil {
		return out, err
	}
	if out.Contact, err = a.Contact(ctx, id); err != nil {
		return out, err
	}
	groups, err := a.ContactGroups(ctx, id)
	if err != nil {
		return out, err
	}
	out.Groups = groups.Items
	out.Activities, err = allPages(func(cursor string) (Page[Activity], error) {
		return a.ContactActivities(ctx, id, TimelineQuery{Cursor: cursor, Limit: 1000})
	})
	if err != nil {
		return out, err
	}
	out.History, err = allPages(func(cursor string) (Page[Change], error) {
		past, err := a.ContactHistory(ctx, id, cursor, 1000)
		return past.Page, err
	})
	return out, err
}

// allPages reads a list to its end.
func allPages[T any](page func(cursor string) (Page[T], error)) ([]T, error) {
	all, cursor := []T{}, ""
	for {
		p, err := page(cursor)
		if err != nil {
			return nil, err
		}
		all = append(all, p.Items...)
		if p.Next == nil {
			return all, nil
		}
		cursor = *p.Next
	}
}
