package roster

import (
	"context"
	"encoding/json"
	"maps"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// withGroup is the state with one group written, or removed when g is nil.
func (s *State) withGroup(code string, g *muster.Group) *State {
	next := s.copy()
	next.Groups = maps.Clone(s.Groups)
	if g == nil {
		delete(next.Groups, code)
	} else {
		next.Groups[code] = g
	}
	next.index()
	return next
}

// copy shares everything with s but the state and the schema themselves; a
// caller clones the maps it writes to.
func (s *State) copy() *State {
	schema := *s.Schema
	return &State{Schema: &schema, Groups: s.Groups, ByNo: s.ByNo, Settings: s.Settings, Retention: s.Retention, Deleted: s.Deleted, run: s.run}
}

// edit returns a copy of a group that may be modified, with its own versions.
func edit(g *muster.Group) *muster.Group {
	next := *g
	next.Versions = append([]muster.Version(nil), g.Versions...)
	if g.Schedule != nil {
		schedule := *g.Schedule
		next.Schedule = &schedule
	}
	return &next
}

// putGroup writes a group's document and makes it part of the commit's state.
func (c *commit) putGroup(g *muster.Group) error {
	if err := c.put(docGroup, g.Code, g); err != nil {
		return err
	}
	c.state = c.state.withGroup(g.Code, g)
	return nil
}

func (c *commit) put(kind, code string, doc any) error {
	body, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	return c.tx.Put(kind, code, body)
}

// PutDocument keeps a document that the roster does not read, such as a key.
// The kinds of the roster's own documents are refused.
func (r *Roster) PutDocument(ctx context.Context, kind, code string, body []byte) error {
	if err := foreign(kind); err != nil {
		return err
	}
	r.commit.Lock()
	defer r.commit.Unlock()
	_, err := r.write(ctx, func(c *commit) error { return c.tx.Put(kind, code, body) })
	return err
}

// DeleteDocument removes a document kept with PutDocument.
func (r *Roster) DeleteDocument(ctx context.Context, kind, code string) error {
	if err := foreign(kind); err != nil {
		return err
	}
	r.commit.Lock()
	defer r.commit.Unlock()
	_, err := r.write(ctx, func(c *commit) error { return c.tx.Delete(kind, code) })
	return err
}

// Documents answers all documents of a kind by code.
func (r *Roster) Documents(ctx context.Context, kind string) (docs map[string][]byte, err error) {
	err = r.store.View(ctx, func(v store.View) error {
		docs, err = v.Documents(kind)
		return err
	})
	return docs, err
}

func foreign(kind string) error {
	switch kind {
	case docField, docActivityType, docConsent, docList, docChannel, docGroup, docDeletedGroup, docGap, docSettings, docHeard, docRetention, docRetentionRun, docErased:
		return muster.Errorf(muster.CodeInternal, "documents of kind %s are written by their own calls", kind)
	}
	return nil
}
