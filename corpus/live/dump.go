package live

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"github.com/dumpscrub/dumpscrub/corpus/live/corepattern"
	"github.com/dumpscrub/dumpscrub/corpus/live/needle"
)

// target is a process that is to be dumped.
type target struct {
	name string
	pid  int
	// closed says that the process forbids the kernel to dump it (prctl(2),
	// PR_SET_DUMPABLE); a debugger that runs as root may still.
	closed bool
}

// subject is what a scenario has set up.
type subject struct {
	targets []target
	needles []needle.Needle
	notes   []string // what the reader of the result should know
	// load, when set, makes the targets use their keys until ctx ends or stop is
	// called.
	load func(ctx context.Context) (stop func())
	// recover, when set, tries to get keys out of a dump in a way that no search
	// for values can, and names those it got.
	recover func(dump string) ([]string, error)
}

// Mode is in which state a process is dumped, and by whom.
type Mode string

const (
	Idle   Mode = "idle"   // by gcore, while nothing is asked of it
	Busy   Mode = "busy"   // by gcore, while it is under load
	Kernel Mode = "kernel" // by the kernel on SIGABRT, under load: it dies of it
)

// Modes returns all, in the order in which they can be tried on one process.
func Modes() []Mode { return []Mode{Idle, Busy, Kernel} }

// dump writes the memory of t to dir/core and returns the path of its program.
func (t target) dump(ctx context.Context, b *bench, m Mode, dir string) (exe string, err error) {
	exe, err = os.Readlink(fmt.Sprintf("/proc/%d/exe", t.pid))
	if err != nil {
		return "", err
	}
	if m == Kernel {
		return exe, t.crash(ctx, dir)
	}
	prefix := filepath.Join(dir, "gcore")
	if _, err := b.run(ctx, "gcore", "-o", prefix, fmt.Sprint(t.pid)); err != nil {
		return "", err
	}
	return exe, os.Rename(fmt.Sprintf("%s.%d", prefix, t.pid), filepath.Join(dir, coreName))
}

// coreName is the name of a dump in its folder: the same before and after, so
// that debuggers say the same of both.
const coreName = "core"

// crash makes the kernel write the dump.
func (t target) crash(ctx context.Context, dir string) error {
	const patience = 20 * time.Second
	loan, err := corepattern.Borrow(filepath.Join(dir, "kernel.%p"), patience)
	if errors.Is(err, corepattern.ErrUnavailable) {
		return errSkip{err.Error()}
	}
	if err != nil {
		return err
	}
	defer loan.Return()
	if err := unix.Prlimit(t.pid, unix.RLIMIT_CORE, &unix.Rlimit{Cur: unix.RLIM_INFINITY, Max: unix.RLIM_INFINITY}, nil); err != nil {
		return fmt.Errorf("raising the core limit: %w", err)
	}
	if err := unix.Kill(t.pid, unix.SIGABRT); err != nil {
		return err
	}
	for !t.dead() {
		const pause = 50 * time.Millisecond
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err := os.Rename(filepath.Join(dir, fmt.Sprintf("kernel.%d", t.pid)), filepath.Join(dir, coreName)); err != nil {
		return fmt.Errorf("the kernel left no core: %w", err)
	}
	return loan.Return()
}

// dead reports whether the process is gone, or waits for its parent to take note.
// Its core is complete then.
func (t target) dead() bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", t.pid))
	if err != nil {
		return true
	}
	// The state follows the name, which is in parentheses and may hold any others
	// (proc(5)).
	end := bytes.LastIndexByte(stat, ')')
	return end < 0 || bytes.HasPrefix(stat[end+1:], []byte(" Z")) || bytes.HasPrefix(stat[end+1:], []byte(" X"))
}
