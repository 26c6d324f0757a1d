// Package client is the Go client of Muster's REST API, for programs and for
// Muster's own command line and end-to-end tests.
//
//	c, err := client.New("http://127.0.0.1:8080", os.Getenv("MUSTER_KEY"))
//	page, err := c.Groups(ctx, "")
//
// What the server refuses is a *muster.Error with the code, message and
// problems of its problem document.
//
// Time-outs are the context's: without a deadline a call takes as long as the
// server and the network let it. Requests that the server is too busy for (429,
// 503) are tried again as it asks, 5 times and at most 30 seconds apart, within
// the context; see WithRetries. A request that got no answer at all is not: the
// server may have done it. Sending it again is harmless where the change says so
// itself (a contact by its identifiers, an activity with an ID). Follow goes on
// by itself.
//
// The package imports nothing but the nouns and the standard library.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/muster-groups/muster"
)

// Client calls one server. It is safe for concurrent use.
type Client struct {
	base    string
	key     string
	http    *http.Client
	retries int
	wait    func(context.Context, time.Duration) error
}

// Option changes how a Client works.
type Option func(*Client)

// WithHTTPClient uses another HTTP client, for other transports or proxies.
// Its Timeout should be 0: loads, exports and feeds take as long as they take.
func WithHTTPClient(h *http.Client) Option { return func(c *Client) { c.http = h } }

// WithRetries sets how often a request is tried again when the server is too
// busy; 0 is never. The default is 5.
func WithRetries(n int) Option { return func(c *Client) { c.retries = n } }

// WithWait replaces how the client waits before it tries again.
func WithWait(wait func(context.Context, time.Duration) error) Option {
	return func(c *Client) { c.wait = wait }
}

// New makes a client of the server at a URL such as http://127.0.0.1:8080,
// with an API key ("" for calls that need none).
func New(server, key string, options ...Option) (*Client, error) {
	u, err := url.Parse(server)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, fmt.Errorf("%q is not the address of a server: expected a URL such as http://127.0.0.1:8080", server)
	}
	c := &Client{base: strings.TrimRight(server, "/"), key: key, http: &http.Client{}, retries: 5, wait: sleep}
	for _, option := range options {
		option(c)
	}
	return c, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Call makes any request under /api/v1: body is printed as JSON unless nil,
// and the answer read into out unless nil. The typed methods all go through it.
func (c *Client) Call(ctx context.Context, method, path string, body, out any) error {
	var encoded []byte
	if body != nil {
		var err error
		if encoded, err = json.Marshal(body); err != nil {
			return err
		}
	}
	response, err := c.send(ctx, method, "/api/v1"+path, encoded)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if out == nil || response.StatusCode == http.StatusNoContent {
		_, err = io.Copy(io.Discard, response.Body)
		return err
	}
	if err := json.NewDecoder(response.Body).Decode(out); err != nil {
		return fmt.Errorf("the server's answer to %s %s cannot be read: %w", method, path, err)
	}
	return nil
}

// send makes a request, again while the server is too busy. The answer is a
// success; its body is the caller's to close.
func (c *Client) send(ctx context.Context, method, path string, body []byte) (*http.Response, error) {
	for try := 0; ; try++ {
		var reader io.Reader
		if body != nil {
			reader = bytes.NewReader(body)
		}
		response, err := c.once(ctx, method, path, "application/json", reader)
		if err != nil {
			return nil, err
		}
		if response.StatusCode < 300 {
			return response, nil
		}
		failure := readProblem(response)
		busy := response.StatusCode == http.StatusTooManyRequests || response.StatusCode == http.StatusServiceUnavailable
		if !busy || try >= c.retries {
			return nil, failure
		}
		if c.wait(ctx, retryAfter(response)) != nil {
			return nil, failure
		}
	}
}

func (c *Client) once(ctx context.Context, method, path, contentType string, body io.Reader) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		request.Header.Set("Content-Type", contentType)
	}
	if c.key != "" {
		request.Header.Set("Authorization", "Bearer "+c.key)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("the server at %s cannot be reached: %w", c.base, unwrapURL(err))
	}
	return response, nil
}

// unwrapURL drops what an HTTP client says of the request: the caller knows it.
func unwrapURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// maxRetryAfter bounds how long one wait is, whatever the server asks.
const maxRetryAfter = 30 * time.Second

func retryAfter(r *http.Response) time.Duration {
	header := r.Header.Get("Retry-After")
	if seconds, err := strconv.Atoi(header); err == nil && seconds >= 0 {
		return min(time.Duration(seconds)*time.Second, maxRetryAfter)
	}
	if at, err := http.ParseTime(header); err == nil {
		return min(max(time.Until(at), 0), maxRetryAfter)
	}
	return time.Second
}

// problem is a problem document of RFC 9457 as the server writes it.
type problem struct {
	Title  string           `json:"title"`
	Detail string           `json:"detail"`
	Code   muster.ErrorCode `json:"code"`
	Errors []muster.Problem `json:"errors"`
}

func (p problem) failure() *muster.Error {
	message := p.Detail
	if message == "" {
		message = p.Title
	}
	return &muster.Error{Code: p.Code, Message: message, Problems: p.Errors}
}

// readProblem makes an error of an answer that is no success, and closes it.
func readProblem(r *http.Response) *muster.Error {
	defer r.Body.Close()
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	var p problem
	if err == nil && json.Unmarshal(body, &p) == nil && p.Code != "" {
		return p.failure()
	}
	// Something between here and Muster has answered.
	code := muster.CodeInternal
	switch r.StatusCode {
	case http.StatusUnauthorized:
		code = muster.CodeUnauthorized
	case http.StatusForbidden:
		code = muster.CodeForbidden
	case http.StatusNotFound:
		code = muster.CodeNotFound
	case http.StatusRequestEntityTooLarge:
		code = muster.CodeTooLarge
	case http.StatusTooManyRequests:
		code = muster.CodeOverloaded
	case http.StatusServiceUnavailable, http.StatusBadGateway, http.StatusGatewayTimeout:
		code = muster.CodeUnavailable
	}
	return &muster.Error{Code: code, Message: "the server answered " + r.Status, Err: err}
}

// query prints parameters, leaving out empty ones.
func query(pairs ...string) string {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			values.Set(pairs[i], pairs[i+1])
		}
	}
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func instant(t muster.Instant) string {
	if t == 0 {
		return ""
	}
	return t.String()
}

// get reads a T.
func get[T any](ctx context.Context, c *Client, path string) (out T, err error) {
	err = c.Call(ctx, http.MethodGet, path, nil, &out)
	return out, err
}

// post sends a body and reads a T.
func post[T any](ctx context.Context, c *Client, path string, body any) (out T, err error) {
	err = c.Call(ctx, http.MethodPost, path, body, &out)
	return out, err
}

func decode(r *http.Response, out any) error {
	if err := json.NewDecoder(r.Body).Decode(out); err != nil {
		return fmt.Errorf("the server's answer cannot be read: %w", err)
	}
	return nil
}
