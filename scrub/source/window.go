package source

import (
	"fmt"
	"os"
	"runtime/debug"
	"sync"

	"golang.org/x/sys/unix"
)

const (
	// windowSize is how much of a file is mapped at once, in bytes, and maxWindows how
	// many such windows stay mapped. Mapping takes the lock of the whole address
	// space, so windows serve many reads; resident memory grows by all of them.
	windowSize = 8 << 20
	maxWindows = 3
	// mapThreshold is the read size from which a window beats pread.
	mapThreshold = 64 << 10
)

// windows are the mapped parts of a file, shared by all readers.
type windows struct {
	f       *os.File
	size    int64
	growing bool // nothing is read ahead

	mu   sync.Mutex
	held [maxWindows]window
	tick uint64
}

// window is one mapping. It is unmapped only when nobody copies out of it.
type window struct {
	base int64
	data []byte
	refs int
	used uint64 // tick of the last use
}

// read copies the bytes from off on to p. The caller has made sure that they were
// there when the file was opened. It reports false when no window was to be had.
func (ws *windows) read(p []byte, off int64) (bool, error) {
	for len(p) > 0 {
		base := off &^ (windowSize - 1)
		w, err := ws.acquire(base)
		if w == nil {
			return false, err
		}
		n := min(len(p), len(w.data)-int(off-base))
		err = copyFaulting(p[:n], w.data[off-base:])
		ws.release(w)
		if err != nil {
			return true, err
		}
		p, off = p[n:], off+int64(n)
	}
	return true, nil
}

// acquire returns the window at base, or nil when all are in use.
func (ws *windows) acquire(base int64) (*window, error) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.tick++
	var oldest *window
	for i := range ws.held {
		w := &ws.held[i]
		if w.data != nil && w.base == base {
			w.refs++
			w.used = ws.tick
			return w, nil
		}
		if w.refs == 0 && (oldest == nil || w.used < oldest.used) {
			oldest = w
		}
	}
	if oldest == nil {
		return nil, nil
	}
	if err := oldest.unmap(); err != nil {
		return nil, err
	}
	data, err := unix.Mmap(int(ws.f.Fd()), base, int(min(windowSize, ws.size-base)), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("mapping the input: %w", err)
	}
	if ws.growing {
		_ = madvise(data, unix.MADV_RANDOM) // advice: without it the run is slower
	}
	*oldest = window{base: base, data: data, refs: 1, used: ws.tick}
	return oldest, nil
}

func (ws *windows) release(w *window) {
	ws.mu.Lock()
	w.refs--
	ws.mu.Unlock()
}

func (w *window) unmap() error {
	if w.data == nil {
		return nil
	}
	data := w.data
	w.data = nil
	if err := unix.Munmap(data); err != nil {
		return fmt.Errorf("unmapping the input: %w", err)
	}
	return nil
}

// close unmaps all windows.
func (ws *windows) close() error {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for i := range ws.held {
		if err := ws.held[i].unmap(); err != nil {
			return err
		}
	}
	return nil
}

// copyFaulting copies the beginning of src, a file mapping, to dst. Touching a page
// that has lost its file raises SIGBUS, which the runtime turns into a panic here
// and this function into an error.
func copyFaulting(dst, src []byte) (err error) {
	populate(src[:len(dst)])
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			if _, fault := r.(interface{ Addr() uintptr }); !fault {
				panic(r)
			}
			err = ErrChanged
		}
	}()
	copy(dst, src)
	return nil
}

// populate asks for all pages of p, a part of a mapping, at once, which is quicker
// than a fault for each. It is advice: older kernels refuse it.
func populate(p []byte) {
	_ = madvise(p, unix.MADV_POPULATE_READ)
}
