//go:build linux && amd64

package torture

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// tracedCall is a system call that a traced process is about to make.
type tracedCall struct {
	nr     uint64
	n      int    // how many calls of any number all threads have made before it
	role   string // of the file that it is about: see tracer.role
	length uint64 // its third argument, of reads and writes the most bytes
}

// verdict is what becomes of a call.
type verdict struct {
	kill   bool
	errno  syscall.Errno // fail with it, undone
	result int64         // report it, undone, where lie is set
	lie    bool
	length uint64 // ask for no more bytes than that; 0 for what was asked
}

// tracer runs one process and decides on each of its system calls. All its methods
// run on one locked thread, whose child the process is.
type tracer struct {
	dir    string // with the folders results and spool, and the source as dump
	decide func(tracedCall) verdict

	pid     int
	calls   int
	threads map[int]*tracedThread
}

type tracedThread struct {
	inside bool  // a call, see PTRACE_SYSCALL
	forge  bool  // what it returns
	result int64 // then
}

const (
	ptraceExitKill = 0x100000   // PTRACE_O_EXITKILL
	waitAll        = 0x40000000 // __WALL
	waitOwn        = 0x20000000 // __WNOTHREAD: other children of this process are not ours
	syscallTrap    = unix.SIGTRAP | 0x80
)

// run starts the command, whose outputs go to files, and returns its exit code, or
// -1 when it was killed, and what it said.
func (tr *tracer) run(args, env []string) (code int, text string, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	said, err := os.CreateTemp(tr.dir, "said-")
	if err != nil {
		return 0, "", err
	}
	defer os.Remove(said.Name())
	defer said.Close()
	null, err := os.Open(os.DevNull)
	if err != nil {
		return 0, "", err
	}
	defer null.Close()
	tr.pid, err = syscall.ForkExec(args[0], args, &syscall.ProcAttr{
		Env: env, Files: []uintptr{null.Fd(), said.Fd(), said.Fd()}, Sys: &syscall.SysProcAttr{Ptrace: true},
	})
	if err != nil {
		return 0, "", err
	}
	tr.calls, tr.threads = 0, map[int]*tracedThread{tr.pid: {}}
	code, err = tr.follow()
	if err != nil {
		_ = syscall.Kill(tr.pid, syscall.SIGKILL)
		return 0, "", err
	}
	out, err := os.ReadFile(said.Name())
	return code, string(out), err
}

// follow lets the process go from call to call until it ends.
func (tr *tracer) follow() (int, error) {
	var ws syscall.WaitStatus
	if _, err := wait4(tr.pid, &ws, waitAll); err != nil {
		return 0, err
	}
	if err := syscall.PtraceSetOptions(tr.pid, unix.PTRACE_O_TRACESYSGOOD|unix.PTRACE_O_TRACECLONE|ptraceExitKill); err != nil {
		return 0, err
	}
	next, signal := tr.pid, 0
	for {
		if err := syscall.PtraceSyscall(next, signal); err != nil && !errors.Is(err, unix.ESRCH) {
			return 0, err
		}
	again:
		tid, err := wait4(-1, &ws, waitAll|waitOwn)
		if err != nil {
			return 0, err
		}
		if ws.Exited() || ws.Signaled() {
			delete(tr.threads, tid)
			if tid != tr.pid {
				goto again
			}
			if ws.Signaled() {
				return -1, nil
			}
			return ws.ExitStatus(), nil
		}
		next, signal = tid, 0
		th := tr.threads[tid]
		fresh := th == nil
		if fresh {
			th = &tracedThread{}
			tr.threads[tid] = th
		}
		switch s := ws.StopSignal(); {
		case s == syscallTrap:
			if err := tr.stop(tid, th); err != nil && !errors.Is(err, unix.ESRCH) {
				return 0, err
			}
		case s == unix.SIGTRAP, s == unix.SIGSTOP && fresh:
		default:
			signal = int(s)
		}
	}
}

func wait4(pid int, ws *syscall.WaitStatus, options int) (int, error) {
	for {
		tid, err := syscall.Wait4(pid, ws, options, nil)
		if !errors.Is(err, unix.EINTR) {
			return tid, err
		}
	}
}

