package webhook

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/muster-groups/muster"
)

// sender makes requests to endpoints.
type sender struct {
	client Doer
	agent  string
}

// shownResponse is how much of an answer the log of deliveries keeps.
const shownResponse = 512

// attempt is how one request went.
type attempt struct {
	Delivery
	retryAfter time.Duration
	gone       bool
}

// send makes one signed request.
func (s sender) send(ctx context.Context, e endpoint, id string, body []byte) attempt {
	started := time.Now()
	a := attempt{Delivery: Delivery{ID: id, At: muster.InstantOf(started), Status: failed, Attempt: 1}}
	response, err := s.post(ctx, e, id, started, body)
	a.DurationMS = time.Since(started).Milliseconds()
	if err != nil {
		a.Error = reason(err)
		return a
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(response.Body, shownResponse)) // what arrived is enough
	a.DurationMS = time.Since(started).Milliseconds()
	a.StatusCode = response.StatusCode
	if a.StatusCode >= 200 && a.StatusCode < 300 {
		a.Status = delivered
		return a
	}
	a.Error = "expected an answer 2xx, found " + response.Status
	a.Response = printable(text)
	a.retryAfter, a.gone = retryAfter(response), a.StatusCode == http.StatusGone
	return a
}

func (s sender) post(ctx context.Context, e endpoint, id string, at time.Time, body []byte) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	signature, err := e.signatures(id, at, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", s.agent)
	request.Header.Set("Webhook-Id", id)
	request.Header.Set("Webhook-Timestamp", strconv.FormatInt(at.Unix(), 10))
	request.Header.Set("Webhook-Signature", signature)
	return s.client.Do(request)
}

// reason says why no answer came, without the address, whose path may be secret.
func reason(err error) string {
	var refused *muster.Error
	if errors.As(err, &refused) {
		return refused.Message
	}
	var u *url.Error
	if errors.As(err, &u) {
		if u.Timeout() {
			return "no answer came in time"
		}
		err = u.Err
	}
	return err.Error()
}

// printable is text that can stand in a JSON document and on a page.
func printable(text []byte) string {
	if !utf8.Valid(text) {
		text = bytes.ToValidUTF8(text, []byte("?"))
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' {
			return ' '
		}
		return r
	}, string(text))
}
