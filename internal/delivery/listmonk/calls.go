package listmonk

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
	"time"

	"github.com/muster-groups/muster"
)

// Doer sends a request.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// calls makes calls of the API of a listmonk server.
type calls struct {
	client   Doer
	agent    string
	settings Settings
}

// refusal is an answer of listmonk that is no success.
type refusal struct {
	status  int
	message string
}

// Error says what listmonk said.
func (r *refusal) Error() string {
	switch r.status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return fmt.Sprintf("listmonk refused the API user (%d %s); it needs subscribers:get_all, subscribers:manage and subscribers:sql_query, and to get and manage the list", r.status, r.message)
	}
	return fmt.Sprintf("listmonk answered %d: %s", r.status, r.message)
}

// longestAnswer bounds how much of an answer is read.
const longestAnswer = 64 << 20

// patience is how often a call is made again that listmonk is too busy for.
const patience = 5

// call makes a call and reads the data of its answer into out, unless nil.
func (c calls) call(ctx context.Context, method, path string, query url.Values, body, out any) error {
	var encoded []byte
	if body != nil {
		var err error
		if encoded, err = json.Marshal(body); err != nil {
			return err
		}
	}
	for try := 1; ; try++ {
		wait, err := c.once(ctx, method, path, query, encoded, out)
		if err == nil || wait == 0 || try == patience {
			return err
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return err
		}
	}
}

// once makes a call; wait is how long listmonk wants to be left alone.
func (c calls) once(ctx context.Context, method, path string, query url.Values, body []byte, out any) (wait time.Duration, err error) {
	address := c.settings.URL + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", c.agent)
	// The documented form of API users; it needs no encoding.
	request.Header.Set("Authorization", "token "+c.settings.Username+":"+c.settings.Token)
	response, err := c.client.Do(request)
	if err != nil {
		return 0, unreachable(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, longestAnswer))
	if err != nil {
		return 0, unreachable(err)
	}
	if response.StatusCode == http.StatusTooManyRequests {
		seconds, _ := strconv.Atoi(response.Header.Get("Retry-After")) // 0 when it does not say
		wait = min(max(time.Duration(seconds)*time.Second, time.Second), time.Minute)
	}
	if response.StatusCode != http.StatusOK {
		var answer struct{ Message string }
		if json.Unmarshal(text, &answer) != nil || answer.Message == "" {
			answer.Message = http.StatusText(response.StatusCode)
		}
		return wait, &refusal{response.StatusCode, answer.Message}
	}
	if out == nil {
		return 0, nil
	}
	answer := struct {
		Data any `json:"data"`
	}{out}
	if err := json.Unmarshal(text, &answer); err != nil {
		return 0, errors.New("what answered is not listmonk: expected JSON with the member data")
	}
	return 0, nil
}

// unreachable says why there is no answer; what our own side refused, in its words.
func unreachable(err error) error {
	var refused *muster.Error
	if errors.As(err, &refused) {
		return refused
	}
	var u *url.Error
	if errors.As(err, &u) {
		if u.Timeout() {
			return errors.New("listmonk did not answer in time")
		}
		err = u.Err
	}
	return fmt.Errorf("listmonk cannot be reached: %w", err)
}
