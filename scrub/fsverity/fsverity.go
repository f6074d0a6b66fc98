// Package fsverity computes the digest that Linux's fs-verity gives a file: the
// hash of a Merkle tree over its blocks. Unlike one SHA-256 over the file it can be
// computed by all cores at once, and blocks of zeros cost next to nothing.
//
// The definition is in the kernel's documentation, filesystems/fsverity.rst, "File
// digest computation" and "Merkle tree": blocks of 4096 bytes, SHA-256, no salt,
// the last block of each level padded with zeros; the digest is the hash of struct
// fsverity_descriptor. `fsverity digest FILE` of fsverity-utils prints the same.
package fsverity

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
)

const (
	blockSize     = 4096
	hashesInBlock = blockSize / sha256.Size
)

// descriptor is struct fsverity_descriptor, little-endian, 256 bytes.
type descriptor struct {
	Version       uint8 // 1
	HashAlgorithm uint8 // 1 is SHA-256
	LogBlockSize  uint8
	SaltSize      uint8
	_             uint32
	DataSize      uint64
	RootHash      [64]byte
	Salt          [32]byte
	_             [144]byte
}

// pieceSize is how much one worker reads at a time, in bytes: a whole number of
// second-level blocks.
const pieceSize = 2 * hashesInBlock * blockSize

// Tree takes the blocks of a file in any order and from several goroutines.
type Tree struct {
	size   int64
	leaves []byte
	zero   [sha256.Size]byte // hash of a block of zeros
}

// NewTree returns the tree of a file of size bytes, all of which are to be given
// to [Tree.Put] or [Tree.Zeros].
func NewTree(size int64) *Tree {
	return &Tree{
		size: size, leaves: make([]byte, (size+blockSize-1)/blockSize*sha256.Size),
		zero: sha256.Sum256(blank[:]),
	}
}

// Put adds p, the bytes of the file from off on. It must begin on a border between
// blocks, and end on one or with the file.
func (t *Tree) Put(p []byte, off int64) {
	hashBlocks(t.leaves[off/blockSize*sha256.Size:], p, &t.zero)
}

// Zeros is [Tree.Put] of n zeros.
func (t *Tree) Zeros(off, n int64) {
	for i := off / blockSize; i*blockSize < off+n; i++ {
		copy(t.leaves[i*sha256.Size:], t.zero[:])
	}
}

// Sum returns the digest.
func (t *Tree) Sum() ([]byte, error) {
	d := descriptor{Version: 1, HashAlgorithm: 1, LogBlockSize: 12, DataSize: uint64(t.size)}
	level := t.leaves
	for len(level) > sha256.Size {
		level = above(level)
	}
	copy(d.RootHash[:], level)
	var b bytes.Buffer
	if err := binary.Write(&b, binary.LittleEndian, &d); err != nil {
		return nil, fmt.Errorf("internal error: %w", err)
	}
	sum := sha256.Sum256(b.Bytes())
	return sum[:], nil
}

// Digest returns the digest of the size bytes of r, computed by jobs workers. It
// fails when r does, or ends early, or when ctx is done.
func Digest(ctx context.Context, r io.ReaderAt, size int64, jobs int) ([]byte, error) {
	t := NewTree(size)
	if err := t.fill(ctx, r, max(1, jobs)); err != nil {
		return nil, err
	}
	return t.Sum()
}

// above returns the level of the tree above level.
func above(level []byte) []byte {
	out := make([]byte, 0, (len(level)+blockSize-1)/blockSize*sha256.Size)
	var block [blockSize]byte
	for len(level) > 0 {
		n := copy(block[:], level)
		clear(block[n:])
		level = level[n:]
		sum := sha256.Sum256(block[:])
		out = append(out, sum[:]...)
	}
	return out
}

// fill puts all blocks of r into the tree. An empty file has none: its root is all
// zero.
func (t *Tree) fill(ctx context.Context, r io.ReaderAt, jobs int) error {
	var (
		next   atomic.Int64
		wg     sync.WaitGroup
		mu     sync.Mutex
		failed error
	)
	for range jobs {
		wg.Go(func() {
			buf := make([]byte, pieceSize)
			defer clear(buf)
			for {
				off := (next.Add(1) - 1) * pieceSize
				if off >= t.size {
					return
				}
				p := buf[:min(pieceSize, t.size-off)]
				err := ctx.Err()
				if err == nil {
					err = readFull(r, p, off)
				}
				if err != nil {
					mu.Lock()
					failed = errors.Join(failed, err)
					mu.Unlock()
					next.Store(t.size/pieceSize + 1)
					return
				}
				t.Put(p, off)
			}
		})
	}
	wg.Wait()
	if failed != nil {
		return fmt.Errorf("digesting: %w", failed)
	}
	return nil
}

func readFull(r io.ReaderAt, p []byte, off int64) error {
	n, err := r.ReadAt(p, off)
	if n == len(p) {
		return nil
	}
	if err == nil || err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

var blank [blockSize]byte

// hashBlocks writes the hash of each block of p to out; zero is that of zeros.
func hashBlocks(out, p []byte, zero *[sha256.Size]byte) {
	var last [blockSize]byte
	for i := 0; len(p) > 0; i++ {
		block := p[:min(blockSize, len(p))]
		p = p[len(block):]
		if len(block) < blockSize {
			copy(last[:], block)
			block = last[:]
		}
		sum := *zero
		if !bytes.Equal(block, blank[:]) {
			sum = sha256.Sum256(block)
		}
		copy(out[i*sha256.Size:], sum[:])
	}
}
