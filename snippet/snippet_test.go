package snippet_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/muster-groups/muster/snippet"
)

const most = 5000 // bytes, compressed

func get(header http.Header) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodGet, "/muster.js", nil)
	for name, values := range header {
		request.Header[name] = values
	}
	answer := httptest.NewRecorder()
	snippet.New().ServeHTTP(answer, request)
	return answer
}

func TestTheSnippetIsSmall(t *testing.T) {
	answer := get(http.Header{"Accept-Encoding": {"gzip"}})
	if size := answer.Body.Len(); answer.Header().Get("Content-Encoding") != "gzip" || size >= most {
		t.Errorf("got %d bytes, packed as %q; want under %d, packed with gzip", size, answer.Header().Get("Content-Encoding"), most)
	}
}

func TestTheSnippetIsKeptByBrowsersAndRenewed(t *testing.T) {
	first := get(nil)
	if first.Code != 200 || !strings.Contains(first.Body.String(), "window.muster") || first.Header().Get("Cache-Control") != "public, max-age=3600" {
		t.Errorf("got %d %v; want the script, for an hour", first.Code, first.Header())
	}
	again := get(http.Header{"If-None-Match": {first.Header().Get("ETag")}})
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("got %d with %d bytes; want 304 and nothing", again.Code, again.Body.Len())
	}
}

func TestWhatOnlyPeopleReadIsLeftOut(t *testing.T) {
	got := snippet.Short("// a\n  var x = 1; // b\n\n\t// c\n  y();\n")
	if want := "var x = 1; // b\ny();\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
