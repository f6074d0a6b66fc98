package live

import (
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
	name   string
	pid    int
	kernel *process // when the kernel shall write the dump: the process, which dies of it
}

// subject is what a scenario has set up.
type subject struct {
	targets []target
	needles []needle.Needle
	notes   []string // what the reader of the result should know
	// recover, when set, tries to get keys out of a dump in a way that no search
	// for values can, and names those it got.
	recover func(dump string) ([]string, error)
}

// dump writes the memory of t to dir/core and returns the path of its program.
func (t target) dump(ctx context.Context, b *bench, dir string) (exe string, err error) {
	exe, err = os.Readlink(fmt.Sprintf("/proc/%d/exe", t.pid))
	if err != nil {
		return "", err
	}
	if t.kernel != nil {
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
	select {
	case <-t.kernel.done:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := os.Rename(filepath.Join(dir, fmt.Sprintf("kernel.%d", t.pid)), filepath.Join(dir, coreName)); err != nil {
		return fmt.Errorf("the kernel left no core: %w", err)
	}
	return loan.Return()
}
