// Package webui serves the admin UI: the files that `make build` makes of web/
// and puts into dist/, embedded into the binary. Without them it serves a page
// that says how to build.
//
// It knows files and HTTP headers only; what the UI shows comes from the API.
package webui

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"embed"
	"encoding/base64"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed all:dist
var built embed.FS

//go:embed placeholder.html
var placeholder []byte

// nonceMark stands in index.html where an answer's nonce goes.
const nonceMark = "__CSP_NONCE__"

// Handler serves the UI. It is safe for concurrent use.
type Handler struct {
	files fs.FS
	index []byte

	mu     sync.Mutex
	zipped map[string][]byte // by name, made when first asked for
}

// New serves the UI that was built into the binary.
func New() *Handler {
	files, err := fs.Sub(built, "dist")
	if err != nil {
		panic("webui: " + err.Error()) // dist is a valid name
	}
	return From(files)
}

// From serves a UI from its built files.
func From(files fs.FS) *Handler {
	h := &Handler{files: files, index: placeholder, zipped: map[string][]byte{}}
	index, err := fs.ReadFile(files, "index.html")
	if err == nil {
		h.index = index
	} else if !errors.Is(err, fs.ErrNotExist) {
		panic("webui: " + err.Error()) // embedded files can be read
	}
	return h
}

// ServeHTTP answers a file of the UI, or its page for every address that the
// UI itself may know.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		http.Error(w, "expected GET or HEAD here", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name == "" || name == "index.html" || strings.HasPrefix(path.Base(name), ".") || strings.HasPrefix(name, ".") {
		h.page(w)
		return
	}
	content, err := fs.ReadFile(h.files, name)
	switch {
	case err == nil:
		h.file(w, r, name, content)
	case strings.HasPrefix(name, "assets/"):
		// A page of an earlier build asks for what is gone; the page is no answer to it.
		http.NotFound(w, r)
	default:
		h.page(w)
	}
}

// page answers the UI's page with a nonce of its own for the styles that the
// UI inserts. Scripts come from files only.
func (h *Handler) page(w http.ResponseWriter) {
	var random [18]byte
	rand.Read(random[:]) // never fails
	nonce := base64.StdEncoding.EncodeToString(random[:])
	header := w.Header()
	header.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-"+nonce+"'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	_, _ = w.Write(bytes.ReplaceAll(h.index, []byte(nonceMark), []byte(nonce))) // a client that went away needs no page
}

// file answers a built file. Those in assets/ carry a hash of their content in
// their name and never change.
func (h *Handler) file(w http.ResponseWriter, r *http.Request, name string, content []byte) {
	header := w.Header()
	kind := mime.TypeByExtension(path.Ext(name))
	if kind == "" {
		kind = "application/octet-stream"
	}
	header.Set("Content-Type", kind)
	header.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if compresses(kind) {
		header.Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			if smaller := h.gzipped(name, content); smaller != nil {
				header.Set("Content-Encoding", "gzip")
				content = smaller
			}
		}
	}
	header.Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content) // a client that went away needs no file
}

func compresses(kind string) bool {
	return strings.HasPrefix(kind, "text/") || strings.Contains(kind, "javascript") || strings.Contains(kind, "json") || strings.Contains(kind, "svg")
}

// gzipped answers a file compressed, nil when that does not make it smaller.
func (h *Handler) gzipped(name string, content []byte) []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	if smaller, known := h.zipped[name]; known {
		return smaller
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil || b.Len() >= len(content) {
		h.zipped[name] = nil
		return nil
	}
	h.zipped[name] = b.Bytes()
	return h.zipped[name]
}
