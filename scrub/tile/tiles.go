// Package tile sees to it that what was examined is what is written: it hands out a dump
// in tiles, and every reader of a tile gets the bytes that the first one got, or an error.
package tile

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"github.com/cespare/xxhash/v2"

	"github.com/dumpscrub/dumpscrub/scrub/source"
)

// Size is the unit of reading and of digests, in bytes. At 256 KiB the
// digests of a 64 GiB dump take 2 MiB, and a tile stays in a core's cache between
// its digest and its examination.
const Size = 256 << 10

// Tiles reads a source tile by tile and sees to it that every reader gets the
// bytes that the first one got: each tile's digest is recorded when it is first
// read and compared ever after. The digest is xxhash64 under a seed of this run,
// so that collisions cannot be prepared beforehand.
type Tiles struct {
	src  source.Source
	size int64
	seed uint64

	digests []uint64
	known   []atomic.Bool
	zero    [2]uint64 // digest of a whole tile of zeros, and of the last, shorter one
	digest  sync.Pool
	hollow  hollow
}

// New returns the tiles of a source, under a seed of its own.
func New(src source.Source) (*Tiles, error) {
	var seed [8]byte
	if _, err := rand.Read(seed[:]); err != nil {
		return nil, err
	}
	n := (src.Size() + Size - 1) / Size
	t := &Tiles{
		src: src, size: src.Size(), seed: binary.LittleEndian.Uint64(seed[:]),
		digests: make([]uint64, n), known: make([]atomic.Bool, n),
	}
	t.digest.New = func() any { return xxhash.NewWithSeed(t.seed) }
	blank := make([]byte, Size)
	t.zero[0] = t.sum(blank)
	t.zero[1] = t.sum(blank[:t.Len(n-1)])
	return t, nil
}

// Reseed makes the digests of t, which has read nothing yet, comparable with
// those of o, a source of the same size.
func (t *Tiles) Reseed(o *Tiles) { t.seed, t.zero = o.seed, o.zero }

// Count returns the number of tiles.
func (t *Tiles) Count() int64 { return int64(len(t.digests)) }

// Len returns the length of tile i in bytes.
func (t *Tiles) Len(i int64) int {
	if i < 0 {
		return 0
	}
	return int(min(Size, t.size-i*Size))
}

func (t *Tiles) sum(p []byte) uint64 {
	d := t.digest.Get().(*xxhash.Digest)
	defer t.digest.Put(d)
	d.ResetWithSeed(t.seed)
	d.Write(p)
	return d.Sum64()
}

// zeroDigest returns the digest that tile i has when it is all zero.
func (t *Tiles) zeroDigest(i int64) uint64 {
	if i == t.Count()-1 {
		return t.zero[1]
	}
	return t.zero[0]
}

// Read fills p, which is as long as tile i, with its bytes.
func (t *Tiles) Read(i int64, p []byte) error {
	n, err := t.src.ReadAt(p, i*Size)
	if err != nil && err != io.EOF {
		return fmt.Errorf("reading the input: %w", err)
	}
	if n != len(p) {
		return source.ErrChanged
	}
	return t.check(i, t.sum(p))
}

// check records the digest of tile i, or compares it with the recorded one.
func (t *Tiles) check(i int64, sum uint64) error {
	if t.known[i].Load() {
		if t.digests[i] != sum {
			return source.ErrChanged
		}
		return nil
	}
	t.digests[i] = sum
	t.known[i].Store(true)
	return nil
}

// Zero reports whether tile i was all zero when it was examined.
func (t *Tiles) Zero(i int64) bool { return t.known[i].Load() && t.digests[i] == t.zeroDigest(i) }

// Size returns the size of the file in bytes.
func (t *Tiles) Size() int64 { return t.size }

// Known reports whether tile i was examined.
func (t *Tiles) Known(i int64) bool { return t.known[i].Load() }

// Same reports whether tile i, which both have read, is the same in o, with which t
// shares its seed.
func (t *Tiles) Same(o *Tiles, i int64) bool { return t.digests[i] == o.digests[i] }

// Skip records tile i as zeros without reading it, as the word of the file system.
func (t *Tiles) Skip(i int64) error { return t.check(i, t.zeroDigest(i)) }

// Source returns what the tiles are read from. Who reads it by himself is told by no digest
// that it has changed.
func (t *Tiles) Source() source.Source { return t.src }
