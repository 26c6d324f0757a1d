package httpapi

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
)

// longestWait bounds how long the feed is held open for one answer.
const longestWait = time.Minute

func (s *Server) registerChanges() {
	feed := operation("GET", "/changes", "list-changes", "Changes", "Read the ordered feed of all entered and left records")
	feed.Description = "Pass last as after to go on. With wait, an answer without records is held back until there are some or the time is over."
	register(s, feed, func(ctx context.Context, in *struct {
		After     uint64   `query:"after" doc:"Only records with a greater number."`
		Group     string   `query:"group" doc:"Only records of this group."`
		Direction string   `query:"direction" enum:"entered,left" doc:"Only records in this direction."`
		Cause     []string `query:"cause" enum:"activity,field,consent,list,identity,merge,time,condition,group,recalculation,erasure,retention" doc:"Only records with these causes, separated by commas."`
		Wait      string   `query:"wait" example:"30s" doc:"How long to wait for a record, up to 1m."`
		Limit     int      `query:"limit" minimum:"1" maximum:"10000" default:"1000"`
	}) (*output[app.Feed], error) {
		wait := time.Duration(0)
		if in.Wait != "" {
			var err error
			if wait, err = time.ParseDuration(in.Wait); err != nil || wait < 0 || wait > longestWait {
				return nil, wrongParameter("wait", errors.New("expected a duration up to 1m, such as 30s"))
			}
		}
		filter := app.ChangeFilter{Direction: in.Direction, Causes: in.Cause}
		if in.Group != "" {
			if _, err := s.app.Group(ctx, in.Group); err != nil {
				return nil, err
			}
			filter.Groups = []string{in.Group}
		}
		return answer(s.app.Changes(ctx, app.FeedQuery{After: muster.Seq(in.After), ChangeFilter: filter, Wait: wait, Limit: in.Limit}))
	})
	stream := operation("GET", "/changes/stream", "stream-changes", "Changes", "Follow the feed as server-sent events")
	stream.Description = "Each event is named entered or left, its id is the record's number and its data the record. A client that reconnects with Last-Event-ID misses nothing."
	stream.Parameters = []*huma.Param{queryParam("after", "Only records with a greater number; by default only those from now on."), queryParam("group", "Only records of this group."),
		queryParam("direction", "Only records in this direction: entered or left."), queryParam("cause", "Only records with these causes, separated by commas.")}
	stream.Responses = s.jsonAnswer("200", "The events", &huma.Schema{Type: huma.TypeString}, "text/event-stream")
	s.raw(&stream, s.stream)
}

// stream sends records as they come until the client goes away.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) error {
	if err := noQuery(r, "after", "group", "direction", "cause"); err != nil {
		return err
	}
	query := r.URL.Query()
	q := app.FeedQuery{Wait: heartbeat}
	q.Direction = query.Get("direction")
	if causes := query.Get("cause"); causes != "" {
		q.Causes = strings.Split(causes, ",")
	}
	for _, cause := range q.Causes {
		if !slices.Contains(muster.CauseNames(), cause) {
			return wrongParameter("cause", errors.New("expected "+orList(muster.CauseNames())))
		}
	}
	if q.Direction != "" && q.Direction != "entered" && q.Direction != "left" {
		return wrongParameter("direction", errors.New("expected entered or left"))
	}
	from := r.Header.Get("Last-Event-ID")
	if from == "" {
		from = query.Get("after")
	}
	if from == "" {
		last, err := s.app.LastChange(r.Context())
		if err != nil {
			return err
		}
		q.After = last
	} else {
		var err error
		if q.After, err = sequence("after", from); err != nil {
			return err
		}
	}
	if group := query.Get("group"); group != "" {
		if _, err := s.app.Group(r.Context(), group); err != nil {
			return err
		}
		q.Groups = []string{group}
	}
	// Once the answer has begun nothing can be said any more.
	if _, err := s.app.Changes(r.Context(), app.FeedQuery{After: q.After, Limit: 1}); err != nil {
		return err
	}
	events, err := openEvents(w)
	if err != nil {
		return nil // the answer has begun: nothing more can be said
	}
	for {
		feed, err := s.app.Changes(r.Context(), q)
		if err != nil {
			return nil
		}
		q.After = feed.Last
		for _, c := range feed.Items {
			if events.send(strconv.FormatUint(uint64(c.Seq), 10), c.Direction, c) != nil {
				return nil
			}
		}
		if len(feed.Items) == 0 && events.beat() != nil {
			return nil
		}
		if events.flush() != nil || !s.app.Waits() {
			return nil
		}
	}
}
