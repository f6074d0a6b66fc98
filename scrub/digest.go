package scrub

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"sync"

	"github.com/dumpscrub/dumpscrub/scrub/fsverity"
	"github.com/dumpscrub/dumpscrub/scrub/publish"
	"github.com/dumpscrub/dumpscrub/scrub/receipt"
)

// digester computes the digest of a file that its workers bring in tiles, each in
// a buffer that they ask for. Every tile for which there was room comes.
type digester interface {
	// room returns a buffer of tileSize bytes for tile i. It waits for other tiles
	// to be digested, or for the end of ctx.
	room(ctx context.Context, i int64) ([]byte, error)
	put(i int64, p piece)
	// sum returns the digest of a file of which every tile came.
	sum() ([]byte, error)
	// close ends all work. It must be called, after the last put.
	close()
}

// piece is a tile on its way to the digester.
type piece struct {
	buf    []byte // from room
	n      int    // how much of it counts
	zero   bool   // n zeros, whatever buf holds
	failed bool   // the tile has no digest, and so the file has none
}

// newDigester returns the digest that a receipt calls by this name.
func newDigester(name string, t *tiles, jobs int) digester {
	if name == receipt.FSVerity {
		m := &merkle{tree: fsverity.NewTree(t.size), free: make(chan []byte, jobs)}
		for range jobs {
			m.free <- make([]byte, tileSize)
		}
		return m
	}
	return newRelay(sha256.New(), t.count(), jobs)
}

// merkle is a digest that has no order: every worker digests its own tiles.
type merkle struct {
	tree *fsverity.Tree
	free chan []byte // one for each worker
}

func (m *merkle) room(context.Context, int64) ([]byte, error) { return <-m.free, nil }

func (m *merkle) put(i int64, p piece) {
	switch {
	case p.failed:
	case p.zero:
		m.tree.Zeros(i*tileSize, int64(p.n))
	default:
		m.tree.Put(p.buf[:p.n], i*tileSize)
	}
	m.free <- p.buf
}

func (m *merkle) sum() ([]byte, error) { return m.tree.Sum() }

func (m *merkle) close() {
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
	full chan piece
}

// ahead is how many tiles may wait for the digest besides those in work.
const ahead = 8

func newRelay(h hash.Hash, count int64, jobs int) *relay {
	r := &relay{h: h, count: count, berths: make([]berth, jobs+ahead), stop: make(chan struct{}), done: make(chan struct{})}
	r.move = sync.NewCond(&r.mu)
	for i := range r.berths {
		r.berths[i] = berth{make([]byte, tileSize), make(chan piece, 1)}
	}
	go r.run()
	return r
}

func (r *relay) run() {
	defer close(r.done)
	blank := make([]byte, tileSize)
	whole := true
	for i := range r.count {
		b := &r.berths[i%int64(len(r.berths))]
		select {
		case p := <-b.full:
			// Behind a tile that failed the others still need their room.
			whole = whole && !p.failed
			switch {
			case !whole:
			case p.zero:
				r.h.Write(blank[:p.n])
			default:
				r.h.Write(p.buf[:p.n])
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

func (r *relay) room(ctx context.Context, i int64) ([]byte, error) {
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

func (r *relay) put(i int64, p piece) { r.berths[i%int64(len(r.berths))].full <- p }

func (r *relay) sum() ([]byte, error) {
	<-r.done
	return r.h.Sum(nil), nil
}

func (r *relay) close() {
	close(r.stop)
	<-r.done
	for i := range r.berths {
		clear(r.berths[i].buf)
	}
}

// output describes a copy of size bytes with this digest.
func output(name string, size int64, sum []byte) *ReportOutput {
	o := &ReportOutput{Size: size}
	if name == receipt.FSVerity {
		o.FSVerity = hex.EncodeToString(sum)
	} else {
		o.SHA256 = hex.EncodeToString(sum)
	}
	return o
}

// digestFile reads a finished output from its beginning to its end.
func digestFile(ctx context.Context, name string, out *publish.Unnamed, jobs int) (*ReportOutput, error) {
	st, err := out.Stat()
	if err != nil {
		return nil, fmt.Errorf("reading the output back: %w", err)
	}
	if name == receipt.FSVerity {
		sum, err := fsverity.Digest(ctx, out, st.Size(), jobs)
		if err != nil {
			return nil, fmt.Errorf("reading the output back: %w", err)
		}
		return output(name, st.Size(), sum), nil
	}
	h := sha256.New()
	buf := make([]byte, 1<<20)
	var off int64
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n, err := out.ReadAt(buf, off)
		h.Write(buf[:n])
		off += int64(n)
		if err == io.EOF && off != st.Size() {
			err = io.ErrUnexpectedEOF // the word of one read, against that of the file
		}
		if err == io.EOF {
			return output(name, off, h.Sum(nil)), nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading the output back: %w", err)
		}
	}
}
