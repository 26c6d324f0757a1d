package roster

// Settled is State between two commits: it goes with what the store shows until
// the next one. State itself may be a moment behind a commit that readers of
// the store see already.
func (r *Roster) Settled() *State {
	r.commit.Lock()
	defer r.commit.Unlock()
	return r.State()
}
