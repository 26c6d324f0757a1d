package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/internal/store/postgres/citus"
	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
)

// The scripts in testdata drive the program as it is built. Beside the
// commands of testscript they have
//
//	start serve|demo ARGS...   start a server on a free port and wait until it is
//	                           ready; MUSTER_SERVER names it from then on
//	stop                       tell it to stop with SIGTERM, and want status 0;
//	                           what it printed is the standard output
//	status N muster ARGS...    run the program and want its exit status
//	call METHOD PATH [BODY]    make a request with MUSTER_KEY
//
// Those in testdata/database have an empty schema of a PostgreSQL server at
// DATABASE, and beside these commands
//
//	database sql STATEMENT     run a statement there

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"muster": main})
}

// adminKey is the key of every server that the scripts start, unless they say otherwise.
const adminKey = "the-key-of-the-scripts"

func TestProgramDoesWhatTheScriptsSay(t *testing.T) {
	runScripts(t, "testdata", nil)
}

func TestProgramOnPostgreSQL(t *testing.T) {
	server, err := pgtest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	t.Run("does what the scripts say", func(t *testing.T) { runScripts(t, filepath.Join("testdata", "database"), server) })
	t.Run("keeps everything when it is copied there and back", func(t *testing.T) { copyThereAndBack(t, server) })
	t.Run("asks nothing that a cluster refuses", func(t *testing.T) {
		if err := citus.Judge(server); err != nil {
			t.Error(err)
		}
	})
}

// runScripts runs the scripts of a directory, each with a schema of the server
// where there is one.
func runScripts(t *testing.T, dir string, server *pgtest.Server) {
	testscript.Run(t, testscript.Params{
		Dir: dir,
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, "TZ=UTC", "MUSTER_ADMIN_KEY="+adminKey, "MUSTER_KEY="+adminKey)
			env.Values[running{}] = &process{}
			if server == nil {
				return nil
			}
			url, err := server.Schema(context.Background())
			env.Vars = append(env.Vars, "DATABASE="+url)
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"start": start, "stop": stop, "status": status, "call": call, "database": database,
		},
		RequireExplicitExec: true,
	})
}

func database(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 || args[0] != "sql" {
		ts.Fatalf("usage: database sql STATEMENT")
	}
	ctx := context.Background()
	conn, err := pgtest.Connect(ctx, ts.Getenv("DATABASE"))
	ts.Check(err)
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, args[1])
	ts.Check(err)
}

type running struct{}

// process is the server that a script has started.
type process struct {
	cmd    *exec.Cmd
	output bytes.Buffer
	read   sync.WaitGroup
}

func program(ts *testscript.TestScript, args []string) *exec.Cmd {
	path, err := exec.LookPath("muster")
	if p := ts.Getenv("PATH"); err != nil && p != "" {
		ts.Fatalf("muster is not on PATH %s: %v", p, err)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = ts.MkAbs(".")
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "TZ", "MUSTER_ADMIN_KEY", "MUSTER_KEY", "MUSTER_SERVER", "MUSTER_CONFIG", "MUSTER_DATA", "MUSTER_LISTEN", "MUSTER_DATABASE"} {
		if value := ts.Getenv(name); value != "" {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	return cmd
}

func start(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: start serve|demo ARGS...")
	}
	p := ts.Value(running{}).(*process)
	p.output.Reset()
	p.cmd = program(ts, append([]string{args[0], "--listen", "127.0.0.1:0"}, args[1:]...))
	out, err := p.cmd.StdoutPipe()
	ts.Check(err)
	var errors bytes.Buffer
	p.cmd.Stderr = &errors
	ts.Check(p.cmd.Start())
	cmd := p.cmd
	ts.Defer(func() {
		if cmd.ProcessState == nil {
			_ = cmd.Process.Kill() // it may have ended by itself
			p.read.Wait()
			_ = cmd.Wait()
		}
	})
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		p.output.WriteString(line)
		if err != nil {
			_ = cmd.Wait() // the output says why
			ts.Fatalf("the server ended before it was ready:\n%s%s", p.output.String(), errors.String())
		}
		if url, ok := strings.CutPrefix(line, "Listening on "); ok {
			ts.Setenv("MUSTER_SERVER", strings.TrimSpace(url))
		}
		if strings.HasPrefix(line, "Ready after") {
			break
		}
	}
	p.read.Go(func() { _, _ = io.Copy(&p.output, lines) })
}

func stop(ts *testscript.TestScript, neg bool, args []string) {
	p := ts.Value(running{}).(*process)
	if neg || len(args) > 0 || p.cmd == nil {
		ts.Fatalf("usage: stop, after start")
	}
	ts.Check(p.cmd.Process.Signal(syscall.SIGTERM))
	p.read.Wait()
	err := p.cmd.Wait()
	_, printed := ts.Stdout().Write(p.output.Bytes())
	ts.Check(printed)
	if err != nil {
		ts.Fatalf("the server did not end with status 0: %v\n%s", err, p.cmd.Stderr)
	}
}

func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || args[1] != "muster" {
		ts.Fatalf("usage: status N muster ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	cmd := program(ts, args[2:])
	cmd.Stdout, cmd.Stderr = ts.Stdout(), ts.Stderr()
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		ts.Fatalf("run: %v", err)
	}
	if got := cmd.ProcessState.ExitCode(); got != want {
		ts.Fatalf("got status %d, want %d", got, want)
	}
}

func call(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: call METHOD PATH [BODY]")
	}
	c, err := client.New(ts.Getenv("MUSTER_SERVER"), ts.Getenv("MUSTER_KEY"))
	ts.Check(err)
	var body any
	if len(args) == 3 {
		body = json.RawMessage(args[2])
	}
	var answer json.RawMessage
	var out any = &answer
	if args[0] == http.MethodDelete {
		out = nil
	}
	err = c.Call(context.Background(), args[0], args[1], body, out)
	if (err != nil) != neg {
		ts.Fatalf("%s %s: got error %v, want error: %t", args[0], args[1], err, neg)
	}
	if err != nil {
		_, err = io.WriteString(ts.Stderr(), err.Error()+"\n")
	} else {
		_, err = ts.Stdout().Write(append(answer, '\n'))
	}
	ts.Check(err)
}
