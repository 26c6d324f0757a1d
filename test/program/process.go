package program

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// patience is how long a start may take. It only bounds a hanging test, on the
// slowest and busiest machine.
const patience = 5 * time.Minute

// Process is the program, serving on a free port of this machine.
type Process struct {
	URL string // where it listens, once Listening or Ready has answered

	cmd       *exec.Cmd
	listening chan string   // the address, once
	ready     chan struct{} // closed when it says that it is ready
	gone      chan struct{} // closed when it has ended
	output    output
}

// Serve starts a program with further arguments, and environment beside the
// test's own. It need not listen yet, nor be ready.
func Serve(binary, adminKey string, env []string, args ...string) (*Process, error) {
	p := &Process{
		cmd:       exec.Command(binary, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...),
		listening: make(chan string, 1), ready: make(chan struct{}), gone: make(chan struct{}),
	}
	p.cmd.Env = append(append(os.Environ(), "MUSTER_ADMIN_KEY="+adminKey), env...)
	p.cmd.Stderr = &p.output
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.gone)
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			p.hear(lines.Text())
		}
		_ = p.cmd.Wait() // how it ended is in its state and its output
	}()
	return p, nil
}

func (p *Process) hear(line string) {
	_, _ = fmt.Fprintln(&p.output, line) // a buffer takes everything
	if url, ok := strings.CutPrefix(line, "Listening on "); ok {
		p.listening <- url
	}
	if strings.HasPrefix(line, "Ready after ") {
		close(p.ready)
	}
}

// Listening waits until the program listens, be it ready or not.
func (p *Process) Listening() error {
	if p.URL != "" {
		return nil
	}
	select {
	case p.URL = <-p.listening:
		return nil
	case <-p.gone:
		return fmt.Errorf("the program ended before it listened:\n%s", p.Output())
	case <-time.After(patience):
		return fmt.Errorf("the program does not listen after %s:\n%s", patience, p.Output())
	}
}

// Ready waits until the program is ready.
func (p *Process) Ready() error {
	select {
	case <-p.ready:
		return p.Listening()
	case <-p.gone:
		return fmt.Errorf("the program ended before it was ready:\n%s", p.Output())
	case <-time.After(patience):
		return fmt.Errorf("the program is not ready after %s:\n%s", patience, p.Output())
	}
}

// Gone is closed when the program has ended, however it did.
func (p *Process) Gone() <-chan struct{} { return p.gone }

// ID is the process's number.
func (p *Process) ID() int { return p.cmd.Process.Pid }

// Kill ends the program at once, as kill -9 does, and waits until it is gone.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill() // an error says that it has ended already
	<-p.gone
}

// Stop tells the program to stop and waits until it has.
func (p *Process) Stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	<-p.gone
	if !p.cmd.ProcessState.Success() {
		return fmt.Errorf("the program ended with %s:\n%s", p.cmd.ProcessState, p.Output())
	}
	return nil
}

// Output answers what the program has printed.
func (p *Process) Output() string { return p.output.String() }

// output keeps what a process prints.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write keeps more.
func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}
