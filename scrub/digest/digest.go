// Package digest computes the digest of a copy while it is written, from the bytes that were
// read back.
package digest

import (
	"context"
	"crypto/sha256"
	"hash"
	"io"
	"sync"

	"github.com/dumpscrub/dumpscrub/scrub/fsverity"
	"github.com/dumpscrub/dumpscrub/scrub/receipt"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
)

// Digester computes the digest of a file that its workers bring in tiles, each in
// a buffer that they ask for. Every tile for which there was room comes.
type Digester interface {
	// Room returns a buffer of [tile.Size] bytes for tile i. It waits for other tiles
	// to be digested, or for the end of ctx.
	Room(ctx context.Context, i int64) ([]byte, error)
	Put(i int64, p Piece)
	// Sum returns the digest of a file of which every tile came.
	Sum() ([]byte, error)
	// Close ends all work. It must be called, after the last Put.
	Close()
}

// Piece is a tile on its way to the digester.
type Piece struct {
	Buf    []byte // from Room
	N      int    // how much of it counts
	Zero   bool   // N zeros, whatever Buf holds
	Failed bool   // the tile has no digest, and so the file has none
}

// New returns the digest that a receipt calls by this name, of a file of size bytes that
// jobs workers bring.
func New(name string, size int64, jobs int) Digester {
	if name == receipt.FSVerity {
		m := &merkle{tree: fsverity.NewTree(size), free: make(chan []byte, jobs)}
		for range jobs {
			m.free <- make([]byte, tile.Size)
		}
		return m
	}
	return newRelay(sha256.New(), (size+tile.Size-1)/tile.Size, jobs)
}

// merkle is a digest that has no order: every worker digests its own tiles.
type merkle struct {
	tree *fsverity.Tree
	free chan []byte // one for each worker
}

func (m *merkle) Room(context.Context, int64) ([]byte, error) { return <-m.free, nil }

func (m *merkle) Put(i int64, p Piece) {
	switch {
	case p.Failed:
	case p.Zero:
		m.tree.Zeros(i*tile.Size, int64(p.N))
	default:
		m.tree.Put(p.Buf[:p.N], i*tile.Size)
	}
	m.free <- p.Buf
}

func (m *merkle) Sum() ([]byte, error) { return m.tree.Sum() }

func (m *merkle) Close() {
	for range len(m.free) {
		clear(<-m.free)
	}
}

// relay is a digest that has an order: its own goroutine takes the tiles in that of
// the file, whatever order they come in. Tile i goes through berth i modulo their
// number, and has room as soon as the tile before it there is digested: so the tile
// that is next always has room, and no other tile can take it.
type relay struct {
	h      hash.Hash
	count  int64
	berths []berth
	stop   chan struct{} // closed when no more tiles come
	done   chan struct{} // closed when the goroutine has ended

	mu   sync.Mutex
	move *sync.Cond // next has changed, or who waits should look at his context
	next int64      // the tile that is digested next
}

type berth struct {
	buf  []byte
	full chan Piece
}

// ahead is how many tiles may wait for the digest besides those in work.
const ahead = 8

func newRelay(h hash.Hash, count int64, jobs int) *relay {
	r := &relay{h: h, count: count, berths: make([]berth, jobs+ahead), stop: make(chan struct{}), done: make(chan struct{})}
	r.move = sync.NewCond(&r.mu)
	for i := range r.berths {
		r.berths[i] = berth{make([]byte, tile.Size), make(chan Piece, 1)}
	}
	go r.run()
	return r
}

func (r *relay) run() {
	defer close(r.done)
	blank := make([]byte, tile.Size)
	whole := true
	for i := range r.count {
		b := &r.berths[i%int64(len(r.berths))]
		select {
		case p := <-b.full:
			// Behind a tile that failed the others still need their room.
			whole = whole && !p.Failed
			switch {
			case !whole:
			case p.Zero:
				r.h.Write(blank[:p.N])
			default:
				r.h.Write(p.Buf[:p.N])
			}
			r.mu.Lock()
			r.next = i + 1
			r.mu.Unlock()
			r.move.Broadcast()
		case <-r.stop:
			return
		}
	}
}

func (r *relay) Room(ctx context.Context, i int64) ([]byte, error) {
	wake := context.AfterFunc(ctx, func() {
		r.mu.Lock() // so that nobody is between his look and his wait
		defer r.mu.Unlock()
		r.move.Broadcast()
	})
	defer wake()
	r.mu.Lock()
	defer r.mu.Unlock()
	for i >= r.next+int64(len(r.berths)) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r.move.Wait()
	}
	return r.berths[i%int64(len(r.berths))].buf, nil
}

func (r *relay) Put(i int64, p Piece) { r.berths[i%int64(len(r.berths))].full <- p }

func (r *relay) Sum() ([]byte, error) {
	<-r.done
	return r.h.Sum(nil), nil
}

func (r *relay) Close() {
	close(r.stop)
	<-r.done
	for i := range r.berths {
		clear(r.berths[i].buf)
	}
}

// File returns the digest that a receipt calls by this name of a finished file of size bytes,
// which it reads from its beginning to its end.
func File(ctx context.Context, name string, r io.ReaderAt, size int64, jobs int) ([]byte, error) {
	if name == receipt.FSVerity {
		return fsverity.Digest(ctx, r, size, jobs)
	}
	h := sha256.New()
	buf := make([]byte, 1<<20)
	var off int64
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n, err := r.ReadAt(buf, off)
		h.Write(buf[:n])
		off += int64(n)
		if err == io.EOF && off != size {
			err = io.ErrUnexpectedEOF // the word of one read, against that of the file
		}
		if err == io.EOF {
			return h.Sum(nil), nil
		}
		if err != nil {
			return nil, err
		}
	}
}
