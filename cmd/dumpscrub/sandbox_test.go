package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/dumpscrub/dumpscrub/scrub/publish"
)

// confinedVar makes the test binary a process that confines itself and then tries
// to get out: its value is the folder of the test.
const confinedVar = "DUMPSCRUB_TEST_CONFINED"

// TestConfinedHelper is not a test: it is the code that runs inside the sandbox.
func TestConfinedHelper(t *testing.T) {
	dir := os.Getenv(confinedVar)
	if dir == "" {
		t.Skip("runs only in a process of its own")
	}
	// Threads that exist before confinement are confined too.
	var threads sync.WaitGroup
	begin := make(chan struct{})
	failures := make(chan string, 1000)
	for i := range 8 {
		threads.Go(func() {
			runtime.LockOSThread()
			<-begin
			escape(dir, i, failures)
		})
	}
	out, err := publish.Create(filepath.Join(dir, "out", "result"))
	if err != nil {
		t.Fatal(err)
	}
	if missing := confine(access{read: []string{filepath.Join(dir, "in")}, name: []string{filepath.Join(dir, "out", "result")}}); missing != nil {
		t.Skip(missing)
	}
	close(begin)
	threads.Wait()
	threads.Go(func() { runtime.LockOSThread(); escape(dir, 99, failures) }) // and later ones
	threads.Wait()
	close(failures)
	for f := range failures {
		t.Error(f)
	}
	// What a run needs still works.
	if _, err := os.ReadFile(filepath.Join(dir, "in", "file")); err != nil {
		t.Errorf("the input cannot be read: %v", err)
	}
	if _, err := out.WriteString("text"); err != nil {
		t.Error(err)
	}
	if err := errors.Join(out.Sync(), out.Link(false), out.SyncDir()); err != nil {
		t.Errorf("nothing can be published: %v", err)
	}
	for range 50 {
		threads.Go(func() { runtime.LockOSThread(); time.Sleep(time.Millisecond) })
	}
	threads.Wait()
	runtime.GC()
	if !t.Failed() {
		os.Exit(0) // the frame of the tests would want to tidy up
	}
}

// escape tries what a confined process must not be able to do.
func escape(dir string, i int, failures chan<- string) {
	secret := filepath.Join(dir, "secret")
	fresh := filepath.Join(dir, "out", fmt.Sprint("fresh", i))
	for name, try := range map[string]func() error{
		"read a file":         func() error { _, err := os.ReadFile(secret); return err },
		"read a folder":       func() error { _, err := os.ReadDir(dir); return err },
		"read a neighbour":    func() error { _, err := os.ReadFile(filepath.Join(dir, "out", "neighbour")); return err },
		"write the input":     func() error { return os.WriteFile(filepath.Join(dir, "in", "file"), nil, 0o600) },
		"truncate":            func() error { return os.Truncate(secret, 0) },
		"write a new file":    func() error { return os.WriteFile(fresh, []byte("x"), 0o600) },
		"remove a file":       func() error { return os.Remove(secret) },
		"rename a file":       func() error { return os.Rename(secret, fresh) },
		"link a file":         func() error { return os.Link(secret, fresh+"l") },
		"make a folder":       func() error { return os.Mkdir(fresh+"d", 0o700) },
		"make a link":         func() error { return os.Symlink(secret, fresh+"s") },
		"change a mode":       func() error { return os.Chmod(secret, 0o644) },
		"run a program":       func() error { return exec.Command("/bin/true").Run() },
		"replace the process": func() error { return syscall.Exec("/bin/true", []string{"true"}, nil) },
		"open TCP":            func() error { return dial("tcp", "127.0.0.1:9") },
		"open UDP":            func() error { return dial("udp", "127.0.0.1:9") },
		"open a Unix socket":  func() error { return dial("unix", filepath.Join(dir, "socket")) },
		"read its own memory": func() error { _, err := os.ReadFile("/proc/self/maps"); return err },
		"become dumpable":     func() error { return unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0) },
		"trace":               func() error { return unix.PtraceAttach(os.Getppid()) },
		"signal another":      func() error { return unix.Kill(os.Getppid(), 0) },
		"use io_uring":        func() error { return call(unix.SYS_IO_URING_SETUP) },
		"use bpf":             func() error { return call(unix.SYS_BPF) },
		"mount":               func() error { return unix.Mount("none", dir, "tmpfs", 0, "") },
		"change its root":     func() error { return unix.Chroot(dir) },
		"read other memory":   func() error { return call(unix.SYS_PROCESS_VM_READV) },
		"steal a descriptor":  func() error { return call(unix.SYS_PIDFD_GETFD) },
		"change its user":     func() error { return call(unix.SYS_SETRESUID) },
		"make memory a file":  func() error { _, err := unix.MemfdCreate("x", 0); return err },
	} {
		err := try()
		if err == nil {
			failures <- fmt.Sprintf("thread %d can %s", i, name)
		} else if !errors.Is(err, unix.EPERM) && !errors.Is(err, unix.EACCES) && !errors.Is(err, unix.EXDEV) {
			failures <- fmt.Sprintf("thread %d: %s: %v, which is no refusal", i, name, err)
		}
	}
}

func dial(network, address string) error {
	c, err := net.DialTimeout(network, address, time.Second)
	if err == nil {
		c.Close()
	}
	return err
}

// call makes a system call without arguments, which is refused before they matter.
func call(nr uintptr) error {
	if _, _, errno := unix.RawSyscall6(nr, 0, 0, 0, 0, 0, 0); errno != 0 {
		return errno
	}
	return nil
}

// Code that runs inside the sandbox can open no other file and no socket, run
// nothing, and yet read its input and publish its output.
func TestSandboxHolds(t *testing.T) {
	dir := t.TempDir()
	for _, d := range []string{"in", "out"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []string{"secret", "in/file", "out/neighbour"} {
		if err := os.WriteFile(filepath.Join(dir, f), []byte("text"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l, err := net.Listen("unix", filepath.Join(dir, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestConfinedHelper$", "-test.v")
	cmd.Env = append(os.Environ(), confinedVar+"="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if _, err := os.Stat(filepath.Join(dir, "out", "result")); err != nil {
		t.Skipf("not confined: %s", out)
	}
}

// Where the kernel cannot confine, the run says so, unless told to be quiet, and
// goes on.
func TestSandboxNotice(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "memory.raw")
	if err := os.WriteFile(path, make([]byte, 5000), 0o600); err != nil {
		t.Fatal(err)
	}
	for flag, want := range map[string]bool{"--no-progress": true, "--quiet": false, "--no-sandbox": false} {
		var stderr bytes.Buffer
		e := env{
			args:   []string{"scan", path, "--format", "raw", "--spool-dir", dir, flag},
			stdout: io.Discard, stderr: &stderr, getenv: os.Getenv,
			confine: func(access) []string { return []string{"files: the kernel has none"} },
		}
		if code := run(t.Context(), e); code != exitOK {
			t.Errorf("%s: exit code %d", flag, code)
		}
		if got := strings.Contains(stderr.String(), "note: not confined: files"); got != want {
			t.Errorf("%s: notice %t, want %t: %s", flag, got, want, &stderr)
		}
	}
}
