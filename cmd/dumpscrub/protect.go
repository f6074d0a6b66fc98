package main

import "golang.org/x/sys/unix"

// undumpable keeps the secrets that pass through this process out of a core dump
// of its own, and other processes of the user from attaching to it. Best effort:
// a kernel that refuses takes nothing away from the result.
func undumpable() {
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
}
