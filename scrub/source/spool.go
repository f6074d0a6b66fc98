package source

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/cespare/xxhash/v2"
	"golang.org/x/sys/unix"
)

// spoolBlock is the unit in which a spool is encrypted and found to be zero.
const spoolBlock = 64 << 10

// Spool keeps a stream on disk so that it can be read twice: in a file without
// a name, encrypted with AES-256 in counter mode under a random key that is
// never written anywhere. Blocks of zeros take no room. It is written once, from
// front to back, and then read; a block that does not come back as it was written
// gives [ErrSpool].
type Spool struct {
	f     *os.File
	home  *Reserve // where f goes back to, or nil
	block cipher.Block
	size  int64
	tail  []byte   // the block being filled
	full  []uint64 // a bit for each block that holds more than zeros
	seed  uint64
	sums  []uint64 // the digest of each block as it was written, xxhash64 under seed
	bufs  sync.Pool
}

// NewSpool creates a spool on the file system of dir.
func NewSpool(dir string) (*Spool, error) {
	f, err := openUnnamed(dir)
	if err != nil {
		return nil, fmt.Errorf("creating the spool: %w", err)
	}
	return newSpool(f, nil)
}

// NewSpool creates a spool as o says.
func (o Options) NewSpool() (*Spool, error) {
	if o.Reserve == nil {
		return NewSpool(o.SpoolDir)
	}
	f, err := o.Reserve.take()
	if err != nil {
		return nil, fmt.Errorf("creating the spool: %w", err)
	}
	return newSpool(f, o.Reserve)
}

// newSpool takes over f, an empty file.
func newSpool(f *os.File, home *Reserve) (*Spool, error) {
	var seed [8]byte
	key := make([]byte, 32)
	_, err := rand.Read(key)
	if err == nil {
		_, err = rand.Read(seed[:])
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("creating the spool: %w", err)
	}
	block, err := aes.NewCipher(key)
	clear(key)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("creating the spool: %w", err)
	}
	s := &Spool{f: f, home: home, block: block, tail: make([]byte, 0, spoolBlock), seed: binary.LittleEndian.Uint64(seed[:])}
	s.bufs.New = func() any { b := make([]byte, spoolBlock); return &b }
	return s, nil
}

// openUnnamed opens a file that has no name and never had one, or, on a file
// system that cannot do that, one whose name is gone before a byte is in it. A
// spool needs no name later, unlike an output.
func openUnnamed(dir string) (*os.File, error) {
	fd, err := unix.Open(dir, unix.O_TMPFILE|unix.O_RDWR|unix.O_CLOEXEC, 0o600)
	if err == nil {
		return os.NewFile(uintptr(fd), "spool"), nil
	}
	if !errors.Is(err, unix.EOPNOTSUPP) && !errors.Is(err, unix.EISDIR) {
		return nil, &os.PathError{Op: "open", Path: dir, Err: err}
	}
	f, err := os.CreateTemp(dir, ".spool-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// Write appends p.
func (s *Spool) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		k := min(spoolBlock-len(s.tail), len(p))
		s.tail = append(s.tail, p[:k]...)
		p = p[k:]
		s.size += int64(k)
		if len(s.tail) == spoolBlock {
			if err := s.flush(); err != nil {
				return 0, err
			}
		}
	}
	return n, nil
}

// Finish must be called after the last Write and before the first ReadAt.
func (s *Spool) Finish() error {
	if len(s.tail) > 0 {
		if err := s.flush(); err != nil {
			return err
		}
	}
	return nil
}

func (s *Spool) flush() error {
	i := (s.size - int64(len(s.tail))) / spoolBlock
	if i%64 == 0 {
		s.full = append(s.full, 0)
	}
	s.sums = append(s.sums, 0)
	if !zero(s.tail) {
		s.full[i/64] |= 1 << (i % 64)
		s.crypt(s.tail, i)
		s.sums[i] = s.sum(s.tail)
		if _, err := s.f.WriteAt(s.tail, i*spoolBlock); err != nil {
			return fmt.Errorf("writing the spool: %w", err)
		}
	}
	clear(s.tail)
	s.tail = s.tail[:0]
	return nil
}

// ErrSpool says that the disk gave back something else than was written to it.
var ErrSpool = errors.New("the disk lost what was written")

// sum returns the digest of a block as it lies on the disk.
func (s *Spool) sum(p []byte) uint64 {
	d := xxhash.NewWithSeed(s.seed)
	d.Write(p)
	return d.Sum64()
}

// crypt encrypts or decrypts block i in place. The counter is the position in
// units of the cipher's block, so no two blocks of a spool share any of it.
func (s *Spool) crypt(p []byte, i int64) {
	var iv [aes.BlockSize]byte
	binary.BigEndian.PutUint64(iv[8:], uint64(i)*(spoolBlock/aes.BlockSize))
	cipher.NewCTR(s.block, iv[:]).XORKeyStream(p, p)
}

// Size returns the number of bytes written.
func (s *Spool) Size() int64 { return s.size }

// Close releases the disk space and the key.
func (s *Spool) Close() error {
	s.block = nil
	if s.f == nil {
		return nil
	}
	f := s.f
	s.f = nil
	if s.home != nil {
		return s.home.put(f)
	}
	return f.Close()
}

// ReadAt decrypts the bytes from off on into p.
func (s *Spool) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= s.size {
		return 0, io.EOF
	}
	var eof error
	if left := s.size - off; int64(len(p)) > left {
		p, eof = p[:left], io.EOF
	}
	bp := s.bufs.Get().(*[]byte)
	defer func() { clear(*bp); s.bufs.Put(bp) }()
	for n := 0; n < len(p); {
		i, in := (off+int64(n))/spoolBlock, int((off+int64(n))%spoolBlock)
		k := min(spoolBlock-in, len(p)-n)
		if s.full[i/64]&(1<<(i%64)) == 0 {
			clear(p[n : n+k])
			n += k
			continue
		}
		b := (*bp)[:min(spoolBlock, s.size-i*spoolBlock)]
		if _, err := s.f.ReadAt(b, i*spoolBlock); err != nil {
			return n, fmt.Errorf("reading the spool: %w", err)
		}
		if s.sum(b) != s.sums[i] {
			return n, fmt.Errorf("reading the spool: %w", ErrSpool)
		}
		s.crypt(b, i)
		copy(p[n:n+k], b[in:])
		n += k
	}
	return len(p), eof
}

// NextData knows the blocks that hold nothing but zeros.
func (s *Spool) NextData(off int64) (start, end int64) {
	blocks := (s.size + spoolBlock - 1) / spoolBlock
	i := off / spoolBlock
	for i < blocks && s.full[i/64]&(1<<(i%64)) == 0 {
		i++
	}
	if i >= blocks {
		return s.size, s.size
	}
	j := i
	for j < blocks && s.full[j/64]&(1<<(j%64)) != 0 {
		j++
	}
	return max(off, i*spoolBlock), min(j*spoolBlock, s.size)
}

var zeros [4096]byte

func zero(p []byte) bool {
	for len(p) > len(zeros) {
		if !bytes.Equal(p[:len(zeros)], zeros[:]) {
			return false
		}
		p = p[len(zeros):]
	}
	return bytes.Equal(p, zeros[:len(p)])
}
