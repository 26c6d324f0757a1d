package definition

import "strings"

// Difference shows a change line by line: lines that go begin with -, lines
// that come with +, lines that stay with a blank. The first line says what
// happens to what.
func (c Change) Difference() string {
	verb := "change"
	switch {
	case c.Was == "":
		verb = "create"
	case c.Is == "":
		verb = "delete"
	}
	var b strings.Builder
	b.WriteString(verb + " " + c.Kind.Noun() + " " + c.Code + "\n")
	if verb == "delete" {
		return b.String()
	}
	for _, line := range difference(lines(c.Was), lines(c.Is)) {
		b.WriteString("  " + line + "\n")
	}
	return b.String()
}

func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// difference is the shortest edit from one list of lines to the other.
func difference(was, is []string) []string {
	// common[i][j] is how many lines was[i:] and is[j:] have in common, in order.
	common := make([][]int, len(was)+1)
	for i := range common {
		common[i] = make([]int, len(is)+1)
	}
	for i := len(was) - 1; i >= 0; i-- {
		for j := len(is) - 1; j >= 0; j-- {
			if was[i] == is[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var out []string
	i, j := 0, 0
	for i < len(was) || j < len(is) {
		switch {
		case i < len(was) && j < len(is) && was[i] == is[j]:
			out = append(out, "  "+was[i])
			i, j = i+1, j+1
		case i < len(was) && (j == len(is) || common[i+1][j] >= common[i][j+1]):
			out = append(out, "- "+was[i])
			i++
		default:
			out = append(out, "+ "+is[j])
			j++
		}
	}
	return out
}
