package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/muster-groups/muster"
)

// terminal reports whether what is written is seen by a person.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// ink colours text where it is wanted: on terminals, unless NO_COLOR says no.
type ink bool

func (m *Main) ink(w io.Writer) ink {
	_, no := m.Lookup("NO_COLOR")
	return ink(terminal(w) && !no)
}

func (i ink) paint(code, s string) string {
	if !bool(i) || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (i ink) bold(s string) string   { return i.paint("1", s) }
func (i ink) dim(s string) string    { return i.paint("2", s) }
func (i ink) red(s string) string    { return i.paint("31", s) }
func (i ink) green(s string) string  { return i.paint("32", s) }
func (i ink) yellow(s string) string { return i.paint("33", s) }

// printError says what went wrong, with every problem on a line of its own.
func (m *Main) printError(err error) {
	out := m.ink(m.Stderr)
	message, problems := explainError(err)
	fmt.Fprintf(m.Stderr, "%s %s\n", out.red("muster:"), message)
	for _, p := range problems {
		where := p.Location
		if where == "" {
			where = "/"
		}
		fmt.Fprintf(m.Stderr, "  %s  %s\n", out.bold(where), p.Message)
	}
	if what := remedy(err); what != "" {
		fmt.Fprintln(m.Stderr, what)
	}
}

func explainError(err error) (string, []muster.Problem) {
	var e *muster.Error
	if errors.As(err, &e) {
		shown := *e
		shown.Problems = nil
		// What wraps the error says what was being done.
		return strings.Replace(err.Error(), e.Error(), shown.Error(), 1), e.Problems
	}
	return err.Error(), nil
}

// table lays out rows under a header, columns as wide as their widest cell.
// Columns whose header begins with > are aligned right.
type table struct {
	header []string
	rows   [][]string
	paint  func(column int, cell string) string // after padding; nil for none
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) write(w io.Writer, i ink) {
	widths := make([]int, len(t.header))
	for c, h := range t.header {
		widths[c] = utf8.RuneCountInString(strings.TrimPrefix(h, ">"))
	}
	for _, row := range t.rows {
		for c, cell := range row {
			widths[c] = max(widths[c], utf8.RuneCountInString(cell))
		}
	}
	line := func(cells []string, paint func(int, string) string) {
		var b strings.Builder
		for c, cell := range cells {
			right := strings.HasPrefix(t.header[c], ">")
			pad := strings.Repeat(" ", widths[c]-utf8.RuneCountInString(strings.TrimPrefix(cell, ">")))
			cell = strings.TrimPrefix(cell, ">")
			switch {
			case right:
				b.WriteString(pad + paint(c, cell))
			case c == len(cells)-1:
				b.WriteString(paint(c, cell))
			default:
				b.WriteString(paint(c, cell) + pad)
			}
			if c < len(cells)-1 {
				b.WriteString("  ")
			}
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
	line(t.header, func(_ int, s string) string { return i.dim(s) })
	paint := t.paint
	if paint == nil || !bool(i) {
		paint = func(_ int, s string) string { return s }
	}
	for _, row := range t.rows {
		line(row, paint)
	}
}

// count prints a whole number with commas.
func count[N int | int64 | uint64](n N) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// plural is "1 contact", "2 contacts".
func plural[N int | int64 | uint64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if strings.HasSuffix(noun, "y") {
		return count(n) + " " + strings.TrimSuffix(noun, "y") + "ies"
	}
	return count(n) + " " + noun + "s"
}

// moment prints an instant for people, in their zone.
func moment(t *muster.Instant) string {
	if t == nil || *t == 0 {
		return "-"
	}
	return t.Time().Local().Format("2006-01-02 15:04")
}

// span prints a length of time for people, in units that are neither too fine nor too coarse.
func span(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
	}
	return fmt.Sprintf("%d days", d/(24*time.Hour))
}

// bar shows progress on a terminal and nothing elsewhere.
type bar struct{ *progressbar.ProgressBar }

// newBar makes a bar of a known length; bytes prints sizes.
func (m *Main) newBar(what string, length int64, bytes bool) bar {
	options := []progressbar.Option{
		progressbar.OptionSetWriter(m.Stderr), progressbar.OptionSetDescription(what),
		progressbar.OptionSetVisibility(terminal(m.Stderr)), progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100 * time.Millisecond), progressbar.OptionSetPredictTime(true),
		progressbar.OptionFullWidth(), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetTheme(progressbar.Theme{Saucer: "━", SaucerHead: "╸", SaucerPadding: " ", BarStart: "", BarEnd: ""}),
	}
	if bytes {
		options = append(options, progressbar.OptionShowBytes(true))
	}
	if length <= 0 {
		length = -1
	}
	return bar{progressbar.NewOptions64(length, options...)}
}

func (b bar) set(n int64) { _ = b.Set64(n) } // a bar that cannot be drawn stops nothing

func (b bar) done() { _ = b.Finish() }
