package main

import "golang.org/x/sys/unix"

const auditArch = unix.AUDIT_ARCH_I386

func archCalls() []uint32 {
	return []uint32{
		unix.SYS_FSTAT64, unix.SYS_FSTATAT64, unix.SYS_FSTATFS64, unix.SYS_FTRUNCATE64, unix.SYS_FADVISE64_64,
		unix.SYS_MMAP2, unix.SYS_FCNTL64, unix.SYS__LLSEEK, unix.SYS_EPOLL_WAIT, unix.SYS_POLL,
		unix.SYS_CLOCK_GETTIME64, unix.SYS_CLOCK_NANOSLEEP_TIME64, unix.SYS_FUTEX_TIME64, unix.SYS_PPOLL_TIME64,
		unix.SYS_TIMER_SETTIME64, unix.SYS_SIGRETURN, unix.SYS_SET_THREAD_AREA,
	}
}
