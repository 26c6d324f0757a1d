package bench

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/muster-groups/muster"
)

// collectRate is how many messages are sent a second, each in a request of its own.
const collectRate = 5000

// measureCollect sends single messages of a tracking SDK at a fixed rate.
func (b *bench) measureCollect(ctx context.Context) error {
	if err := b.allLive(ctx); err != nil {
		return err
	}
	s, err := b.serve()
	if err != nil {
		return err
	}
	defer s.close()
	n := b.Seconds * collectRate
	requests, err := b.collectRequests(n)
	if err != nil {
		return err
	}
	before, err := b.app.Stats(ctx)
	if err != nil {
		return err
	}
	started := time.Now()
	times, err := atRate(n, collectRate, func() (func(int) error, func(), error) { return collectSender(s, requests) })
	if err != nil {
		return err
	}
	took := time.Since(started)
	after, err := b.app.Stats(ctx)
	if err != nil {
		return err
	}
	if kept := after.Activities - before.Activities; kept != int64(n) {
		return fmt.Errorf("%d messages were acknowledged and %d activities kept", n, kept)
	}
	b.found("collect", "kept, durable", float64(n)/took.Seconds(), "/s", "%s messages of one event, %d groups live; client and server on the same cores", grouped(float64(n)), b.Groups)
	b.found("collect", "median", ms(median(times)), "ms", "%d due a second for %d s, %d connections", collectRate, b.Seconds, rateLanes)
	b.found("collect", "99 %", ms(quantile(times, .99)), "ms", "slowest %.0f ms", ms(quantile(times, 1)))
	return nil
}

// collectSender sends messages over a connection of its own.
func collectSender(s *server, requests [][]byte) (send func(int) error, closing func(), err error) {
	connection, err := net.Dial("tcp", s.http.Addr)
	if err != nil {
		return nil, nil, err
	}
	answers := bufio.NewReaderSize(connection, 4096)
	return func(i int) error {
		if _, err := connection.Write(requests[i]); err != nil {
			return err
		}
		answer, err := http.ReadResponse(answers, nil)
		if err != nil {
			return err
		}
		text, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode != http.StatusOK || !strings.Contains(string(text), `"success":true`) {
			return fmt.Errorf("message %d: %s %s: %w", i, answer.Status, text, err)
		}
		return nil
	}, func() { _ = connection.Close() }, nil
}

// collectRequests makes the requests beforehand: what is measured is the server.
func (b *bench) collectRequests(n int) ([][]byte, error) {
	head := "Host: localhost\r\nContent-Type: application/json\r\nAuthorization: Basic " +
		base64.StdEncoding.EncodeToString([]byte(adminKey+":")) + "\r\nContent-Length: "
	requests := make([][]byte, n)
	run := time.Now().UnixNano() // data that an earlier run left remembers its messages
	for i, item := range b.traffic(n).Items {
		call, body, err := message(item.Activity, fmt.Sprintf("bench-%d-%d", run, i))
		if err != nil {
			return nil, err
		}
		requests[i] = []byte("POST /v1/" + call + " HTTP/1.1\r\n" + head + strconv.Itoa(len(body)) + "\r\n\r\n" + string(body))
	}
	return requests, nil
}

// message is an activity as SDKs send it.
func message(in *muster.ActivityInput, id string) (call string, body []byte, err error) {
	properties := map[string]string{}
	for _, a := range in.Attributes {
		properties[a.Name] = a.Value.Text
	}
	m := map[string]any{"messageId": id, "timestamp": in.At, "properties": properties, "context": map[string]any{"library": map[string]string{"name": "bench", "version": "1"}}}
	if in.Who.ExternalID != "" {
		m["userId"] = in.Who.ExternalID
	} else {
		m["anonymousId"] = in.Who.VisitorID
	}
	call = "track"
	if in.Type == "page_visit" {
		call = "page"
		properties["path"] = properties["page"]
	} else {
		m["event"] = in.Type
	}
	body, err = json.Marshal(m)
	return call, body, err
}
