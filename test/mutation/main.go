// Command mutation measures whether the tests notice mistakes. It makes one
// small mistake at a time in the code that decides who is in a group - a
// comparison flipped, a negation dropped, a bound shifted by one - and runs the
// tests of that package over it, then the scripts. A mistake that no test
// notices is printed; the share that was noticed is the score.
//
// Mistakes are laid over the sources when tests are built, so the tree never
// changes. It must not know what the code means.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	budget := flag.Duration("budget", 15*time.Minute, "how long to go on")
	seed := flag.Uint64("seed", 0, "repeats the order of a run; 0 is another one each time")
	only := flag.String("only", "", "mistakes only in files whose path contains this text")
	flag.Parse()
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano())
	}
	if err := run(*budget, *seed, *only); err != nil {
		fmt.Fprintln(os.Stderr, "mutation:", err)
		os.Exit(1)
	}
}

// stages are the tests that should notice a mistake in a package, quick ones first.
func stages(dir string) [][]string {
	scripts := []string{"./test/script/live", "-run", "TestTheOracleSets"}
	languages := []string{"./test/truth", "-run", "Mongo|JSONLogic|Answer", "-rapid.checks=30"}
	switch dir {
	case "internal/plan":
		return [][]string{{"./internal/plan", "./internal/lower"}, scripts, languages}
	case "internal/lower":
		return [][]string{{"./internal/lower"}, scripts, languages}
	}
	return [][]string{{"./internal/store/embedded/engine"}, {"./internal/store/embedded"}, scripts, languages}
}

func run(budget time.Duration, seed uint64, only string) error {
	var mutants []mutant
	for _, dir := range []string{"internal/plan", "internal/lower", "internal/store/embedded/engine"} {
		found, err := mutantsOf(dir)
		if err != nil {
			return err
		}
		for _, m := range found {
			if strings.Contains(m.path, only) {
				mutants = append(mutants, m)
			}
		}
	}
	sortMutants(mutants)
	chance := rand.New(rand.NewPCG(seed, 1))
	chance.Shuffle(len(mutants), func(i, j int) { mutants[i], mutants[j] = mutants[j], mutants[i] })
	work, err := os.MkdirTemp("", "muster-mutation-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	noticed, tried := 0, 0
	for end := time.Now().Add(budget); len(mutants) > tried && time.Now().Before(end); {
		m := mutants[tried]
		verdict, err := judge(m, work)
		if errors.Is(err, errBuild) {
			mutants = append(mutants[:tried], mutants[tried+1:]...)
			continue
		}
		if err != nil {
			return err
		}
		tried++
		if verdict == "" {
			fmt.Printf("not noticed: %s\n", m)
			continue
		}
		noticed++
		fmt.Printf("noticed by %s: %s\n", verdict, m)
	}
	fmt.Printf("%d of %d mistakes noticed (%.0f %%), drawn from %d with -seed %d\n", noticed, tried, 100*float64(noticed)/float64(max(tried, 1)), len(mutants), seed)
	return nil
}

// judge answers which tests notice a mistake; "" when none does.
func judge(m mutant, work string) (string, error) {
	changed := filepath.Join(work, "mutant.go")
	if err := os.WriteFile(changed, m.text, 0o644); err != nil {
		return "", err
	}
	absolute, err := filepath.Abs(m.path)
	if err != nil {
		return "", err
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {absolute: changed}})
	if err != nil {
		return "", err
	}
	file := filepath.Join(work, "overlay.json")
	if err := os.WriteFile(file, overlay, 0o644); err != nil {
		return "", err
	}
	for _, stage := range stages(filepath.ToSlash(filepath.Dir(m.path))) {
		failed, err := fails(file, stage)
		if err != nil || failed {
			return stage[0], err
		}
	}
	return "", nil
}

// errBuild says that a mistake does not compile, so that it is none.
var errBuild = errors.New("it does not compile")

// fails reports whether the tests fail, or take far longer than they should.
func fails(overlay string, tests []string) (bool, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	args := append([]string{"test", "-overlay", overlay, "-timeout", "4m", "-failfast", "-vet=off"}, tests...)
	out, err := exec.CommandContext(ctx, "go", args...).CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return false, nil
	case bytes.Contains(out, []byte("[build failed]")):
		return false, errBuild
	case errors.As(err, &exit):
		return true, nil
	}
	return false, fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
}
