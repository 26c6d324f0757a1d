package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/sample"
)

// server is the interface on a free port of the loopback, with a client.
type server struct {
	url    string
	http   *http.Server
	client *http.Client
}

func (b *bench) serve() (*server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &server{
		url:    "http://" + listener.Addr().String() + "/api/v1",
		http:   &http.Server{Addr: listener.Addr().String(), Handler: b.Handler(b.app), ReadHeaderTimeout: 10 * time.Second},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
	}
	go s.http.Serve(listener)
	return s, nil
}

func (s *server) close() {
	s.client.CloseIdleConnections()
	s.http.Close()
}

// post sends a body and reads the whole answer.
func (s *server) post(ctx context.Context, path, kind string, body io.Reader) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+path, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+adminKey)
	request.Header.Set("Content-Type", kind)
	response, err := s.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode/100 != 2 {
		err = fmt.Errorf("POST %s answered %s: %s", path, response.Status, answer)
	}
	return answer, err
}

// body is an activity as the API reads it.
func body(in *muster.ActivityInput) map[string]any {
	attributes := map[string]string{}
	for _, a := range in.Attributes {
		attributes[a.Name] = a.Value.Text
	}
	return map[string]any{"contact": in.Who, "type": in.Type, "occurred_at": in.At, "channel": in.Channel, "attributes": attributes}
}

func (b *bench) measureChanges(ctx context.Context) error {
	if err := b.allLive(ctx); err != nil {
		return err
	}
	s, err := b.serve()
	if err != nil {
		return err
	}
	defer s.close()
	n := 6 * b.Rounds * applyBatch
	var lines bytes.Buffer
	encoder := json.NewEncoder(&lines)
	for range n / applyBatch {
		for _, item := range b.traffic(applyBatch).Items {
			if err := encoder.Encode(map[string]any{"activity": body(item.Activity)}); err != nil {
				return err
			}
		}
	}
	size := lines.Len()
	started := time.Now()
	answer, err := s.post(ctx, "/changes", "application/x-ndjson", &lines)
	if err != nil {
		return err
	}
	took := time.Since(started)
	if got := bytes.Count(answer, []byte(`"status":"accepted"`)); got != n {
		return fmt.Errorf("%d of %d lines were accepted; the answer ends with %s", got, n, answer[max(0, len(answer)-300):])
	}
	b.found("changes", fmt.Sprintf("durable, %d groups live", b.Groups), float64(n)/took.Seconds(), "/s", "one request of %s lines, %s", grouped(float64(n)), megabytes(int64(size)))
	return nil
}

const singleRate = 200 // requests a second

func (b *bench) measureSingle(ctx context.Context) error {
	if err := b.allLive(ctx); err != nil {
		return err
	}
	s, err := b.serve()
	if err != nil {
		return err
	}
	defer s.close()
	syncs, err := b.syncLatency(singleRate)
	if err != nil {
		return err
	}
	if err := b.singles(ctx, s, "one activity", nil); err != nil {
		return err
	}
	b.found("single", "the disk alone, 4 kB and fsync, median", ms(median(syncs)), "ms", "99 %%: %.1f ms", ms(quantile(syncs, .99)))

	const code = "half"
	if b.roster.State().Groups[code] == nil {
		if err := b.save(ctx, sample.Group{Code: code, Name: "Half of everybody", Condition: sample.HalfOfEverybody()}); err != nil {
			return err
		}
	}
	var runs atomic.Int32
	err = b.singles(ctx, s, "during recalculations of half the base", func(stop context.Context) error {
		for stop.Err() == nil {
			if err := b.recalculate(ctx, code); err != nil {
				return err
			}
			runs.Add(1)
		}
		return nil
	})
	if err != nil {
		return err
	}
	count, err := b.app.CountMembers(ctx, code, 0)
	if err != nil {
		return err
	}
	b.found("single", "recalculations meanwhile", float64(runs.Load()), "", "one after the other; the group has %s members", grouped(float64(count.Count)))
	return b.roster.DeleteGroup(ctx, code)
}

// singlesAtRate sends single activities for some seconds, singleRate a second.
func (b *bench) singlesAtRate(ctx context.Context, s *server, seconds int) ([]time.Duration, error) {
	n := seconds * singleRate
	bodies := make([][]byte, n)
	for i, item := range b.traffic(n).Items {
		var err error
		if bodies[i], err = json.Marshal(body(item.Activity)); err != nil {
			return nil, err
		}
	}
	return atRate(n, singleRate, func() (func(int) error, func(), error) {
		return func(i int) error {
			_, err := s.post(ctx, "/activities", "application/json", bytes.NewReader(bodies[i]))
			return err
		}, func() {}, nil
	})
}

// singles sends single activities at a fixed rate while something else goes on.
func (b *bench) singles(ctx context.Context, s *server, name string, meanwhile func(context.Context) error) error {
	background, stop := context.WithCancel(ctx)
	var work sync.WaitGroup
	var workError error
	if meanwhile != nil {
		work.Go(func() { workError = meanwhile(background) })
	}
	times, err := b.singlesAtRate(ctx, s, b.Seconds)
	stop()
	work.Wait()
	if err != nil {
		return err
	}
	if workError != nil {
		return workError
	}
	b.found("single", name+", median", ms(median(times)), "ms", "%d requests a second for %d s, %d groups live", singleRate, b.Seconds, b.Groups)
	b.found("single", name+", 99 %", ms(quantile(times, .99)), "ms", "slowest %.0f ms", ms(quantile(times, 1)))
	return nil
}

func (b *bench) measureLookup(ctx context.Context) error {
	if err := b.allLive(ctx); err != nil {
		return err
	}
	s, err := b.serve()
	if err != nil {
		return err
	}
	defer s.close()
	const clients = 4
	var bodies [][]byte
	for _, item := range b.traffic(20_000).Items {
		text, err := json.Marshal(item.Activity.Who)
		if err != nil {
			return err
		}
		bodies = append(bodies, text)
	}
	deadline := time.Now().Add(time.Duration(min(b.Seconds, 5)) * time.Second)
	times := make([][]time.Duration, clients)
	failures := make([]error, clients)
	started := time.Now()
	var work sync.WaitGroup
	for c := range clients {
		work.Go(func() {
			for i := c; time.Now().Before(deadline) && failures[c] == nil; i += clients {
				began := time.Now()
				_, failures[c] = s.post(ctx, "/contacts/lookup", "application/json", bytes.NewReader(bodies[i%len(bodies)]))
				times[c] = append(times[c], time.Since(began))
			}
		})
	}
	work.Wait()
	if err := errors.Join(failures...); err != nil {
		return err
	}
	var all []time.Duration
	for _, t := range times {
		all = append(all, t...)
	}
	b.found("lookup", "over HTTP", float64(len(all))/time.Since(started).Seconds(), "/s", "%d connections, client and server on the same cores", clients)
	b.found("lookup", "median", ms(median(all)), "ms", "")
	b.found("lookup", "99 %", ms(quantile(all, .99)), "ms", "")
	return nil
}
