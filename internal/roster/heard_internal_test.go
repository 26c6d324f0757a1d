package roster

import (
	"encoding/binary"
	"testing"

	"github.com/muster-groups/muster"
)

// A node to which nobody sends ids learns those of the others, and forgets them, too.
func TestWhatOthersHaveHeardIsForgotten(t *testing.T) {
	h := &heard{at: map[uint64]muster.Instant{}}
	const hours, each = 240, 20
	for hour := range hours {
		page := heardPage{at: muster.Instant(1_000_000 + hour*3600)}
		var body []byte
		for n := range each {
			body = binary.BigEndian.AppendUint64(body, uint64(hour*each+n))
		}
		if err := h.follow(map[string][]byte{page.code(): body}); err != nil {
			t.Fatal(err)
		}
	}
	if ids, pages := len(h.at), len(h.pages); ids != 48*each || pages != 48 {
		t.Errorf("after %d hours: got %d ids on %d pages, want those of the last 48", hours, ids, pages)
	}
}
