package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/dumpscrub/dumpscrub/formats/dumptest"
)

// The process that holds secrets leaves no core and lets nobody attach: another
// process of the user cannot read its memory.
func TestUndumpable(t *testing.T) {
	const helper = "DUMPSCRUB_TEST_UNDUMPABLE"
	switch os.Getenv(helper) {
	case "crash unprotected":
		panic("a core is wanted")
	case "crash":
		undumpable()
		panic("no core is to be had")
	case "look":
		undumpable()
		var limit unix.Rlimit
		if err := unix.Getrlimit(unix.RLIMIT_CORE, &limit); err != nil || limit.Cur != 0 || limit.Max != 0 {
			t.Errorf("the limit of cores is %+v, error %v", limit, err)
		}
		if v, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0); err != nil || v != 0 {
			t.Errorf("dumpable is %d, error %v", v, err)
		}
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	run := func(what string) (left []os.DirEntry, err error, said []byte) {
		dir := t.TempDir()
		cmd := exec.CommandContext(t.Context(), "sh", "-c", `ulimit -c unlimited; exec "$0" "$@"`, self, "-test.run=^TestUndumpable$")
		cmd.Dir = dir
		// As a crash that aborts, which is what the kernel takes a core of.
		cmd.Env = append(os.Environ(), helper+"="+what, "GOTRACEBACK=crash")
		said, err = cmd.CombinedOutput()
		left, readErr := os.ReadDir(dir)
		if readErr != nil {
			t.Fatal(readErr)
		}
		return left, err, said
	}
	if _, err, said := run("look"); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
	if left, err, _ := run("crash unprotected"); err == nil || len(left) == 0 {
		t.Skip("this machine stores no cores where programs run, so the kernel cannot be asked for one")
	}
	if left, err, _ := run("crash"); err == nil || len(left) != 0 {
		t.Errorf("error %v, and the crash left %d files", err, len(left))
	}
}

// Whatever signal ends the tool while it holds a dump, it says nothing but that: the
// runtime's own answer would show registers and arguments.
func TestSignalsSayNothing(t *testing.T) {
	bin := linkTool(t, t.TempDir())
	secret := freshKeyPEM(t)
	for _, s := range ends {
		sig := s.(syscall.Signal)
		dir := t.TempDir()
		cmd := exec.CommandContext(t.Context(), bin, "scrub", "-", "-o", filepath.Join(dir, "out"), "--quiet", "--spool-dir", dir)
		cmd.Env = append(os.Environ(), "GOTRACEBACK=all")
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &said, &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := in.Write(dumptest.Core(bytes.Repeat(secret, 400))); err != nil { // more than a pipe holds: it is being read
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		for sent := 0; ; sent++ {
			if err := cmd.Process.Signal(sig); err != nil && sent < 2 {
				t.Errorf("%v: %v", sig, err)
			}
			select {
			case <-ended:
			case <-time.After(200 * time.Millisecond):
				if sent < 100 {
					continue
				}
				t.Errorf("%v: it goes on", sig)
				_ = cmd.Process.Kill()
				<-ended
			}
			break
		}
		if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
			t.Errorf("%v: exit code %d, want %d", sig, code, exitInterrupted)
		}
		if text := said.String(); strings.Contains(text, "goroutine") || strings.Contains(text, "0x") || said.Len() > 200 {
			t.Errorf("%v: it says %d bytes", sig, said.Len())
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
			t.Errorf("%v: it leaves %d files (error %v)", sig, len(left), err)
		}
	}
}
