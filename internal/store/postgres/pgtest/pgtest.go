// Package pgtest starts PostgreSQL for tests: the installed binaries, in a
// directory of their own, on a free loopback port. Durability is switched off
// unless it is asked for.
//
// It must not know what is kept in the database.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is a running PostgreSQL.
type Server struct {
	dir     string
	bin     string
	port    int
	durable bool
	owner   *syscall.Credential // who runs it; nil is whoever runs the test
	command *exec.Cmd
	leash   io.Closer  // when this closes, also by a crash of the test, the server ends
	ended   chan error // what the command ended with
	schemas atomic.Int64
	cluster url.URL // somebody else's Citus cluster; the zero URL is a server of one's own
}

// Main runs a package's tests with a server that fn keeps, then what judges what
// the server was asked, and answers the status for os.Exit. The server is the coordinator of a Citus cluster where
// MUSTER_TEST_CITUS has the URL of one.
func Main(m *testing.M, fn func(*Server), judges ...func(*Server) error) int {
	if coordinator := os.Getenv("MUSTER_TEST_CITUS"); coordinator != "" {
		u, err := url.Parse(coordinator)
		if err != nil {
			fmt.Fprintln(os.Stderr, "MUSTER_TEST_CITUS:", err)
			return 1
		}
		fn(&Server{cluster: *u})
		return m.Run()
	}
	s, err := Start()
	if err != nil {
		fmt.Fprintln(os.Stderr, "start PostgreSQL:", err)
		return 1
	}
	fn(s)
	status := m.Run()
	for _, judge := range judges {
		if err := judge(s); err != nil {
			fmt.Fprintln(os.Stderr, err)
			status = 1
		}
	}
	if err := s.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
		return 1
	}
	return status
}

// Start makes an empty server and waits until it answers.
func Start() (*Server, error) { return start(&Server{}) }

// StartDurable makes a server that keeps what it has acknowledged as it does by
// itself: on disk.
func StartDurable() (*Server, error) { return start(&Server{durable: true}) }

func start(s *Server) (_ *Server, err error) {
	if s.bin, err = binaries(); err != nil {
		return nil, err
	}
	if s.owner, err = owner(); err != nil {
		return nil, err
	}
	root := ""
	if f, err := os.Stat("/dev/shm"); err == nil && f.IsDir() && !s.durable {
		root = "/dev/shm"
	}
	if s.dir, err = os.MkdirTemp(root, "muster-postgres-"); err != nil {
		return nil, err
	}
	if err = s.initialise(); err == nil {
		err = s.settle()
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir))
	}
	return s, nil
}

// settle finds a port and runs the server there. Somebody else may take a free
// port before the server does; then there is another one.
func (s *Server) settle() error {
	for tries := 1; ; tries++ {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		s.port = listener.Addr().(*net.TCPAddr).Port
		if err := listener.Close(); err != nil {
			return err
		}
		if err = s.Run(); err == nil || tries == 5 {
			return err
		}
	}
}

func (s *Server) initialise() error {
	if s.owner != nil {
		if err := os.Chown(s.dir, int(s.owner.Uid), int(s.owner.Gid)); err != nil {
			return err
		}
	}
	out, err := s.as(filepath.Join(s.bin, "initdb"), "--no-sync", "--auth=trust", "--username=muster", "--encoding=UTF8", "--locale=C", "-D", s.data()).CombinedOutput()
	if err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return nil
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// name tells this server from others.
func (s *Server) name() string { return filepath.Base(s.dir) }

// as makes a command that runs as the server's owner.
func (s *Server) as(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = s.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.owner, Setpgid: true}
	return cmd
}

