package main

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The layout of struct seccomp_data, which the filter sees (seccomp(2)).
const (
	dataNr   = 0
	dataArch = 4
	dataArgs = 16 // six of 64 bits
)

// low is the offset of the low 32 bits of argument i, on a little-endian machine.
func low(i uint32) uint32 { return dataArgs + 8*i }

// restrictCalls installs a seccomp filter on all threads. What it does not list
// fails with EPERM, so that an oversight is an error and not a death.
func restrictCalls() error {
	if auditArch == 0 {
		return errors.New("no list of calls for " + runtime.GOARCH)
	}
	filter := program()
	prog := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no_new_privs: %w", err)
	}
	r, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&prog)))
	if errno != 0 {
		return errno
	}
	if r != 0 {
		return fmt.Errorf("thread %d cannot be filtered", r)
	}
	return nil
}

// program returns the filter: a list of calls that are allowed, three of them with
// a condition on an argument.
func program() []unix.SockFilter {
	p := []unix.SockFilter{
		load(dataArch), jump(unix.BPF_JEQ, auditArch, 1, 0), ret(unix.SECCOMP_RET_KILL_PROCESS),
		load(dataNr),
		// clone3 hides its flags from filters; without it libc and the runtime use clone.
		jump(unix.BPF_JEQ, unix.SYS_CLONE3, 0, 1), ret(unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)),
	}
	for _, nr := range append(commonCalls(), archCalls()...) {
		p = append(p, jump(unix.BPF_JEQ, nr, 0, 1), ret(unix.SECCOMP_RET_ALLOW))
	}
	deny := ret(unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM))
	allow := ret(unix.SECCOMP_RET_ALLOW)
	// Threads, not processes.
	p = append(p, jump(unix.BPF_JEQ, unix.SYS_CLONE, 0, 4),
		load(low(0)), jump(unix.BPF_JSET, unix.CLONE_THREAD, 0, 1), allow, deny)
	// The size of the terminal, for the progress bar.
	p = append(p, jump(unix.BPF_JEQ, unix.SYS_IOCTL, 0, 5),
		load(low(1)), jump(unix.BPF_JEQ, unix.TIOCGWINSZ, 1, 0), jump(unix.BPF_JEQ, unix.TCGETS, 0, 1), allow, deny)
	// The runtime names its memory; nothing else of prctl, such as becoming
	// dumpable again.
	p = append(p, jump(unix.BPF_JEQ, unix.SYS_PRCTL, 0, 4),
		load(low(0)), jump(unix.BPF_JEQ, unix.PR_SET_VMA, 0, 1), allow, deny)
	return append(p, deny)
}

func load(off uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: off}
}

func jump(test uint16, k uint32, yes, no uint8) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_JMP | test | unix.BPF_K, Jt: yes, Jf: no, K: k}
}

func ret(k uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: k}
}

// commonCalls are what a run needs on every processor: files that are open, or
// that Landlock lets it open; memory, threads, time, signals to itself.
func commonCalls() []uint32 {
	return []uint32{
		unix.SYS_READ, unix.SYS_WRITE, unix.SYS_READV, unix.SYS_WRITEV, unix.SYS_PREAD64, unix.SYS_PWRITE64,
		unix.SYS_LSEEK, unix.SYS_CLOSE, unix.SYS_OPENAT, unix.SYS_STATX, unix.SYS_READLINKAT, unix.SYS_GETDENTS64,
		unix.SYS_FACCESSAT, unix.SYS_FACCESSAT2, unix.SYS_FALLOCATE, unix.SYS_FSYNC, unix.SYS_FDATASYNC,
		unix.SYS_SYNC_FILE_RANGE, unix.SYS_COPY_FILE_RANGE, unix.SYS_SPLICE, unix.SYS_SENDFILE,
		unix.SYS_LINKAT, unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2, unix.SYS_UNLINKAT, unix.SYS_DUP, unix.SYS_DUP3,
		// For the log of the handler, whose socket is open.
		unix.SYS_SENDMSG,
		unix.SYS_MUNMAP, unix.SYS_MPROTECT, unix.SYS_MADVISE, unix.SYS_MINCORE, unix.SYS_MREMAP, unix.SYS_MLOCK,
		unix.SYS_MLOCK2, unix.SYS_MUNLOCK, unix.SYS_BRK,
		unix.SYS_FUTEX, unix.SYS_SET_ROBUST_LIST, unix.SYS_RSEQ, unix.SYS_MEMBARRIER, unix.SYS_SCHED_YIELD,
		unix.SYS_SCHED_GETAFFINITY, unix.SYS_GETPID, unix.SYS_GETTID, unix.SYS_TGKILL, unix.SYS_RT_SIGACTION,
		unix.SYS_RT_SIGPROCMASK, unix.SYS_RT_SIGRETURN, unix.SYS_SIGALTSTACK, unix.SYS_RESTART_SYSCALL,
		unix.SYS_NANOSLEEP, unix.SYS_CLOCK_NANOSLEEP, unix.SYS_CLOCK_GETTIME, unix.SYS_GETTIMEOFDAY,
		unix.SYS_SETITIMER, unix.SYS_TIMER_CREATE, unix.SYS_TIMER_SETTIME, unix.SYS_TIMER_DELETE,
		unix.SYS_GETRANDOM, unix.SYS_EPOLL_CREATE1, unix.SYS_EPOLL_CTL, unix.SYS_EPOLL_PWAIT, unix.SYS_EVENTFD2,
		unix.SYS_PIPE2, unix.SYS_PPOLL, unix.SYS_UNAME, unix.SYS_EXIT, unix.SYS_EXIT_GROUP,
	}
}
