package elfcore

import (
	"strconv"
	"strings"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// Where NT_PRSTATUS has the thread's number, a 32-bit int.
//
// Linux (struct elf_prstatus_common, include/linux/elfcore.h): three ints of
// signal information, a short, two longs of signal masks, then pr_pid. x32 and
// MIPS n32 use the 32-bit form. On m68k a long is aligned to two bytes only.
//
// FreeBSD (prstatus_t, sys/procfs.h): the version, three size_t, then
// pr_osreldate, pr_cursig and pr_pid, the number of the thread.
const (
	linuxPID32  = 24
	linuxPID64  = 32
	linuxPID68K = 22

	freebsdPID32 = 24
	freebsdPID64 = 40
)

// thread takes note of the thread that n tells of, if it does. Linux and FreeBSD
// write one NT_PRSTATUS for each thread, NetBSD and OpenBSD put the thread's
// number into the owner of all its notes. In a vmcore there is one NT_PRSTATUS
// for each processor, with the number of the task it ran: 0 for an idle one.
func (w *walker) thread(n note) error {
	switch n.owner {
	case "CORE":
		return w.prstatus(n, w.linuxPID())
	case "FreeBSD":
		at := int64(freebsdPID32)
		if w.wide {
			at = freebsdPID64
		}
		return w.prstatus(n, at)
	}
	if id, ok := lwpOf(n.owner); ok && n.owner != w.lwp {
		w.lwp = n.owner
		w.threads = append(w.threads, layout.Thread{ID: id})
	}
	return nil
}

// prstatus reads the number at offset at of the descriptor, if n is a
// NT_PRSTATUS long enough.
func (w *walker) prstatus(n note, at int64) error {
	if n.typ != ntPRStatus || n.desc.Len < at+4 {
		return nil
	}
	rec, err := w.peek(n.desc.Off+at, 4)
	if err != nil {
		return err
	}
	th := layout.Thread{ID: uint64(w.order.Uint32(rec))}
	if n.owner == "CORE" {
		if th.SP, th.TLS, err = w.stackPointer(n); err != nil {
			return err
		}
	}
	w.threads = append(w.threads, th)
	return nil
}

func (w *walker) linuxPID() int64 {
	switch {
	case w.wide:
		return linuxPID64
	case w.machine == machine68K:
		return linuxPID68K
	}
	return linuxPID32
}

// lwpOf returns the number of the thread whose notes have this owner: 7 for
// "NetBSD-CORE@7" (core(5)) and for "OpenBSD@7".
func lwpOf(owner string) (uint64, bool) {
	system, number, ok := strings.Cut(owner, "@")
	if !ok || system != netbsdOwner && system != openbsdOwner {
		return 0, false
	}
	id, err := strconv.ParseUint(number, 10, 32)
	return id, err == nil
}
