package corepattern

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// Path is the setting.
const Path = "/proc/sys/kernel/core_pattern"

// maxPattern is how many bytes the kernel keeps of the setting (CORENAME_MAX_SIZE,
// with the final zero); it cuts off the rest without a word.
const maxPattern = 127

// ErrUnavailable is why a machine cannot lend its setting: the caller is not
// allowed to write it, or the kernel would look for the program elsewhere.
var ErrUnavailable = errors.New("core_pattern cannot be borrowed")

// guard puts the value $1 back into the file $0, provided that it still holds $2,
// when its standard input closes.
const guard = `trap '' INT TERM HUP; read -r _; test "$(cat "$0")" != "$2" || printf '%s\n' "$1" > "$0"`

// Loan is a borrowed setting.
type Loan struct {
	old, set string
	life     io.Closer // closing it wakes the guardian
	guardian *exec.Cmd
}

// Borrow sets core_pattern to pattern. It waits up to limit for other borrowers.
// It fails with [ErrUnavailable] where that would do no good.
func Borrow(pattern string, limit time.Duration) (*Loan, error) {
	if len(pattern) > maxPattern || strings.ContainsAny(pattern, "\n\x00") {
		return nil, fmt.Errorf("core_pattern of %d bytes: the kernel keeps one line of %d", len(pattern), maxPattern)
	}
	if strings.HasPrefix(pattern, "|") && elsewhere() {
		return nil, fmt.Errorf("%w: the root directory was changed, and the kernel looks for the program in its own", ErrUnavailable)
	}
	f, err := os.OpenFile(Path, os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	defer f.Close()
	if err := lock(f, limit); err != nil {
		return nil, err
	}
	old, err := read()
	if err != nil {
		return nil, err
	}
	l := &Loan{old: old, set: pattern}
	if err := l.watch(f); err != nil {
		return nil, err
	}
	if err := write(pattern); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", ErrUnavailable, err), l.Return())
	}
	if now, err := read(); err != nil || now != pattern {
		return nil, errors.Join(ErrUnavailable, err, l.Return())
	}
	return l, nil
}

// elsewhere reports whether this process lives below a changed root directory (chroot): the
// kernel starts programs of core_pattern in that of the first process (core(5)). Then
// nothing that it sees is mounted at its root (proc_pid_mountinfo(5), field 5).
func elsewhere() bool {
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(mounts)) {
		if f := strings.Fields(line); len(f) > 4 && f[4] == "/" {
			return false
		}
	}
	return true
}

// watch starts the guardian with the lock in f.
func (l *Loan) watch(f *os.File) error {
	// The shell must not die of a signal that ends the test.
	g := exec.Command("/bin/sh", "-c", guard, Path, l.old, l.set)
	g.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	g.ExtraFiles = []*os.File{f}
	life, err := g.StdinPipe()
	if err != nil {
		return err
	}
	if err := g.Start(); err != nil {
		return err
	}
	l.life, l.guardian = life, g
	return nil
}

// Return puts the old value back. Only the first call does anything.
func (l *Loan) Return() error {
	if l.guardian == nil {
		return nil
	}
	g := l.guardian
	l.guardian = nil
	if err := errors.Join(l.life.Close(), g.Wait()); err != nil {
		return fmt.Errorf("putting core_pattern back: %w", err)
	}
	now, err := read()
	if err == nil && now == l.set && now != l.old {
		err = errors.New("core_pattern is not back")
	}
	return err
}

// lock takes the lock on the setting, which ends with the last copy of f.
func lock(f *os.File, limit time.Duration) error {
	const pause = 50 * time.Millisecond
	for end := time.Now().Add(limit); ; time.Sleep(pause) {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil || !errors.Is(err, syscall.EWOULDBLOCK) {
			return err
		}
		if time.Now().After(end) {
			return fmt.Errorf("core_pattern is lent to another for more than %v", limit)
		}
	}
}

func read() (string, error) {
	b, err := os.ReadFile(Path)
	return strings.TrimSuffix(string(b), "\n"), err
}

func write(pattern string) error {
	f, err := os.OpenFile(Path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(pattern + "\n")
	return errors.Join(err, f.Close())
}
