package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

// part is one thing to run.
type part struct {
	name    string
	weight  int // of the time
	dir     string
	command []string
	// readings are how many tests of the part share its time.
	readings int
	// says finds in the log how much was done.
	says *regexp.Regexp
	// endless parts go on until they are told to stop.
	endless bool
}

// parts answers everything, what is most likely to find something first.
func parts() []part {
	count := func(expression string) *regexp.Regexp { return regexp.MustCompile(expression) }
	scripts := count(`\d+ of \d+ scripts`)
	test := func(args ...string) []string {
		return append([]string{"go", "test", "-v", "-count=1", "-timeout=24h"}, args...)
	}
	all := []part{
		{name: "scripts, the model", weight: 1, command: test("./test/script"), says: count(`(?m)^ok\s.*$`)},
		{name: "scripts, embedded", weight: 6, readings: 3, command: test("./test/script/live"), says: scripts},
		{name: "scripts, PostgreSQL", weight: 10, readings: 4, command: test("./test/script/live/onpostgres"), says: scripts},
		{name: "scripts, REST", weight: 10, readings: 2, command: test("./test/script/rest"), says: scripts},
		{name: "properties", weight: 20, readings: 2, command: test("-run=TestEveryGroup", "./test/property"), says: count(`\d+ steps in \d+ worlds`)},
		{name: "languages and explanations", weight: 5, command: test("./test/truth", "-rapid.checks=3000"), says: count(`(?m)^ok\s.*$`)},
		{name: "plans", weight: 4, command: test("./internal/plan", "./internal/lower", "./internal/catalog/...", "./internal/identity", "./internal/store/embedded/engine", "-rapid.checks=20000"), says: count(`(?m)^ok\s.*$`)},
		{name: "kills", weight: 8, readings: 1, command: test("./test/crash"), says: count(`\d+ kills.*`)},
		{name: "nodes", weight: 5, readings: 1, command: test("-skip=AnImportGoesOn", "./test/nodes"), says: count(`\d+ commits in .*`)},
		{name: "imports on nodes", weight: 2, readings: 1, command: test("-run=AnImportGoesOn", "./test/nodes"), says: count(`\d+ mishaps met .*`)},
		{name: "outages", weight: 1, command: test("./test/outage"), says: count(`(?m)^ok\s.*$`)},
		{name: "deliveries", weight: 1, command: test("./test/delivery"), says: count(`\d+ changes in \d+ requests.*`)},
		{name: "failing disks", weight: 10, readings: 6, command: test("./internal/store/embedded/..."), says: count(`\d+ operations failed.*`)},
		{name: "the stores", weight: 2, command: test("-run=PortSays", "./internal/store/..."), says: count(`(?m)^ok\s.*$`)},
		{name: "everything at once", weight: 6, command: test("-race", "./test/concurrency", "./internal/roster", "./internal/store/...", "./internal/httpapi"), says: count(`(?m)^ok\s.*$`)},
		{name: "the browser", weight: 5, dir: "web", command: []string{"npm", "test"}, says: count(`(?m)^\S* (pass|fail) \d+`)},
		{name: "the browser, PostgreSQL", weight: 5, dir: "web", command: []string{"go", "run", "../test/withdb", "npm", "test"}, says: count(`(?m)^\S* (pass|fail) \d+`)},
		{name: "foreign SDKs", weight: 2, dir: "test/sdk", command: []string{"npm", "test"}, says: count(`(?m)^\S* (pass|fail) \d+`)},
	}
	for _, f := range []struct{ name, dir string }{
		{"FuzzParseCondition", "."}, {"FuzzContact", "./internal/app"}, {"FuzzActivities", "./internal/app"}, {"FuzzLoad", "./internal/app"},
		{"FuzzCondition", "./internal/app"}, {"FuzzNoMessageBreaksTheTranslation", "./internal/collect"}, {"FuzzCSV", "./internal/importer"},
		{"FuzzNDJSON", "./internal/importer"}, {"FuzzWildcardAgreesWithTheNaiveMatcher", "./internal/plan"},
	} {
		all = append(all, part{name: f.name, weight: 2, endless: true, command: test("-run=^$", "-fuzz=^"+f.name+"$", f.dir), says: count(`execs: \d+`)})
	}
	return all
}

