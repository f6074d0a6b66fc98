package needle

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"slices"
)

// fewDistinct is how many different bytes a piece may have and still be no
// evidence: runs of zeros and of padding occur everywhere. UTF-16LE text spends
// one of them on its zeros.
const fewDistinct = 4

// Index finds pieces of needles. Build one with [NewIndex].
type Index struct {
	needles []Needle
	filter  []uint64 // a bit for the hash of the first eight bytes of each piece
	owner   map[[piece]byte]owner
}

// owner is where a piece comes from: a needle, and whether the piece tells the
// structure of that needle. It takes half of the lead to tell it; less, such as a
// quotation mark, stands before other things as well.
type owner struct {
	needle int32
	public int8 // bytes at the start of the piece that belong to the lead
	tells  bool
}

// leastPrivate is how many private bytes a piece has at least, beside public ones
// of the lead.
const leastPrivate = 8

// filterBits makes the filter small enough for a cache and sparse enough for the
// half million pieces of a scenario.
const filterBits = 23

func hashOf(first uint64) uint64 { return first * 0x9e3779b97f4a7c15 >> (64 - filterBits) }

// NewIndex returns an index of ns. A piece that several needles share belongs to
// a plain one before a structure: what tells a structure is
// the bytes that a bare value has not.
func NewIndex(ns []Needle) *Index {
	ns = slices.Clone(ns)
	order := [...]int{Plain: 0, Derived: 1, Structure: 2}
	slices.SortStableFunc(ns, func(a, b Needle) int { return order[a.Class] - order[b.Class] })
	x := &Index{needles: ns, filter: make([]uint64, 1<<(filterBits-6)), owner: map[[piece]byte]owner{}}
	for i, n := range ns {
		for at := max(0, n.Lead-piece+leastPrivate); at+piece <= len(n.Data); at++ {
			w := [piece]byte(n.Data[at:])
			if _, known := x.owner[w]; known || distinct(w) <= fewDistinct {
				continue
			}
			tells := n.Lead > 0 && at <= n.Lead/2 || n.Mark != "" && bytes.Contains(w[:], []byte(n.Mark))
			x.owner[w] = owner{int32(i), int8(max(0, n.Lead-at)), tells}
			h := hashOf(binary.LittleEndian.Uint64(w[:]))
			x.filter[h/64] |= 1 << (h % 64)
		}
	}
	return x
}

func distinct(p [piece]byte) int {
	slices.Sort(p[:])
	return len(slices.Compact(p[:]))
}

// Run is a stretch of a file that holds private bytes of one key.
type Run struct {
	Off, Len int64 // in bytes, without the lead
	Key      string
	Group    string // what one structure reveals together
	Part     string
	Encoding string // that of the needle, with "-piece" when it does not show its structure
	Class    Class
}

// run is a Run that is not yet complete.
type run struct {
	start, end int64         // of the private bytes covered
	votes      map[int32]int // pieces of each needle; nil before the first
	key        string
	told       int32 // a needle whose structure a piece told, or -1
}

// takes reports whether a piece of key at off goes on with the run.
func (c *run) takes(off int64, key string) bool {
	return c.votes != nil && off < c.end && key == c.key
}

// chunk is how many bytes are read at a time; zeroBlock is the grain in which
// empty memory, most of a Go or Java dump, is passed over.
const (
	chunk     = 1 << 20
	zeroBlock = 4096
)

// Search returns the runs in r, in ascending order.
func (x *Index) Search(r io.Reader) ([]Run, error) {
	var runs []Run
	var cur run
	flush := func() {
		if cur.votes != nil {
			if out, ok := x.judge(cur); ok {
				runs = append(runs, out)
			}
			cur = run{}
		}
	}
	buf := make([]byte, 0, chunk+piece)
	var base int64
	for {
		n, err := io.ReadFull(r, buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		x.each(buf, func(i int, o owner) {
			off, key := base+int64(i), x.needles[o.needle].Key
			if !cur.takes(off, key) {
				flush()
				cur = run{start: off + int64(o.public), votes: map[int32]int{}, key: key, told: -1}
			}
			cur.end = off + piece
			cur.votes[o.needle]++
			if o.tells {
				cur.told = o.needle
			}
		})
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			flush()
			return runs, nil
		}
		if err != nil {
			return nil, err
		}
		keep := piece - 1
		base += int64(len(buf) - keep)
		buf = buf[:copy(buf, buf[len(buf)-keep:])]
	}
}

// each calls hit for each piece that begins in p, in ascending order.
func (x *Index) each(p []byte, hit func(int, owner)) {
	zero := make([]byte, zeroBlock)
	for at := 0; at+piece <= len(p); at += zeroBlock {
		end := min(at+zeroBlock, len(p)-piece+1)
		if bytes.Equal(p[at:end], zero[:end-at]) {
			continue // a piece that begins here and has few zeros is found by its later bytes
		}
		for i := at; i < end; i++ {
			h := hashOf(binary.LittleEndian.Uint64(p[i:]))
			if x.filter[h/64]>>(h%64)&1 == 0 {
				continue
			}
			if o, ok := x.owner[[piece]byte(p[i:])]; ok {
				hit(i, o)
			}
		}
	}
}

// judge names a run after the needle whose structure it tells, else after the one
// that most of its pieces come from, the earlier one when they are equal.
func (x *Index) judge(c run) (Run, bool) {
	best := int32(-1)
	for n, v := range c.votes {
		if best < 0 || v > c.votes[best] || v == c.votes[best] && n < best {
			best = n
		}
	}
	size := c.end - c.start
	if c.told >= 0 && size >= int64(x.needles[c.told].Whole) {
		best = c.told
	}
	n := x.needles[best]
	if size < int64(n.Least) {
		return Run{}, false
	}
	r := Run{Off: c.start, Len: size, Key: n.Key, Group: cmp.Or(n.Group, n.Key), Part: n.Part, Encoding: n.Encoding, Class: n.Class}
	silent := (n.Lead > 0 || n.Mark != "") && c.told != best
	if n.Class == Structure && (silent || size < int64(n.Whole)) {
		r.Encoding, r.Class = r.Encoding+"-piece", Plain
	}
	return r, true
}
