package file

import (
	"github.com/ncruces/go-sqlite3"
)

// words numbers the names that blobs repeat: codes of fields, decisions and
// causes, versions of agreements. They are few, never personal and never
// removed. Number 0 is the empty text.
type words struct {
	texts   []string
	numbers map[string]uint32
	fresh   []uint32 // given since the last row was written
}

func (w *words) load(db *sqlite3.Conn) error {
	w.texts, w.numbers = []string{""}, map[string]uint32{"": 0}
	s, _, err := db.Prepare("SELECT no, text FROM word ORDER BY no")
	if err != nil {
		return err
	}
	for s.Step() {
		if s.ColumnInt64(0) != int64(len(w.texts)) {
			_ = s.Close() // the damage is what the caller must hear of
			return damaged("word", s.ColumnInt64(0))
		}
		text := s.ColumnText(1)
		w.numbers[text] = uint32(len(w.texts))
		w.texts = append(w.texts, text)
	}
	return finish(s, nil)
}

// number answers the number of a text, giving it one when it has none.
func (w *words) number(text string) uint64 {
	no, known := w.numbers[text]
	if !known {
		no = uint32(len(w.texts))
		w.texts = append(w.texts, text)
		w.numbers[text] = no
		w.fresh = append(w.fresh, no)
	}
	return uint64(no)
}
