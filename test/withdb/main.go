// Command withdb runs a command beside a PostgreSQL server of its own, which is
// named to it by MUSTER_TEST_DATABASE and gone with it: suites that are not
// written in Go run on a database by it.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: withdb COMMAND ARGUMENT...")
		os.Exit(2)
	}
	status, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "withdb:", err)
		status = 1
	}
	os.Exit(status)
}

// run answers the status with which the command ended.
func run(command []string) (status int, err error) {
	server, err := pgtest.Start()
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), "MUSTER_TEST_DATABASE="+server.URL("postgres", ""))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = cmd.Run()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		return ended.ExitCode(), nil
	}
	return 0, err
}
