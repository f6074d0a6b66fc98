package main

import "golang.org/x/sys/unix"

const auditArch = unix.AUDIT_ARCH_X86_64

func archCalls() []uint32 {
	return []uint32{
		unix.SYS_FSTAT, unix.SYS_NEWFSTATAT, unix.SYS_FSTATFS, unix.SYS_FTRUNCATE, unix.SYS_FADVISE64, unix.SYS_MMAP,
		unix.SYS_FCNTL, unix.SYS_EPOLL_WAIT, unix.SYS_POLL, unix.SYS_ARCH_PRCTL,
	}
}