// stop is called when a thread enters or leaves a system call.
func (tr *tracer) stop(tid int, th *tracedThread) error {
	var regs syscall.PtraceRegs
	if err := syscall.PtraceGetRegs(tid, &regs); err != nil {
		return err
	}
	if th.inside {
		th.inside = false
		if !th.forge {
			return nil
		}
		th.forge = false
		regs.Rax = uint64(th.result)
		return syscall.PtraceSetRegs(tid, &regs)
	}
	th.inside = true
	v := tr.decide(tracedCall{regs.Orig_rax, tr.calls, tr.role(tid, &regs), regs.Rdx})
	tr.calls++
	switch {
	case v.kill:
		return syscall.Kill(tr.pid, syscall.SIGKILL)
	case v.errno != 0 || v.lie:
		th.forge, th.result = true, v.result
		if v.errno != 0 {
			th.result = -int64(v.errno)
		}
		regs.Orig_rax = ^uint64(0) // no call at all
	case v.length != 0:
		regs.Rdx = v.length
	default:
		return nil
	}
	return syscall.PtraceSetRegs(tid, &regs)
}

// role names the file that a call is about, as far as its first argument tells:
// source, spool, destination, or "" for others.
func (tr *tracer) role(tid int, regs *syscall.PtraceRegs) string {
	path := ""
	switch regs.Orig_rax {
	case unix.SYS_READ, unix.SYS_WRITE, unix.SYS_PREAD64, unix.SYS_PWRITE64, unix.SYS_FTRUNCATE, unix.SYS_FSYNC, unix.SYS_LSEEK,
		unix.SYS_FSTAT, unix.SYS_CLOSE, unix.SYS_GETDENTS64, unix.SYS_FADVISE64:
		path = tr.link(regs.Rdi)
	case unix.SYS_MMAP:
		if int32(regs.R8) >= 0 {
			path = tr.link(regs.R8)
		}
	case unix.SYS_LINKAT, unix.SYS_RENAMEAT:
		path = tr.link(regs.Rdx)
	case unix.SYS_UNLINKAT:
		path = tr.link(regs.Rdi)
	case unix.SYS_OPENAT, unix.SYS_NEWFSTATAT:
		path = peek(tid, regs.Rsi)
		if !filepath.IsAbs(path) && int32(regs.Rdi) >= 0 {
			path = filepath.Join(tr.link(regs.Rdi), path)
		}
	}
	switch {
	case path == filepath.Join(tr.dir, "dump"):
		return "source"
	case strings.HasPrefix(path, filepath.Join(tr.dir, "spool")):
		return "spool"
	case strings.HasPrefix(path, filepath.Join(tr.dir, "results")):
		return "destination"
	}
	return ""
}

func (tr *tracer) link(fd uint64) string {
	path, err := os.Readlink("/proc/" + strconv.Itoa(tr.pid) + "/fd/" + strconv.Itoa(int(int32(fd))))
	if err != nil {
		return ""
	}
	return path
}

// peek reads a path out of the process's memory.
func peek(tid int, at uint64) string {
	var buf [256]byte
	n, err := syscall.PtracePeekData(tid, uintptr(at), buf[:])
	if err != nil && n == 0 {
		return ""
	}
	path, _, _ := bytes.Cut(buf[:n], []byte{0})
	return string(path)
}

// callNames are the calls that faults are told of by name.
var callNames = map[uint64]string{
	unix.SYS_READ: "read", unix.SYS_WRITE: "write", unix.SYS_PREAD64: "pread64", unix.SYS_PWRITE64: "pwrite64", unix.SYS_FTRUNCATE: "ftruncate",
	unix.SYS_FSYNC: "fsync", unix.SYS_LSEEK: "lseek", unix.SYS_FSTAT: "fstat", unix.SYS_CLOSE: "close", unix.SYS_MMAP: "mmap",
	unix.SYS_LINKAT: "linkat", unix.SYS_RENAMEAT: "renameat", unix.SYS_UNLINKAT: "unlinkat", unix.SYS_OPENAT: "openat", unix.SYS_NEWFSTATAT: "newfstatat",
	unix.SYS_FADVISE64: "fadvise64",
}

func callName(nr uint64) string {
	if name, ok := callNames[nr]; ok {
		return name
	}
	return fmt.Sprint("call ", nr)
}
