package roster

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
)

// follower is a program that takes part in every commit: the active condition
// of a group, or a shadow of it that a recalculation prepares.
type follower struct {
	group   muster.GroupNo
	code    string
	program *program
	// level orders evaluation: a follower reads only groups of lower levels.
	level int

	// shadow is set for a follower that is not in force yet.
	shadow *shadow
	// of is the program whose next turn this shadow prepares; nil for other followers.
	of *program
	// missed are the contacts that a shadow has yet to look at, because other
	// processes have; missedAll is everybody.
	missed    *roaring.Bitmap
	missedAll bool

	// What the running commit has found out; reset when it begins.
	touched  *roaring.Bitmap
	everyone bool
	// byGroup names which of touched came from a referenced group, and which group.
	byGroup     *roaring.Bitmap
	byGroupCode string
	// turned is the shadow that this commit brings into force; it answers for
	// the follower.
	turned *follower
}

// shadow is the membership that a follower will have once it is in force.
type shadow struct {
	// reads are the shadows of groups that this one is computed on top of.
	reads map[muster.GroupNo]*follower
	// members is complete once the scan is in; nil before.
	members *roaring.Bitmap
	// seen are the contacts evaluated by commits since the shadow began, in
	// are those of them that match: they overrule the scan. seenAll is that a
	// commit has evaluated everybody, so that the scan says nothing new, also of
	// those who are contacts no more.
	seen, in *roaring.Bitmap
	seenAll  bool
}

func newShadow(reads map[muster.GroupNo]*follower) *shadow {
	return &shadow{reads: reads, seen: roaring.New(), in: roaring.New()}
}

// complete takes the scan's answer in, and lets what commits saw meanwhile overrule it.
func (s *shadow) complete(scanned *roaring.Bitmap) {
	if s.seenAll {
		scanned.Clear()
	}
	scanned.AndNot(s.seen)
	scanned.Or(s.in)
	s.members, s.seen, s.in = scanned, nil, nil
}

// update takes in what a commit found for some contacts, nil being everybody, and
// answers those whose membership in a complete shadow changed.
func (s *shadow) update(of, matching *roaring.Bitmap) (changed *roaring.Bitmap) {
	if of == nil {
		return s.replace(matching)
	}
	if s.members == nil {
		s.seen.Or(of)
		s.in.AndNot(of)
		s.in.Or(matching)
		return roaring.New()
	}
	changed = roaring.And(s.members, of)
	changed.Xor(matching)
	s.members.AndNot(of)
	s.members.Or(matching)
	return changed
}

// replace is update of everybody.
func (s *shadow) replace(matching *roaring.Bitmap) (changed *roaring.Bitmap) {
	if s.members == nil {
		s.seenAll, s.seen, s.in = true, roaring.New(), matching.Clone()
		return roaring.New()
	}
	changed = roaring.Xor(s.members, matching)
	s.members = matching.Clone()
	return changed
}

// scanning reports whether a shadow waits for the scan that completes it.
func (f *follower) scanning() bool { return f.shadow != nil && f.shadow.members == nil }

// overrides are the memberships that a shadow reads instead of those in force.
func (f *follower) overrides() map[muster.GroupNo]*roaring.Bitmap {
	if f.shadow == nil || len(f.shadow.reads) == 0 {
		return nil
	}
	out := make(map[muster.GroupNo]*roaring.Bitmap, len(f.shadow.reads))
	for group, read := range f.shadow.reads {
		out[group] = read.shadow.members
	}
	return out
}

func (f *follower) begin() {
	f.touched, f.everyone, f.byGroup, f.byGroupCode, f.turned = nil, f.missedAll, nil, "", nil
	if f.missed != nil {
		f.touch(f.missed)
	}
}

func (f *follower) touch(set *roaring.Bitmap) {
	if f.everyone || set.IsEmpty() {
		return
	}
	if f.touched == nil {
		f.touched = set.Clone()
		return
	}
	f.touched.Or(set)
}

func (f *follower) touchOne(no muster.ContactNo) {
	if f.everyone {
		return
	}
	if f.touched == nil {
		f.touched = roaring.New()
	}
	f.touched.Add(uint32(no))
}

func (f *follower) touchByGroup(code string, set *roaring.Bitmap) {
	f.touch(set)
	if f.byGroup == nil {
		f.byGroup = set.Clone()
	} else {
		f.byGroup.Or(set)
	}
	f.byGroupCode = code
}

// liveSet is all followers, in order of level, with the index from changes to
// those that can notice them.
type liveSet struct {
	at        muster.Instant
	groups    map[muster.GroupNo]*follower
	shadows   []*follower
	turn      muster.Instant // of the calendar, looked at last
	ahead     []*follower    // shadows as of the turn
	followers []*follower
	index     *index
}

// rebuild orders the followers and makes the index anew, after a program came or went.
func (l *liveSet) rebuild() {
	levels := map[*follower]int{}
	var level func(f *follower) int
	level = func(f *follower) int {
		if n, known := levels[f]; known {
			return n
		}
		levels[f] = 0 // conditions have no cycles: the save refused them
		n := 0
		for _, group := range f.program.deps.Groups {
			read := l.groups[group]
			if f.shadow != nil && f.shadow.reads[group] != nil {
				read = f.shadow.reads[group]
			}
			if read != nil && read != f {
				n = max(n, level(read)+1)
			}
		}
		levels[f] = n
		return n
	}
	l.followers = l.followers[:0]
	for _, f := range l.groups {
		l.followers = append(l.followers, f)
	}
	l.followers = append(l.followers, l.shadows...)
	l.followers = append(l.followers, l.ahead...)
	for _, f := range l.followers {
		f.level = level(f)
	}
	slices.SortStableFunc(l.followers, func(a, b *follower) int {
		if a.level != b.level {
			return a.level - b.level
		}
		if (a.shadow == nil) != (b.shadow == nil) {
			if a.shadow == nil {
				return -1
			}
			return 1
		}
		return int(a.group) - int(b.group)
	})
	l.index = newIndex(l.followers)
}

func (l *liveSet) add(shadows ...*follower) {
	l.shadows = append(l.shadows, shadows...)
	l.rebuild()
}

func (l *liveSet) remove(shadows ...*follower) {
	l.shadows = slices.DeleteFunc(l.shadows, func(f *follower) bool { return slices.Contains(shadows, f) })
	l.rebuild()
}
