package spill

import (
	"fmt"
	"sync"

	"github.com/dumpscrub/dumpscrub/scrub/source"
)

// pageSize is the unit in which records go to the disk, in bytes: a block of the
// spool, which is written once it is full.
const pageSize = 64 << 10

// Disk is where lists go for which there is no room in memory. It is safe for use
// from several goroutines. A nil Disk has room for everything.
type Disk struct {
	open func() (*source.Spool, error)

	mu    sync.Mutex
	spool *source.Spool
	pages int64
	room  int // bytes that pages in memory may still take
	err   error
}

// NewDisk returns a disk whose lists may keep room bytes in memory together, beside
// what is being filled and read. The spool is opened when it is needed.
func NewDisk(room int, open func() (*source.Spool, error)) *Disk {
	return &Disk{open: open, room: room}
}

// Err returns the first error of the disk, if there was one.
func (d *Disk) Err() error {
	if d == nil {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.err
}

// Close gives the space on the disk back. Lists that are there cannot be read any more.
func (d *Disk) Close() error {
	if d == nil {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.spool == nil {
		return nil
	}
	s := d.spool
	d.spool = nil
	return s.Close()
}

// keep reports whether one more page may stay in memory.
func (d *Disk) keep() bool {
	if d == nil {
		return true
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.room < pageSize {
		return false
	}
	d.room -= pageSize
	return true
}

// release undoes keep for n pages.
func (d *Disk) release(n int) {
	if d == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.room += n * pageSize
}

// put writes p, a page, and returns its number.
func (d *Disk) put(p []byte) int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.spool == nil && d.err == nil {
		d.spool, d.err = d.open()
	}
	if d.err == nil {
		_, d.err = d.spool.Write(p)
	}
	d.pages++
	return d.pages - 1
}

// get reads a page into p, or clears p.
func (d *Disk) get(page int64, p []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.err != nil:
	case d.spool == nil:
		d.err = fmt.Errorf("internal error: page %d of a closed disk is read", page)
	default:
		_, d.err = d.spool.ReadAt(p, page*pageSize)
	}
	if d.err != nil {
		clear(p)
	}
}
