package roster

// Settled is State between two commits of this process. On a store that others
// share, State itself may be a moment behind a commit that readers of the store
// see already; on any other it goes with what a reader sees.
func (r *Roster) Settled() *State {
	r.commit.Lock()
	defer r.commit.Unlock()
	return r.State()
}
