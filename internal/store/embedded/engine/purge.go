package engine

import (
	"slices"

	"github.com/muster-groups/muster/internal/store/embedded/record"
)

// purgeAtOnce is how many chunks one Purge looks at.
const purgeAtOnce = 64

// Purge does the physical part of erasure and retention: it gives back the
// space of dead rows and drops dictionary values that nothing refers to, which
// join the commit for the file to delete. Lock is held, outside a transaction's
// other writes. It does a bounded amount of work and answers whether more is
// left; while a scan runs it does nothing, because it moves rows.
func (e *Engine) Purge() (more bool) {
	if len(e.collectors) > 0 {
		return len(e.rows.thin) > 0
	}
	seen := 0
	for number := range e.rows.thin {
		if seen++; seen > purgeAtOnce {
			return true
		}
		e.compact(number)
	}
	for name, d := range e.values {
		if d == nil {
			continue
		}
		for _, code := range d.drop() {
			e.commit.Dropped = append(e.commit.Dropped, record.Entry{Dict: record.FirstAttribute + record.Dict(name), Code: code})
		}
	}
	for _, f := range e.fields {
		f.texts.dict.drop()
		f.choices.dict.drop()
	}
	e.decisions.texts.drop()
	return false
}

// compact removes the dead rows of a chunk and tells the postings where its
// living rows went. Their order of arrival stays.
func (e *Engine) compact(number uint32) {
	delete(e.rows.thin, number)
	c := e.rows.chunks[number]
	if c == nil || c.dead == 0 {
		return
	}
	if c.dead == c.n {
		e.rows.release(number)
		return
	}
	kept := 0
	for i := range c.n {
		if c.contact[i] == 0 {
			continue
		}
		if i != kept {
			old, moved := number<<chunkBits|uint32(i), number<<chunkBits|uint32(kept)
			refs := e.postings.list(e.people.root(c.contact[i]), c.kind)
			at := e.rows.before(refs, c.at(i))
			at += slices.Index(refs[at:], old)
			c.move(i, kept)
			refs[at] = moved
		}
		kept++
	}
	c.truncate(kept)
}
