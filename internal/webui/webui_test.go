package webui_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/muster-groups/muster/internal/webui"
)

func files() fstest.MapFS {
	return fstest.MapFS{
		"index.html":          {Data: []byte(`<meta name="csp-nonce" content="__CSP_NONCE__"><div id="root"></div>`)},
		"assets/app-1a2b.js":  {Data: []byte("console.log(1);" + strings.Repeat(" // padding", 200))},
		"assets/logo-9f.png":  {Data: []byte("\x89PNG")},
		"color-scheme.js":     {Data: []byte("1")},
		".vite/manifest.json": {Data: []byte("{}")},
		".keep":               {},
	}
}

func get(t *testing.T, h http.Handler, target string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest("GET", target, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestEveryAddressOfTheUIAnswersItsPage(t *testing.T) {
	h := webui.From(files())
	for _, target := range []string{"/", "/index.html", "/groups", "/groups/vip/condition", "/contacts/0190-1", "/.vite/manifest.json", "/.keep", "/../../etc/passwd"} {
		r := get(t, h, target)
		if body := text(t, r); r.StatusCode != 200 || !strings.Contains(body, `id="root"`) || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("GET %s: got %d %q, %q; want the page, not stored", target, r.StatusCode, r.Header.Get("Cache-Control"), body)
		}
	}
}

func TestEveryPageHasANonceOfItsOwnAndAllowsNothingElse(t *testing.T) {
	h := webui.From(files())
	seen := map[string]bool{}
	for range 3 {
		r := get(t, h, "/")
		nonce := regexp.MustCompile(`content="([^"]+)"`).FindStringSubmatch(text(t, r))[1]
		policy := r.Header.Get("Content-Security-Policy")
		if seen[nonce] || !strings.Contains(policy, "style-src 'self' 'nonce-"+nonce+"'") || strings.Contains(policy, "unsafe") {
			t.Errorf("policy %q with nonce %q; want a fresh nonce in it and nothing unsafe", policy, nonce)
		}
		seen[nonce] = true
	}
}

func TestFilesWithAHashMayBeKeptForEver(t *testing.T) {
	h := webui.From(files())
	for target, want := range map[string]string{
		"/assets/app-1a2b.js": "public, max-age=31536000, immutable",
		"/assets/logo-9f.png": "public, max-age=31536000, immutable",
		"/color-scheme.js":    "no-cache",
	} {
		if r := get(t, h, target); r.StatusCode != 200 || r.Header.Get("Cache-Control") != want || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("GET %s: got %d, Cache-Control %q; want 200, %q", target, r.StatusCode, r.Header.Get("Cache-Control"), want)
		}
	}
	if r := get(t, h, "/assets/gone-77.js"); r.StatusCode != 404 {
		t.Errorf("GET of an asset of an earlier build: got %d, want 404", r.StatusCode)
	}
}

func TestScriptsAreCompressedForThoseWhoCanReadIt(t *testing.T) {
	h := webui.From(files())
	plain := text(t, get(t, h, "/assets/app-1a2b.js"))
	r := get(t, h, "/assets/app-1a2b.js", "Accept-Encoding", "br, gzip")
	if r.Header.Get("Content-Encoding") != "gzip" || r.Header.Get("Vary") != "Accept-Encoding" {
		t.Fatalf("got %v, want it compressed with gzip", r.Header)
	}
	unpacked, err := gzip.NewReader(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(unpacked); err != nil || string(got) != plain {
		t.Errorf("unpacked: got %q, %v; want %q", got, err, plain)
	}
}

func TestOnlyReadingIsPossible(t *testing.T) {
	w := httptest.NewRecorder()
	webui.From(files()).ServeHTTP(w, httptest.NewRequest("POST", "/groups", nil))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: got %d, Allow %q; want 405, GET, HEAD", w.Code, w.Header().Get("Allow"))
	}
}

func TestWithoutABuildThePageSaysHowToBuild(t *testing.T) {
	if body := text(t, get(t, webui.From(fstest.MapFS{".keep": {}}), "/")); !strings.Contains(body, "make build") || strings.Contains(body, "__CSP_NONCE__") {
		t.Errorf("got %q; want a page that names make build, with its nonce", body)
	}
}
