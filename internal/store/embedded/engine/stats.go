package engine

import "github.com/muster-groups/muster/internal/store"

// Stats answers sizes by what they hold; "disk" is the file's to add.
func (e *Engine) Stats() store.Stats {
	columns, dictionaries := int64(0), int64(0)
	for _, f := range e.fields {
		c, d := f.size()
		columns, dictionaries = columns+c, dictionaries+d
	}
	for _, d := range e.values {
		if d != nil {
			dictionaries += d.size()
		}
	}
	sets := int64(e.people.parents.set.GetSizeInBytes() + e.people.identified.GetSizeInBytes())
	history := e.log.size()
	for _, g := range e.groups {
		sets += int64(g.members.set.GetSizeInBytes())
		history += int64(cap(g.runs)+cap(g.blocks))*4 + int64(cap(g.large))*8 + g.floor.size()
		for _, m := range g.marks {
			history += int64(m.members.GetSizeInBytes())
		}
	}
	stats := store.Stats{
		Contacts:   int64(e.people.parents.set.GetCardinality()),
		Activities: e.rows.alive,
		Changes:    int64(e.log.seq - e.log.horizon.Seq),
		Bytes: map[string]int64{
			"activities":   e.rows.size() + e.postings.size() + e.active.words.size() + e.remembered.size(),
			"contacts":     e.people.size() + columns + e.decisions.size(),
			"dictionaries": dictionaries,
			"history":      history,
			"sets":         sets,
		},
	}
	for _, m := range e.people.merged {
		stats.Merged += int64(len(m))
	}
	return stats
}
