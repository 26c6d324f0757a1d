package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/cmd/muster/bench"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/sample"
	"github.com/muster-groups/muster/internal/store"
)

// storyDocument is kept in the store when the story is complete, so that a kept
// demonstration goes on as the same shop.
type storyDocument struct {
	Seed       uint64         `json:"seed"`
	Contacts   int            `json:"contacts"`
	Activities int            `json:"activities"`
	End        muster.Instant `json:"end"`
}

func (d storyDocument) story() *sample.Story {
	return sample.NewStory(d.Seed, d.Contacts, d.Activities, d.End)
}

const docStory = "demo"

// tellStory plays the story of a year in an empty store, with a clock that runs
// through that year: the groups live through it as they would have, so there
// is a history to look at. A store that has a story keeps it.
func tellStory(ctx context.Context, st store.Store, d storyDocument, tell progress) (*sample.Story, error) {
	var documents map[string][]byte
	empty := true
	err := st.View(ctx, func(v store.View) (err error) {
		documents, err = v.Documents(docStory)
		empty = v.Tick() == 0
		return err
	})
	if err != nil {
		return nil, err
	}
	if kept, ok := documents[docStory]; ok {
		if err := json.Unmarshal(kept, &d); err != nil {
			return nil, fmt.Errorf("the story that is kept: %w", err)
		}
		return d.story(), nil
	}
	if !empty {
		return nil, errors.New("there is other data, or a demonstration that was not completed; give an empty place, or serve it with muster serve")
	}
	d.End = muster.InstantOf(time.Now())
	tell("imagining a year", -1)
	story := d.story()
	now := story.Start
	r, err := roster.Open(ctx, st, roster.Options{Manual: true, Clock: roster.ClockFunc(func() muster.Instant { return now })})
	if err != nil {
		return nil, err
	}
	err = play(ctx, r, story, &now, tell)
	if err == nil {
		var document []byte
		if document, err = json.Marshal(d); err == nil {
			err = r.PutDocument(ctx, docStory, docStory, document)
		}
	}
	return story, errors.Join(err, r.Close())
}

// play applies the story while now moves with it.
func play(ctx context.Context, r *roster.Roster, story *sample.Story, now *muster.Instant, tell progress) error {
	if err := bench.Define(ctx, r, sample.StoryDefinitions()); err != nil {
		return err
	}
	groups, err := sample.StoryGroups()
	if err != nil {
		return err
	}
	for _, g := range groups {
		_, _, err := r.SaveGroup(ctx, roster.Save{
			Create: true, Code: g.Code, Name: &g.Name, Description: &g.Description, Condition: &g.Condition,
			ShownToWebsites: &g.ShownToWebsites, Schedule: &g.Schedule, Author: "demo",
		})
		if err != nil {
			return fmt.Errorf("group %s: %w", g.Code, err)
		}
		job, err := r.Recalculate(ctx, g.Code)
		if err == nil {
			err = job.Wait(ctx)
		}
		if err != nil {
			return fmt.Errorf("group %s: %w", g.Code, err)
		}
	}
	// The past is told in days, the last fortnight in hours.
	width := func(from muster.Instant) muster.Instant {
		if from < story.End-14*86400 {
			return 86400
		}
		return 3600
	}
	for at, batch := range story.Batches(width) {
		*now = at
		result, err := r.Apply(ctx, batch)
		if err != nil {
			return err
		}
		for _, item := range result.Items {
			if item.Status == muster.Rejected {
				return fmt.Errorf("the story is wrong: %w", item.Err)
			}
		}
		tell("living through "+at.Time().Format("January 2006"), float64(at-story.Start)/float64(story.End-story.Start))
	}
	return nil
}
