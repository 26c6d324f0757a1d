package house_test

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// A leak is something of one machine or of one way of fetching that does not
// belong in the repository. The patterns are spelled so that they do not find
// themselves.
var leaks = []struct{ what, pattern string }{
	{"a path of one machine", `(^|[\s"'=(:` + "`" + `])/(work|root|tmp)/[\w.]`},
	{"somebody's home directory", `/(home|Users)/[a-z][\w.-]*/[\w.]`},
	{"the address of a package registry", `https?://(registry|proxy|deb|npm|pypi|repo)[.]`},
}

func TestNoFileNamesAMachineOrARegistry(t *testing.T) {
	r := repository(t)
	for _, p := range r.paths {
		text := r.read(t, p)
		if path.Ext(p) == ".sum" || !utf8.ValidString(text) {
			continue // sums hold hashes, binary files hold no sentences
		}
		for i, line := range strings.Split(text, "\n") {
			if what := leak(line); what != "" {
				t.Errorf("%s:%d holds %s: %.120s", p, i+1, what, strings.TrimSpace(line))
			}
		}
	}
}

func leak(line string) string {
	for _, l := range leaks {
		if regexp.MustCompile(l.pattern).MatchString(line) {
			return l.what
		}
	}
	return ""
}

func TestLeaksAreNoticed(t *testing.T) {
	for line, want := range map[string]bool{
		`dir := "/` + `tmp/x"`:                 true,
		`see /` + `work/main`:                  true,
		`cp a /ho` + `me/ada/notes`:            true,
		`"resolved": "https://regi` + `stry.x`: true,
		`the page /works and /homepage`:        false,
		`t.TempDir()`:                          false,
		`https://example.org/proxy.html`:       false,
	} {
		if got := leak(line); (got != "") != want {
			t.Errorf("%s: got %q, want a leak: %v", line, got, want)
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

func TestLinksBetweenDocumentsLeadSomewhere(t *testing.T) {
	r := repository(t)
	for _, p := range r.with(".md") {
		for _, m := range link.FindAllStringSubmatch(withoutCode(r.read(t, p)), -1) {
			u, err := url.Parse(m[1])
			if err != nil || u.IsAbs() || u.Path == "" {
				continue // an address elsewhere, or a place in the same document
			}
			to := path.Join(path.Dir(p), u.Path)
			if !slices.ContainsFunc(r.paths, func(have string) bool { return have == to || strings.HasPrefix(have, to+"/") }) {
				t.Errorf("%s links to %s; want a file of the repository, there is no %s", p, m[1], to)
			}
		}
	}
}

// withoutCode drops fenced blocks, in which brackets are not links.
func withoutCode(text string) string {
	var b strings.Builder
	for i, part := range strings.Split(text, "```") {
		if i%2 == 0 {
			b.WriteString(part)
		}
	}
	return b.String()
}
