package importer

import (
	"strings"
	"testing"
)

// Internal because the tables are: which of two meanings wins would otherwise
// depend on the order of a map.
func TestNoHeadingHasTwoMeanings(t *testing.T) {
	for kind, table := range map[Kind]map[string]string{Contacts: headings, Activities: activityHeadings} {
		meaning := map[string]string{}
		for target, names := range table {
			for _, name := range strings.Split(names, ",") {
				key := letters(name)
				if other, ok := meaning[key]; ok && other != target {
					t.Errorf("%s: %q means %s and %s", kind, strings.TrimSpace(name), other, target)
				}
				meaning[key] = target
			}
		}
	}
}
