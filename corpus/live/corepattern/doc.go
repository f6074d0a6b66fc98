// Package corepattern borrows the kernel's core_pattern setting for a while.
//
// The setting is one for the whole machine, so a test that changes it must give
// it back whatever happens to the test. [Borrow] takes a lock on the setting, so
// that borrowers take turns, and starts a guardian: a shell that waits on a pipe
// from this process and puts the old value back when the pipe closes. That
// happens on [Loan.Return], and also when this process panics, is killed, or runs
// into the time limit of `go test`. The guardian inherits the lock and so holds
// it until the value is back.
//
// Sources: core(5), "Naming of core dump files"; flock(2).
package corepattern
