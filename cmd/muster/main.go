// Command muster keeps contact groups true: it serves them, and lets a
// terminal import, look, explain, recalculate, verify and measure.
//
// The package is thin: it reads arguments and settings, wires the parts
// together and prints. It holds no rule of the product.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	m := Main{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Lookup: os.LookupEnv}
	code := m.Run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