// Run starts a server that was stopped or killed, and waits until it answers.
func (s *Server) Run() error {
	for deadline := time.Now().Add(patience); ; {
		err := s.run()
		// What a killed server's processes hold they let go in a moment.
		if err == nil || !strings.Contains(err.Error(), "is still in use") || time.Now().After(deadline) {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (s *Server) run() error {
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	before, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	// The shell ends the server when its input ends: when the test stops it, and
	// also when the test is gone. It ends when the server does.
	risky := "on"
	if !s.durable {
		risky = "off"
	}
	s.command = s.as("/bin/sh", "-c", `exec 3<&0; "$@" </dev/null & server=$!; { read -r stop <&3; kill -INT $server; } 2>/dev/null & wait $server`, "sh",
		filepath.Join(s.bin, "postgres"), "-D", s.data(), "-p", strconv.Itoa(s.port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
		"-c", "fsync="+risky, "-c", "synchronous_commit="+risky, "-c", "full_page_writes="+risky, "-c", "max_connections=60", "-c", "shared_buffers=32MB", "-c", "jit=off",
		"-c", "shared_preload_libraries=pg_stat_statements", "-c", "pg_stat_statements.max=20000", "-c", "cluster_name="+s.name())
	s.command.Stdout, s.command.Stderr = log, log
	if s.leash, err = s.command.StdinPipe(); err != nil {
		return err
	}
	if err := s.command.Start(); err != nil {
		return err
	}
	command, ended := s.command, make(chan error, 1)
	s.ended = ended
	go func() { ended <- command.Wait() }()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for deadline := time.Now().Add(patience); ; {
		err := s.greet()
		if err == nil {
			return nil
		}
		said := func() []byte { // read when it is asked for: the last words come late
			text, _ := os.ReadFile(log.Name())
			return text[min(int(before), len(text)):]
		}
		select {
		case end := <-ended:
			return errors.Join(fmt.Errorf("it ended; it says %s", said()), end)
		case <-look.C:
		}
		if time.Now().After(deadline) {
			return errors.Join(fmt.Errorf("it does not answer: %w; it says %s", err, said()), s.Halt())
		}
	}
}

// greet checks that the server answers, and not another one on its port.
func (s *Server) greet() error {
	ctx := context.Background()
	conn, err := Connect(ctx, s.URL("postgres", ""))
	if err != nil {
		return err
	}
	var name string
	err = conn.QueryRow(ctx, "select current_setting('cluster_name')").Scan(&name)
	if err == nil && name != s.name() {
		err = fmt.Errorf("the server on port %d is %s", s.port, name)
	}
	return errors.Join(err, conn.Close(ctx))
}

// patience is how long a server may take to start, on the slowest machine.
const patience = 3 * time.Minute

// Halt ends the server and breaks all connections; Run starts it again.
func (s *Server) Halt() error {
	if err := s.leash.Close(); err != nil {
		return err
	}
	return <-s.ended
}

// Kill ends all processes of the server where they are; Run starts it again. What
// was acknowledged is durable only for connections with synchronous_commit=on.
func (s *Server) Kill() error {
	// They are stopped first, so that none can end its work alone.
	if err := s.Freeze(); err != nil {
		return err
	}
	if err := s.signal(syscall.SIGKILL); err != nil {
		return err
	}
	<-s.ended // by the signal
	return nil
}

// Freeze stops all processes of the server where they are: connections stay, and
// nothing is answered any more. Thaw lets them go on.
func (s *Server) Freeze() error {
	pid, err := s.pid()
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil { // it starts no more
		return err
	}
	return s.signal(syscall.SIGSTOP)
}

// Thaw ends a Freeze.
func (s *Server) Thaw() error { return s.signal(syscall.SIGCONT) }

// signal signals the server's processes.
func (s *Server) signal(what syscall.Signal) error {
	list, err := s.processes()
	if err != nil {
		return err
	}
	for _, pid := range list {
		if err := syscall.Kill(pid, what); err != nil && !errors.Is(err, syscall.ESRCH) {
			return err
		}
	}
	return nil
}

// processes answers the server's first process and those that it has started.
func (s *Server) processes() ([]int, error) {
	pid, err := s.pid()
	if err != nil {
		return nil, err
	}
	list := []int{pid}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		// After the name in brackets come the state and the parent.
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if fields[1] != strconv.Itoa(pid) {
			continue
		}
		child, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err != nil {
			return nil, err
		}
		list = append(list, child)
	}
	return list, nil
}

// pid is the number of the server's first process.
func (s *Server) pid() (int, error) {
	text, err := os.ReadFile(filepath.Join(s.data(), "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return strconv.Atoi(first)
}

// Stop ends the server for good and removes what it kept.
func (s *Server) Stop() error { return errors.Join(s.Halt(), os.RemoveAll(s.dir)) }

// URL is how to connect to a schema of a database; "" is the usual one.
func (s *Server) URL(database, schema string) string {
	u := s.cluster
	if u.Host == "" {
		u = url.URL{Scheme: "postgres", User: url.User("muster"), Host: fmt.Sprintf("127.0.0.1:%d", s.port), RawQuery: "sslmode=disable"}
	}
	u.Path = "/" + database
	if schema != "" {
		u.RawQuery += "&search_path=" + schema
	}
	return u.String()
}

// Cluster reports whether the server is the coordinator of a Citus cluster.
func (s *Server) Cluster() bool { return s.cluster.Host != "" }

// Schema makes an empty schema and answers how to connect to it.
func (s *Server) Schema(ctx context.Context) (string, error) {
	conn, err := Connect(ctx, s.URL("postgres", ""))
	if err != nil {
		return "", err
	}
	name := fmt.Sprintf("world_%d_%d", os.Getpid(), s.schemas.Add(1))
	_, err = conn.Exec(ctx, "create schema "+name)
	return s.URL("postgres", name), errors.Join(err, conn.Close(ctx))
}

// Connect connects for the test itself: what it asks there is not among Statements.
func Connect(ctx context.Context, url string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["pg_stat_statements.track"] = "none"
	return pgx.ConnectConfig(ctx, config)
}

// Statements answers what the server was asked so far, each once, with places
// instead of values.
func (s *Server) Statements(ctx context.Context) (list []string, err error) {
	conn, err := Connect(ctx, s.URL("postgres", ""))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	if _, err := conn.Exec(ctx, "create extension if not exists pg_stat_statements"); err != nil {
		return nil, err
	}
	rows, err := conn.Query(ctx, "select distinct query from pg_stat_statements order by query")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// binaries finds the newest installed server: in the PATH, or where Debian puts it.
func binaries() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	slices.SortFunc(found, func(a, b string) int { return version(a) - version(b) })
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	path, err := exec.LookPath("postgres")
	if err != nil {
		return "", errors.New("PostgreSQL is not installed: run tools/deps")
	}
	return filepath.Dir(path), nil
}

func version(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	return n
}

// owner answers who is to run the server: PostgreSQL refuses to run as root.
func owner() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("there is no user postgres or nobody to run it as")
}
