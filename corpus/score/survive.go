package score

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/dumpscrub/dumpscrub/corpus"
)

// piece is how many private bytes in a row are a leak wherever they stand: 128
// bits do not occur by chance.
const piece = 16

// fewDistinct is how many different bytes a piece may have and still be no
// evidence: runs of zeros and of padding occur everywhere.
const fewDistinct = 4

// index finds the pieces of all private bytes of one dump.
type index struct {
	filter []uint64 // a bit for the hash of the first eight bytes of each piece
	owner  map[[piece]byte]origin
}

// origin says where a piece comes from.
type origin struct {
	secret int
	form   string // "planted", "value", "value reversed", "value as hex"
}

// filterBits makes the filter small enough for a cache and sparse enough for
// the hundred thousand pieces of a dump.
const filterBits = 23

func hashOf(first uint64) uint64 { return first * 0x9e3779b97f4a7c15 >> (64 - filterBits) }

// newIndex reads the planted private bytes from the dump at path.
func newIndex(truth corpus.Truth, path string) (*index, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	x := &index{filter: make([]uint64, 1<<(filterBits-6)), owner: map[[piece]byte]origin{}}
	for i, s := range truth.Secrets {
		for _, span := range setOf(s.Private) {
			p := make([]byte, span.Len)
			if _, err := f.ReadAt(p, span.Off); err != nil {
				return nil, fmt.Errorf("reading planted bytes: %w", err)
			}
			x.add(p, origin{i, "planted"})
		}
		for _, v := range s.Values {
			p, err := hex.DecodeString(v)
			if err != nil {
				return nil, fmt.Errorf("reading truth: %w", err)
			}
			x.add(p, origin{i, "value"})
			x.add([]byte(v), origin{i, "value as hex"})
			slices.Reverse(p)
			x.add(p, origin{i, "value reversed"})
		}
	}
	return x, x.forgetCommon(truth, f)
}

// forgetCommon drops the pieces that the dump also holds outside everything
// planted. They tell nothing about a secret: tokens contain host names in
// base64, and so do certificates.
func (x *index) forgetCommon(truth corpus.Truth, f io.Reader) error {
	structures := planted(truth)
	var common [][piece]byte
	err := x.search(f, func(off int64, w [piece]byte) {
		if structures.covered(corpus.Span{Off: off, Len: piece}) == 0 {
			common = append(common, w)
		}
	})
	for _, w := range common {
		delete(x.owner, w)
	}
	return err
}

func (x *index) add(p []byte, o origin) {
	for i := 0; i+piece <= len(p); i++ {
		w := [piece]byte(p[i:])
		if _, known := x.owner[w]; known || distinct(w) <= fewDistinct {
			continue
		}
		x.owner[w] = o
		h := hashOf(binary.LittleEndian.Uint64(w[:]))
		x.filter[h/64] |= 1 << (h % 64)
	}
}

func distinct(p [piece]byte) int {
	slices.Sort(p[:])
	return len(slices.Compact(p[:]))
}

// search calls hit for each piece in r, with its offset. x.owner says whose it is.
func (x *index) search(r io.Reader, hit func(off int64, w [piece]byte)) error {
	const chunk = 1 << 20
	buf := make([]byte, 0, chunk+piece)
	var base int64
	for {
		n, err := io.ReadFull(r, buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		for i := 0; i+piece <= len(buf); i++ {
			h := hashOf(binary.LittleEndian.Uint64(buf[i:]))
			if x.filter[h/64]>>(h%64)&1 == 0 {
				continue
			}
			w := [piece]byte(buf[i:])
			if _, ok := x.owner[w]; ok {
				hit(base+int64(i), w)
			}
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil
		}
		if err != nil {
			return err
		}
		keep := piece - 1
		base += int64(len(buf) - keep)
		buf = buf[:copy(buf, buf[len(buf)-keep:])]
	}
}
