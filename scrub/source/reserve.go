package source

import (
	"fmt"
	"os"
	"sync"
)

// Reserve holds files for spools that were opened beforehand, for a process that
// has given up opening files. It is safe for use from several goroutines.
type Reserve struct {
	mu    sync.Mutex
	files []*os.File
	err   error // why there are no more
}

// NewReserve opens n unnamed files in dir. That it cannot is told when a spool is
// needed, for most dumps need none.
func NewReserve(dir string, n int) *Reserve {
	r := &Reserve{err: fmt.Errorf("all %d reserved spools are in use", n)}
	for range n {
		f, err := openUnnamed(dir)
		if err != nil {
			r.err = err
			break
		}
		r.files = append(r.files, f)
	}
	return r
}

func (r *Reserve) take() (*os.File, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.files) == 0 {
		return nil, r.err
	}
	f := r.files[len(r.files)-1]
	r.files = r.files[:len(r.files)-1]
	return f, nil
}

// put takes back a file whose spool is closed, and its disk space with it.
func (r *Reserve) put(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		f.Close()
		return fmt.Errorf("emptying the spool: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.files = append(r.files, f)
	return nil
}

// Close releases what is not in use.
func (r *Reserve) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range r.files {
		f.Close()
	}
	r.files = nil
}