// fuzzing is how long an endless part goes on without a budget.
const fuzzing = 5 * time.Minute

// least is how long a part may take whatever its share.
const least = 10 * time.Minute

// outcome is how a part went.
type outcome struct {
	name   string
	passed bool
	over   bool // it was stopped because its time was over
	took   time.Duration
	said   []string
	why    string // what the log says of the first failure
}

// run runs the part within its time, 0 for no limit, and keeps what it says.
func (p part) run(ctx context.Context, within time.Duration, log string) (outcome, error) {
	o := outcome{name: p.name}
	file, err := os.Create(log)
	if err != nil {
		return o, err
	}
	limit := within
	env := append(os.Environ(), "MUSTER_SOAK=1")
	command := p.command
	switch {
	case p.endless:
		if within == 0 {
			within = fuzzing
		}
		command, limit = append(slices.Clone(command), "-fuzztime="+within.String()), 0
	case within > 0 && p.readings > 0:
		// These keep to the time by themselves, and may end what they have begun.
		env, limit = append(env, "MUSTER_TEST_BUDGET="+(within/time.Duration(p.readings)).String()), 0
	}
	if limit > 0 {
		// Those that cannot do less than all of it are not stopped early.
		limit = max(limit, least)
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = p.dir, env, file, file
	// The part and whatever it starts are one group: told to stop together, and
	// gone together.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel, cmd.WaitDelay = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }, time.Minute
	began := time.Now()
	err = cmd.Run()
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // nobody is left, as a rule
	}
	o.took, o.passed = time.Since(began), err == nil
	o.over = err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded)
	said, failed := os.ReadFile(log)
	if failed = errors.Join(failed, file.Close()); failed != nil {
		return o, failed
	}
	o.said = p.figures(string(said))
	if o.over {
		// Nothing had failed until then.
		o.passed = !strings.Contains(string(said), "--- FAIL") && !strings.Contains(string(said), "not ok")
	}
	if !o.passed {
		o.why = cause(string(said))
	}
	return o, nil
}

// figures answers how much was done. Of the same thing said again and again,
// only the last counts.
func (p part) figures(log string) []string {
	found := p.says.FindAllString(log, -1)
	if p.readings == 1 || p.endless {
		return found[max(0, len(found)-1):]
	}
	for i := range found {
		found[i] = strings.Join(strings.Fields(strings.Replace(found[i], "github.com/muster-groups/muster/", "", 1)), " ")
	}
	return found
}

// String is the part's line of the summary.
func (o outcome) String() string {
	word := "ok    "
	switch {
	case !o.passed:
		word = "FAILED"
	case o.over:
		word = "over  " // stopped in time, without a failure
	}
	line := fmt.Sprintf("%s %-38s %8s  %s", word, o.name, o.took.Round(time.Second), strings.Join(o.said, "; "))
	if o.why != "" {
		line += "\n" + o.why
	}
	return line
}

var failure = regexp.MustCompile(`(?m)^.*(failed after|panic:|--- FAIL|^not ok|\[setup failed\]).*$`)

// cause answers what a log says where something failed first, in a few lines.
func cause(log string) string {
	const lines, width = 12, 300
	at := failure.FindStringIndex(log)
	if at == nil {
		at = []int{max(0, len(log)-lines*width)}
	}
	found := strings.SplitN(log[at[0]:], "\n", lines+1)
	found = found[:min(len(found), lines)]
	for i, line := range found {
		found[i] = "       " + strings.ToValidUTF8(line[:min(len(line), width)], "")
	}
	return strings.Join(found, "\n")
}
