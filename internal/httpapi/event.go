package httpapi

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// heartbeat is how often a silent stream shows that it is alive.
const heartbeat = 15 * time.Second

// events writes server-sent events.
type events struct {
	out     *bufio.Writer
	control *http.ResponseController
}

// openEvents begins the answer.
func openEvents(w http.ResponseWriter) (*events, error) {
	e := &events{out: bufio.NewWriter(w), control: http.NewResponseController(w)}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	return e, e.control.Flush()
}

// send writes an event; id "" is none.
func (e *events) send(id, name string, body any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	if id != "" {
		id = "id: " + id + "\n"
	}
	_, err = fmt.Fprintf(e.out, "%sevent: %s\ndata: %s\n\n", id, name, data)
	return err
}

// beat writes a comment that shows that the stream is alive.
func (e *events) beat() error {
	_, err := e.out.WriteString(": alive\n\n")
	return err
}

func (e *events) flush() error {
	if err := e.out.Flush(); err != nil {
		return err
	}
	return e.control.Flush()
}

func (s *Server) registerLiveActivities() {
	stream := operation("GET", "/activities/stream", "stream-activities", "Activities", "Follow the activities as server-sent events")
	stream.Description = "Each accepted activity is an event named activity. It is for watching: a listener that is too slow misses some and gets an event named missed with their number. GET /changes/stream misses nothing."
	stream.Responses = s.jsonAnswer("200", "The events", &huma.Schema{Type: huma.TypeString}, "text/event-stream")
	s.raw(&stream, s.liveActivities)
}

func (s *Server) liveActivities(w http.ResponseWriter, r *http.Request) error {
	if err := noQuery(r); err != nil {
		return err
	}
	listener := s.app.Listen()
	defer listener.Close()
	events, err := openEvents(w)
	if err != nil {
		return nil // the answer has begun: nothing more can be said
	}
	for {
		waiting, cancel := context.WithTimeout(r.Context(), heartbeat)
		activity, missed, err := listener.Next(waiting)
		cancel()
		switch {
		case r.Context().Err() == nil && errors.Is(err, context.DeadlineExceeded):
			err = events.beat()
		case err != nil:
			return nil
		default:
			if missed > 0 {
				err = events.send("", "missed", map[string]int64{"count": missed})
			}
			if err == nil {
				err = events.send("", "activity", activity)
			}
		}
		if err != nil || events.flush() != nil {
			return nil
		}
	}
}
