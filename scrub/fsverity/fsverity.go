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

// Name is how receipts call this digest.
const Name = "fsverity"

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

// Digest returns the digest of the size bytes of r, computed by jobs workers. It
// fails when r does, or ends early, or when ctx is done.
func Digest(ctx context.Context, r io.ReaderAt, size int64, jobs int) ([]byte, error) {
	level, err := leaves(ctx, r, size, max(1, jobs))
	if err != nil {
		return nil, err
	}
	d := descriptor{Version: 1, HashAlgorithm: 1, LogBlockSize: 12, DataSize: uint64(size)}
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

// leaves returns the hashes of all blocks of r. An empty file has none: its root
// is all zero.
func leaves(ctx context.Context, r io.ReaderAt, size int64, jobs int) ([]byte, error) {
	out := make([]byte, (size+blockSize-1)/blockSize*sha256.Size)
	zero := sha256.Sum256(make([]byte, blockSize))
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
				if off >= size {
					return
				}
				p := buf[:min(pieceSize, size-off)]
				err := ctx.Err()
				if err == nil {
					err = readFull(r, p, off)
				}
				if err != nil {
					mu.Lock()
					failed = errors.Join(failed, err)
					mu.Unlock()
					next.Store(size/pieceSize + 1)
					return
				}
				hashBlocks(out[off/blockSize*sha256.Size:], p, &zero)
			}
		})
	}
	wg.Wait()
	if failed != nil {
		return nil, fmt.Errorf("digesting: %w", failed)
	}
	return out, nil
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
