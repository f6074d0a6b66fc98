package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// linkTool makes the test binary dumpscrub in dir, which TestMain takes it for by that name. It skips short tests: they
// are for the race detector, which makes each process several times as slow and has nothing to say of it.
func linkTool(t *testing.T, dir string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("runs the program as a process of its own")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(dir, "dumpscrub")
	if err := os.Symlink(exe, bin); err != nil {
		t.Fatal(err)
	}
	return bin
}

// rawDump writes n bytes that are no secret, in a form that takes a while.
func rawDump(t *testing.T, n int) string {
	t.Helper()
	data := make([]byte, n)
	x := uint64(88172645463325252)
	for i := range data {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		data[i] = byte(x)
	}
	path := filepath.Join(t.TempDir(), "memory.raw")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A run that is killed leaves either both files or none.
func TestKilledRunsLeaveNothing(t *testing.T) {
	bin, in := linkTool(t, t.TempDir()), rawDump(t, 48<<20)
	const rounds = 25
	killed := 0
	for i := range rounds {
		dir := t.TempDir()
		out := filepath.Join(dir, "out")
		cmd := exec.Command(bin, "scrub", in, "--format", "raw", "-o", out, "--spool-dir", dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(10+i*29) * time.Millisecond)
		_ = cmd.Process.Kill()
		err := cmd.Wait()
		var x *exec.ExitError
		if errors.As(err, &x) {
			killed++
		}
		left, readErr := os.ReadDir(dir)
		if readErr != nil {
			t.Fatal(readErr)
		}
		switch {
		case err == nil && len(left) == 2:
		case len(left) == 0:
		case len(left) == 2: // killed between the last link and the exit
			if gate := exec.Command(bin, "gate", out).Run(); gate != nil {
				t.Errorf("round %d: both files are there and do not belong together", i)
			}
		case len(left) == 1 && left[0].Name() == "out":
			// Killed between the two links: a verified copy without its receipt,
			// which a gate scans like any other file.
		default:
			t.Errorf("round %d: the killed run left %v", i, left)
		}
	}
	if killed == 0 {
		t.Error("no run was killed in time: the test proves nothing")
	}
}

// A full disk ends the run with an error and without an output.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=8m"); err != nil {
		t.Skipf("a small file system cannot be mounted: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	bin, in := linkTool(t, t.TempDir()), rawDump(t, 16<<20)
	cmd := exec.Command(bin, "scrub", in, "--format", "raw", "-o", filepath.Join(dir, "out"))
	text, err := cmd.CombinedOutput()
	var x *exec.ExitError
	if !errors.As(err, &x) || x.ExitCode() != exitError {
		t.Errorf("exit %v, want %d: %s", err, exitError, text)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left over: %v", left)
	}
}

// What a directory refuses is refused before and after the work alike.
func TestUnwritableDirectory(t *testing.T) {
	bin, in := linkTool(t, t.TempDir()), rawDump(t, 1<<20)
	dir := filepath.Join("/proc", "sys")
	cmd := exec.Command(bin, "scrub", in, "--format", "raw", "-o", filepath.Join(dir, "out"))
	err := cmd.Run()
	var x *exec.ExitError
	if !errors.As(err, &x) || x.ExitCode() != exitError {
		t.Errorf("exit %v, want %d", err, exitError)
	}
}

// A signal ends a run that waits for a writer, too.
func TestWaitingRunsEnd(t *testing.T) {
	bin := linkTool(t, t.TempDir())
	for _, args := range [][]string{{"scan", "-"}, {"scrub", "-", "-o", filepath.Join(t.TempDir(), "out")}} {
		cmd := exec.Command(bin, args...)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := in.Write(make([]byte, 5000)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second) // or it is too early for an orderly end
		_ = cmd.Process.Signal(unix.SIGTERM)
		late := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		late.Stop()
		if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
			t.Errorf("%s: exit code %d, want %d", args[0], code, exitInterrupted)
		}
	}
}
