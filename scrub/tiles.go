package scrub

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

// tileSize is the unit of reading and of digests, in bytes. At 256 KiB the
// digests of a 64 GiB dump take 2 MiB, and a tile stays in a core's cache between
// its digest and its examination.
const tileSize = 256 << 10

// tiles reads a source tile by tile and sees to it that every reader gets the
// bytes that the first one got: each tile's digest is recorded when it is first
// read and compared ever after. The digest is xxhash64 under a seed of this run,
// so that collisions cannot be prepared beforehand.
type tiles struct {
	src  source.Source
	size int64
	seed uint64

	digests []uint64
	known   []atomic.Bool
	zero    [2]uint64 // digest of a whole tile of zeros, and of the last, shorter one
	digest  sync.Pool
	hollow  hollow
}

func newTiles(src source.Source) (*tiles, error) {
	var seed [8]byte
	if _, err := rand.Read(seed[:]); err != nil {
		return nil, err
	}
	n := (src.Size() + tileSize - 1) / tileSize
	t := &tiles{
		src: src, size: src.Size(), seed: binary.LittleEndian.Uint64(seed[:]),
		digests: make([]uint64, n), known: make([]atomic.Bool, n),
	}
	t.digest.New = func() any { return xxhash.NewWithSeed(t.seed) }
	blank := make([]byte, tileSize)
	t.zero[0] = t.sum(blank)
	t.zero[1] = t.sum(blank[:t.len(n-1)])
	return t, nil
}

// reseed makes the digests of t, which has read nothing yet, comparable with
// those of o, a source of the same size.
func (t *tiles) reseed(o *tiles) { t.seed, t.zero = o.seed, o.zero }

// count returns the number of tiles.
func (t *tiles) count() int64 { return int64(len(t.digests)) }

// len returns the length of tile i in bytes.
func (t *tiles) len(i int64) int {
	if i < 0 {
		return 0
	}
	return int(min(tileSize, t.size-i*tileSize))
}

func (t *tiles) sum(p []byte) uint64 {
	d := t.digest.Get().(*xxhash.Digest)
	defer t.digest.Put(d)
	d.ResetWithSeed(t.seed)
	d.Write(p)
	return d.Sum64()
}

// zeroDigest returns the digest that tile i has when it is all zero.
func (t *tiles) zeroDigest(i int64) uint64 {
	if i == t.count()-1 {
		return t.zero[1]
	}
	return t.zero[0]
}

// read fills p, which is as long as tile i, with its bytes.
func (t *tiles) read(i int64, p []byte) error {
	n, err := t.src.ReadAt(p, i*tileSize)
	if err != nil && err != io.EOF {
		return fmt.Errorf("reading the input: %w", err)
	}
	if n != len(p) {
		return source.ErrChanged
	}
	return t.check(i, t.sum(p))
}

// check records the digest of tile i, or compares it with the recorded one.
func (t *tiles) check(i int64, sum uint64) error {
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

// isZero reports whether tile i was all zero when it was examined.
func (t *tiles) isZero(i int64) bool { return t.known[i].Load() && t.digests[i] == t.zeroDigest(i) }
