package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/dumpscrub/dumpscrub/scrub/workers"
)

// version is what reports and receipts say; results may differ between versions.
const version = "0.1.0"

// heapGoal is the memory in bytes above which garbage is collected more often than
// it would be. Most dumps stay far below it; deep runs of one full of what looks random need most
// of it, and with less collect all the time.
const heapGoal = 160 << 20

func main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(heapGoal)
	}
	ctx := interruptible(context.Background())
	code := run(ctx, env{
		args: os.Args[1:], stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv,
		confine: confine,
	})
	os.Exit(code)
}

// interruptible returns a context that ends at the first signal; the second one ends
// the process, which leaves nothing behind then either.
func interruptible(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	c := make(chan os.Signal, 2)
	signal.Notify(c, ends...)
	go func() {
		<-c
		cancel()
		<-c
		os.Exit(exitInterrupted)
	}()
	return ctx
}

// ends are the signals that end a run in an orderly way. Most are among them because
// the runtime would answer with the registers and arguments of all goroutines, which
// hold bytes of secrets.
var ends = []os.Signal{
	os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGABRT, syscall.SIGTRAP, syscall.SIGILL,
	syscall.SIGBUS, syscall.SIGFPE, syscall.SIGSEGV, syscall.SIGSYS, syscall.SIGSTKFLT, syscall.SIGXCPU,
}

// env is everything that a command may touch of the process it runs in.
type env struct {
	args   []string
	stdin  *os.File
	stdout io.Writer
	stderr io.Writer
	getenv func(string) string

	confine func(access) (missing []string) // nil to stay as it is
	outlets map[string]*outlet              // opened before the process was confined
	// named are the files that got their names by being written: what else a report goes
	// to, a device or a pipe, is not ours to remove when the run fails.
	named []string
}

// run executes one command line and returns its exit code.
func run(ctx context.Context, e env) int {
	undumpable()
	out := &remembering{w: e.stdout}
	e.stdout = out
	root := newRootCommand(&e)
	root.SetArgs(e.args)
	root.SetOut(e.stdout)
	root.SetErr(e.stderr)
	return e.exit(ctx, cmp.Or(workers.Guard(func() error { return root.ExecuteContext(ctx) }), out.err))
}

// remembering is a writer that keeps its first error: who prints help does not look at it.
type remembering struct {
	w   io.Writer
	err error
}

func (r *remembering) Write(p []byte) (int, error) {
	n, err := r.w.Write(p)
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("writing to standard output: %w", err)
	}
	return n, err
}

// spoolDir returns where spools go: large files that outlive no run.
func (e *env) spoolDir() string {
	if d := e.getenv("TMPDIR"); d != "" {
		return d
	}
	return "/var/tmp"
}
