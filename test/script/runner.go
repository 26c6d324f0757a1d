package script

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/test/scratch"
)

// Run runs every script below dir, each against a system of its own.
func Run(t *testing.T, dir string, open func(testing.TB, Options) System) {
	run := 0
	datadriven.Walk(t, dir, func(t *testing.T, path string) {
		run++
		t.Parallel()
		RunFile(t, path, open)
	})
	t.Logf("%d of %d scripts", run, run)
}

// Selection is which scripts are run by a system that need not run all each time.
type Selection struct {
	Dir    string
	Seed   uint64        // of their order
	Budget time.Duration // after which no further script begins
	// Except names scripts that the system cannot follow, by path, each with the reason.
	Except map[string]string
}

// RunSome runs scripts in the order of chance until the budget is spent, and
// says how many there were.
func RunSome(t *testing.T, sel Selection, open func(testing.TB, Options) System) {
	var names []string
	err := fs.WalkDir(os.DirFS(sel.Dir), ".", func(name string, d fs.DirEntry, err error) error {
		if _, excepted := sel.Except[name]; err == nil && !d.IsDir() && !excepted {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	scratch.Chance(sel.Seed, t.Name()).Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	end, run := time.Now().Add(sel.Budget), 0
	for run < len(names) && time.Now().Before(end) {
		name := names[run]
		t.Run(name, func(t *testing.T) { RunFile(t, filepath.Join(sel.Dir, filepath.FromSlash(name)), open) })
		run++
	}
	t.Logf("%d of %d scripts", run, len(names))
}

// RunFile runs one script.
func RunFile(t *testing.T, path string, open func(testing.TB, Options) System) {
	r := &runner{ids: map[string]muster.ContactID{}, names: map[muster.ContactID]string{}, schema: muster.NewSchema(nil)}
	// Scripts begin on a Sunday morning unless they say otherwise.
	r.clock, _ = parseInstant("2026-03-01T09:00:00Z")
	r.open = func() System {
		return open(t, Options{Clock: r.clock, NewID: r.newID})
	}
	defer func() {
		if r.system != nil {
			if err := r.system.Close(); err != nil {
				t.Errorf("%s: close: %v", path, err)
			}
		}
	}()
	datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
		out, err := r.command(d)
		if err != nil {
			d.Fatalf(t, "%s: %v", d.Cmd, err)
		}
		return out
	})
}

// runner is the state of one script.
type runner struct {
	open   func() System
	system System // made by the first command that is not clock
	clock  muster.Instant
	schema *muster.Schema // to read values by
	ids    map[string]muster.ContactID
	names  map[muster.ContactID]string
	made   int
}

// newID makes rising ids that look like those of a commit.
func (r *runner) newID() muster.ContactID {
	r.made++
	return muster.ContactID{6: 0x70, 8: 0x80, 14: byte(r.made >> 8), 15: byte(r.made)}
}

// command runs one command. Its error is a mistake in the script; what the
// system refuses is output.
func (r *runner) command(d *datadriven.TestData) (string, error) {
	if d.Cmd == "clock" {
		return "", r.setClock(d)
	}
	if r.system == nil {
		r.system = r.open()
	}
	switch d.Cmd {
	case "advance":
		if err := r.setClock(d); err != nil {
			return "", err
		}
		return refused(r.system.Advance()), nil
	case "zone":
		return refused(r.system.SetZone(argument(d, 0))), nil
	case "define":
		return r.define(d.Input)
	case "drop":
		return refused(r.system.Drop(argument(d, 0), argument(d, 1))), nil
	case "contact", "activity", "mixed":
		return r.batch(d)
	case "merge":
		return r.merge(d)
	case "erase":
		return r.erase(d)
	case "show":
		return r.show(d)
	case "group":
		return r.group(d)
	case "recalculate":
		return refused(r.system.Recalculate(argument(d, 0))), nil
	case "status":
		status, err := r.system.Status(argument(d, 0))
		if err != nil {
			return refused(err), nil
		}
		return string(status), nil
	case "members":
		return r.members(d)
	case "changes":
		return r.changes(d)
	case "explain":
		return r.explain(d)
	}
	return "", errors.New("the command is not known")
}

func (r *runner) setClock(d *datadriven.TestData) error {
	t, ok := parseInstant(argument(d, 0))
	if !ok {
		return fmt.Errorf("%q is not an instant", argument(d, 0))
	}
	r.clock = t
	if r.system != nil {
		r.system.SetClock(t)
	}
	return nil
}

// members prints the members of one group, or of several with their codes.
func (r *runner) members(d *datadriven.TestData) (string, error) {
	var at muster.Instant
	var codes []string
	for _, a := range d.CmdArgs {
		if a.Key != "at" {
			codes = append(codes, a.Key)
			continue
		}
		var ok bool
		if at, ok = parseInstant(a.Vals[0]); !ok {
			return "", fmt.Errorf("%q is not an instant", a.Vals[0])
		}
	}
	historian, keeps := r.system.(Historian)
	if at != 0 && !keeps {
		return d.Expected, nil
	}
	var b strings.Builder
	for _, code := range codes {
		if len(codes) > 1 {
			fmt.Fprintf(&b, "%s: ", code)
		}
		var members []muster.ContactID
		var err error
		if at != 0 {
			members, err = historian.MembersAt(code, at)
		} else {
			members, err = r.system.Members(code)
		}
		if err != nil {
			fmt.Fprintln(&b, refused(err))
			continue
		}
		status, err := r.system.Status(code)
		if err != nil {
			return "", err
		}
		if status == muster.NeverCalculated && at == 0 {
			b.WriteString("never calculated")
			if len(members) > 0 {
				fmt.Fprintf(&b, ", and yet %s", r.list(members))
			}
			b.WriteByte('\n')
			continue
		}
		fmt.Fprintln(&b, r.list(members))
	}
	return b.String(), nil
}

// list prints names in order, or "nobody".
func (r *runner) list(ids []muster.ContactID) string {
	if len(ids) == 0 {
		return "nobody"
	}
	var names []string
	for _, id := range ids {
		names = append(names, r.name(id))
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// changes prints the change records since the last time. Within an instant
// they are in the order of contact and group, because a system is free to
// write those of one commit in any order.
func (r *runner) changes(d *datadriven.TestData) (string, error) {
	historian, keeps := r.system.(Historian)
	if !keeps {
		return d.Expected, nil
	}
	list, err := historian.Changes()
	if err != nil {
		return refused(err), nil
	}
	slices.SortStableFunc(list, func(a, b Change) int {
		if a.At != b.At {
			return int(a.At - b.At)
		}
		return strings.Compare(r.name(a.Contact)+" "+a.Group, r.name(b.Contact)+" "+b.Group)
	})
	var out strings.Builder
	for _, c := range list {
		direction := "left"
		if c.Entered {
			direction = "entered"
		}
		cause := c.Cause.Kind.String()
		if c.Cause.Code != "" {
			cause += " " + c.Cause.Code
		}
		fmt.Fprintf(&out, "%s %s %s %s: %s\n", c.At, r.name(c.Contact), direction, c.Group, cause)
	}
	if len(list) == 0 {
		return "none", nil
	}
	return out.String(), nil
}

// explain prints the condition of a group with yes or no before every node.
func (r *runner) explain(d *datadriven.TestData) (string, error) {
	explainer, explains := r.system.(Explainer)
	if !explains {
		return d.Expected, nil
	}
	id, known := r.ids[argument(d, 1)]
	if !known {
		return "", fmt.Errorf("no contact is called %q", argument(d, 1))
	}
	truth, err := explainer.Explain(argument(d, 0), id)
	if err != nil {
		return refused(err), nil
	}
	var b strings.Builder
	fmt.Fprintln(&b, yes(truth[""]))
	pointers := make([]string, 0, len(truth))
	for p := range truth {
		if p != "" {
			pointers = append(pointers, p)
		}
	}
	slices.Sort(pointers)
	for _, p := range pointers {
		fmt.Fprintf(&b, "%s %s\n", p, yes(truth[p]))
	}
	return b.String(), nil
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// name is the stable short name of a contact.
func (r *runner) name(id muster.ContactID) string {
	if id.IsZero() {
		return "erased"
	}
	if name, known := r.names[id]; known {
		return name
	}
	return id.String()
}

// argument is a positional argument of a command, "" when it is not there.
func argument(d *datadriven.TestData, n int) string {
	i := 0
	for _, a := range d.CmdArgs {
		if len(a.Vals) > 0 {
			continue
		}
		if i == n {
			return a.Key
		}
		i++
	}
	return ""
}

// option is a named argument of a command, "" when it is not there.
func option(d *datadriven.TestData, name string) string {
	for _, a := range d.CmdArgs {
		if a.Key == name && len(a.Vals) == 1 {
			return a.Vals[0]
		}
	}
	return ""
}

// has reports whether a positional argument is there.
func has(d *datadriven.TestData, name string) bool {
	return slices.ContainsFunc(d.CmdArgs, func(a datadriven.CmdArg) bool { return a.Key == name && len(a.Vals) == 0 })
}

// refused prints an error as systems agree on it: its code and the places in
// the input that it points at. The words are each system's own.
func refused(err error) string {
	if err == nil {
		return ""
	}
	out := "error: " + string(muster.CodeOf(err))
	var e *muster.Error
	if !errors.As(err, &e) {
		return out + " " + err.Error()
	}
	for _, p := range e.Problems {
		if p.Location != "" {
			out += "\n  " + p.Location
		}
	}
	return out
}
