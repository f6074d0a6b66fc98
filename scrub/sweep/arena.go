package sweep

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// ErrFull says that the secrets of a dump exceed what one set may hold.
var ErrFull = errors.New("more secret values than one sweep can hold")

// arena is append-only memory outside the Go heap, so that nothing moves or
// copies what is in it. Pages are only used when they are written.
type arena struct {
	mem []byte
	n   int
}

func newArena(limit int) (*arena, error) {
	mem, err := unix.Mmap(-1, 0, limit, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_NORESERVE)
	if err != nil {
		return nil, fmt.Errorf("reserving memory for secrets: %w", err)
	}
	// Both are best effort: a locked-memory limit or an old kernel must not stop
	// the run, and the process is not dumpable either way.
	_ = unix.Madvise(mem, unix.MADV_DONTDUMP)
	_ = unix.Madvise(mem, unix.MADV_WIPEONFORK)
	return &arena{mem: mem}, nil
}

// lockStep is how much is locked at a time as the arena fills.
const lockStep = 64 << 10

// alloc returns n fresh bytes and their position.
func (a *arena) alloc(n int) ([]byte, int, error) {
	if n > len(a.mem)-a.n {
		return nil, 0, ErrFull
	}
	at := a.n
	a.n += n
	for s := at &^ (lockStep - 1); s < a.n; s += lockStep {
		if s >= at || at == 0 {
			_ = unix.Mlock(a.mem[s:min(s+lockStep, len(a.mem))])
		}
	}
	return a.mem[at:a.n], at, nil
}

// cut wipes what was written from n on, and takes it back.
func (a *arena) cut(n int) {
	clear(a.mem[n:a.n])
	a.n = n
}

// close wipes what was written and gives the memory back.
func (a *arena) close() error {
	if a.mem == nil {
		return nil
	}
	clear(a.mem[:a.n])
	err := unix.Munmap(a.mem)
	a.mem = nil
	return err
}
