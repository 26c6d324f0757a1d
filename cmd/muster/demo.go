package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/config"
	"github.com/muster-groups/muster/internal/sample"
)

// demo is what the demonstration can be told.
type demo struct {
	story storyDocument
	rate  float64 // live events a second
}

func (m *Main) demoCommand() *cobra.Command {
	d := demo{story: storyDocument{Seed: 1}}
	cmd := &cobra.Command{
		Use: "demo", Short: "Try Muster with a generated data set and live traffic", GroupID: "server", Args: cobra.NoArgs,
		Long: `Serve a year in the life of an outdoor shop: visitors, subscribers and customers
with their visits, forms, emails and orders, ready-made groups, and live traffic.

The data is made in a temporary directory that is deleted at the end; --data
keeps it, or --database, and goes on with it the next time.`,
		Example: `  muster demo
  muster demo --contacts 500000 --activities 10000000 --listen 127.0.0.1:9000`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := m.settings(cmd)
			if err != nil {
				return err
			}
			if d.story.Contacts < 10 || d.story.Activities < d.story.Contacts {
				return usageError{errors.New("expected at least 10 contacts, and as many activities as contacts")}
			}
			if d.rate < 0 {
				return usageError{errors.New("expected a rate of 0 or more")}
			}
			// A setting from the environment or a file is meant for a server.
			kept := placed(cmd)
			if !kept {
				s.Database = ""
				if s.Data, err = os.MkdirTemp("", "muster-demo-"); err != nil {
					return err
				}
				defer os.RemoveAll(s.Data)
			}
			return m.demo(cmd.Context(), s, d, kept)
		},
	}
	config.Register(cmd.Flags(), "listen", "database", "migrate", "log_level", "log_format")
	f := cmd.Flags()
	f.String("data", "", "keep the data in this directory, or go on with what is there")
	f.IntVar(&d.story.Contacts, "contacts", 50_000, "about how many contacts")
	f.IntVar(&d.story.Activities, "activities", 1_000_000, "about how many activities, over a year")
	f.Uint64Var(&d.story.Seed, "seed", d.story.Seed, "the same seed tells the same story")
	f.Float64Var(&d.rate, "rate", 3, "live events a second, on average; 0 for none")
	return cmd
}

func (m *Main) demo(ctx context.Context, s *config.Settings, d demo, kept bool) error {
	log := m.logger(s)
	srv, err := listen(s.Listen, log)
	if err != nil {
		return err
	}
	fmt.Fprintf(m.Stdout, "Muster %s\nListening on %s\n", versionText(), srv.url)
	if s.AdminKey == "" {
		s.AdminKey = "demo-" + rand.Text()
	}
	s.ManualClock = 0
	tell, started := m.teller(log), time.Now()
	r := &run{m: m, server: srv, settings: s, people: peopleOf(s), log: log}
	var story *sample.Story
	err = r.open(ctx, func() (in *instance, err error) {
		in, story, err = openStory(ctx, s, d.story, tell, log)
		return in, err
	})
	tell("", -1)
	if err != nil {
		srv.stop(nil)
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	live, stopLive := context.WithCancel(ctx)
	traffic := make(chan struct{})
	go func() {
		defer close(traffic)
		if d.rate > 0 {
			goOn(live, r, sample.NewLive(story, d.rate), log)
		}
	}()
	// Traffic ends before the instance does.
	stop := func() {
		stopLive()
		<-traffic
	}
	r.people.Demo = s.Loopback() // whoever opens it on this machine is signed in
	return r.until(ctx, stop, func() error {
		if err := m.printDemo(ctx, r.app(), s, story, srv.url, time.Since(started), kept); err != nil || r.people.Demo {
			return err
		}
		return m.printFirstLink(ctx, r.app(), addressForPeople(s, srv.url))
	})
}

// openStory opens what the settings name and fills it when it is empty.
func openStory(ctx context.Context, s *config.Settings, d storyDocument, tell progress, log *slog.Logger) (*instance, *sample.Story, error) {
	st, err := openStore(ctx, s, tell, log)
	if err != nil {
		return nil, nil, err
	}
	story, err := tellStory(ctx, st, d, tell)
	if err != nil {
		return nil, nil, errors.Join(err, st.Close())
	}
	in, err := openOver(ctx, st, s, tell, log)
	return in, story, err
}

// goOn plays live traffic until the context ends, or a store that nothing brings back.
func goOn(ctx context.Context, r *run, live *sample.Live, log *slog.Logger) {
	for {
		wait, items := live.Next(muster.InstantOf(time.Now()))
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		if _, err := r.app().Apply(ctx, muster.Batch{Authority: muster.Edit, Items: items}); err != nil && ctx.Err() == nil {
			log.Warn("live traffic was not taken", "error", err)
			if muster.CodeOf(err) == muster.CodeUnavailable && r.settings.Database == "" {
				return
			}
		}
	}
}

// printDemo says where to look.
func (m *Main) printDemo(ctx context.Context, a *app.App, s *config.Settings, story *sample.Story, url string, took time.Duration, kept bool) error {
	stats, err := a.Stats(ctx)
	if err != nil {
		return err
	}
	groups, err := a.Groups(ctx, app.GroupQuery{})
	if err != nil {
		return err
	}
	out := m.ink(m.Stdout)
	p := func(format string, args ...any) { fmt.Fprintf(m.Stdout, format+"\n", args...) }
	p("Ready after %s: an outdoor shop with %s and %s over a year", span(took), plural(stats.Contacts-stats.Merged, "contact"), plural(stats.Activities, "activity"))
	p("\n  %s  %s\n  %s   %s\n", out.bold("Open"), url, out.bold("Key"), s.AdminKey)
	t := table{header: []string{"Group", ">Members", "Who is in it"}}
	example, smallest := "", ^uint64(0)
	for _, g := range groups.Items {
		t.add(g.Code, count(g.Members), g.Description)
		if g.Members > 0 && g.Members < smallest {
			example, smallest = g.Code, g.Members
		}
	}
	t.write(m.Stdout, out)
	p("\nTry it in another terminal:\n")
	p("  export MUSTER_SERVER=%s MUSTER_KEY=%s", url, s.AdminKey)
	p("  muster groups")
	if example != "" {
		members, err := a.Members(ctx, app.MemberQuery{Group: example, Limit: 1})
		if err != nil {
			return err
		}
		if len(members.Items) > 0 {
			p("  muster explain %s %s", example, members.Items[0].ID)
		}
		p("  muster export %s | head", example)
	}
	p("  curl -H \"Authorization: Bearer $MUSTER_KEY\" -d '{\"visitor_id\": %q}' $MUSTER_SERVER/api/v1/contacts/lookup", story.ExampleVisitor())
	p("  curl -N -H \"Authorization: Bearer $MUSTER_KEY\" $MUSTER_SERVER/api/v1/changes/stream")
	p("\nThe interface is described at %s/api/docs", url)
	if kept {
		p("Traffic goes on. Ctrl-C stops; the data stays in %s.", s.Place())
	} else {
		p("Traffic goes on. Ctrl-C stops and deletes everything.")
	}
	return nil
}
