// Package snippet serves muster.js, the script that websites without an SDK
// carry: page visits, forms, clicks, activities of one's own, consent, and the
// groups of the visitor. What it sends goes to the collection API.
//
// It knows files and HTTP headers only.
package snippet

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
)

//go:embed muster.js
var source string

// Handler answers the script. It is safe for concurrent use.
type Handler struct {
	plain, zipped []byte
	tag           string
}

// New makes the handler.
func New() *Handler {
	h := &Handler{plain: []byte(Short(source))}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err == nil {
		_, err = z.Write(h.plain)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic("snippet: " + err.Error()) // writing to memory does not fail
	}
	h.zipped = b.Bytes()
	sum := sha256.Sum256(h.plain)
	h.tag = `"` + hex.EncodeToString(sum[:8]) + `"`
	return h
}

// Short leaves out what only people read: indentation, empty lines, and lines
// that hold nothing but a comment.
func Short(script string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(script, "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			b.WriteString(line)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// ServeHTTP answers the script to every website. Browsers keep it for an hour.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", "text/javascript; charset=utf-8")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Cross-Origin-Resource-Policy", "cross-origin")
	header.Set("Cache-Control", "public, max-age=3600")
	header.Set("Vary", "Accept-Encoding")
	header.Set("ETag", h.tag)
	if r.Header.Get("If-None-Match") == h.tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	content := h.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		header.Set("Content-Encoding", "gzip")
		content = h.zipped
	}
	header.Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content) // a client that went away needs no file
}
