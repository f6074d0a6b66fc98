package tlssecret

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/tried"
)

// How many pairs of randoms are tried with a window, of those that are sure and of
// others: the nearest ones in memory. A window is tried with more the better it is
// placed: in a row of nothing but objects of its size, between words that are borders,
// where an allocator of sized objects has put it far from its randoms; beside a border;
// or amid other data. Each of the others counts twice, as either may be the server's.
const (
	rowSure, rowOther       = 64, 32
	besideSure, besideOther = 3, 2
	amidSure                = 2
	// amidWithin is how near a pair must be to a window amid other data.
	amidWithin = 16 << 10
	// mostRow is how far the ends of a row are looked for, in bytes.
	mostRow = 1 << 10
	// modes is how many of the pairs are tried with suites in CBC mode too, which take two
	// or three times as long.
	modes = 2
)

// seed is a pair of randoms at addr, which is masked as bases of filters are.
type seed struct {
	addr           uint64
	server, client []byte
}

// master is the prover. It is immutable but for what it remembers.
type master struct {
	prover
	sure, other []seed // by address
	big         bool   // the byte order of the process
}

// ofServer reports whether the dump has a random that is marked: then an array of the
// length of a master secret is likely one.
func (d *master) ofServer() bool { return len(d.sure) > 0 }

// NewMaster returns the prover of master secrets of TLS 1.2, or nil when f has no
// randoms. It implements [probe.Filter].
func NewMaster(f probe.Facts) probe.Detector {
	if f.Secret == nil || len(f.Randoms) == 0 {
		return nil
	}
	d := &master{prover: prover{secret: f.Secret, memo: tried.NewMemo[firstWords](memoBits)}, big: f.BigEndian}
	for i := range f.Randoms {
		r := &f.Randoms[i]
		s := seed{r.Addr & addrMask, r.Server[:], r.Client[:]}
		if r.Sure {
			d.sure = append(d.sure, s)
		} else {
			d.other = append(d.other, s, seed{s.addr, s.client, s.server})
		}
	}
	return d
}

// addrMask makes addresses comparable to the bases of filters, which lack top bits.
const addrMask = 1<<62 - 1

// Spec implements [probe.Detector].
func (d *master) Spec() probe.Spec {
	return probe.Spec{
		ID:     "tls-master-secret",
		About:  "master secrets of TLS 1.2 connections from which a key in the dump was derived",
		Kinds:  []string{Kind},
		Before: reach, After: reach,
	}
}

// Filter names the positions at which a master secret lies, which it proves itself.
func (d *master) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	f := newScan(data, base)
	t := trial{d: d, f: f}
	f.windows(lo, hi, func(i, before, from int) {
		if from < masterLen || !f.placed(i, before, from-masterLen) || !secret(data[i:i+masterLen]) ||
			before != 0 && from != masterLen && f.thinned(i) {
			return
		}
		if d.ofServer() && counted(data, i, from, d.big) {
			t.found = append(t.found, i)
		} else {
			t.add(i, before, from)
		}
	})
	if len(t.jobs) > 0 {
		t.run()
	}
	slices.Sort(t.found)
	for _, i := range slices.Compact(t.found) {
		hit(i)
	}
}

// Detect emits the master secret at v.At.
func (d *master) Detect(v probe.View, emit func(probe.Match)) {
	f := newScan(v.Data, int64(v.Addr&addrMask))
	f.bare = true
	var p prf
	defer p.wipe()
	before, from := surroundings(v.Data, v.At, widest)
	if from < masterLen || !secret(v.Data[v.At:v.At+masterLen]) {
		return
	}
	if s, ok := d.proven(f, &p, v.At, before, from); ok {
		emit(s.match(&p, v.Data, v.At))
	} else if d.ofServer() && counted(v.Data, v.At, from, d.big) {
		emit(likely(v.Data, v.At, masterLen))
	}
}

// surroundings returns how many bytes before data[i] and from there on belong to words
// that are no borders, up to most or a little more.
func surroundings(data []byte, i, most int) (before, from int) {
	for before <= most && i-before >= word && !border(binary.LittleEndian.Uint32(data[i-before-word:])) {
		before += word
	}
	for from <= most && i+from+word <= len(data) && !border(binary.LittleEndian.Uint32(data[i+from:])) {
		from += word
	}
	return before, from
}

// inRow reports whether data[i] is in a row of objects of the size of a master secret.
func inRow(data []byte, i int) bool {
	before, from := surroundings(data, i, mostRow)
	return before <= mostRow && from <= mostRow && before%masterLen == 0 && from%masterLen == 0
}

// mayBeRow reports whether a window may be in such a row with so many bytes before it, up to edge and more, and
// from there on, up to widest and more.
func mayBeRow(before, from int) bool {
	return (before == 0 || before > edge) && (from == masterLen || from >= widest)
}

// seeds returns the pairs of randoms that the window at data[i] is tried with, the nearest ones of each kind first.
func (d *master) seeds(f *scan, i, before, from int) []seed {
	at := uint64(f.base) + uint64(i)
	sure, other := amidSure, 0
	switch {
	case counted(f.data, i, from, d.big) || mayBeRow(before, from) && inRow(f.data, i):
		sure, other = rowSure, rowOther
	case before == 0 || from == masterLen:
		sure, other = besideSure, besideOther
	}
	near := nearest(d.sure, at, sure)
	if other == 0 {
		near = slices.DeleteFunc(near, func(s seed) bool { return distance(s.addr, at) > amidWithin })
	}
	return append(near, nearest(d.other, at, other)...)
}

// proven returns the suite whose keys, made of the window at data[i] and of one of the
// pairs of randoms near it, are in the dump. They are in p.
func (d *master) proven(f *scan, p *prf, i, before, from int) (suite, bool) {
	for k, s := range d.seeds(f, i, before, from) {
		for _, h := range [...]int{size256, size384} {
			p.set(f.data[i:i+masterLen], h, s.server, s.client)
			for _, c := range suites() {
				if c.hash == h && (c.mac == 0 || k < modes) && d.makes(f, p, c, i) {
					return c, true
				}
			}
		}
	}
	return suite{}, false
}

// makes reports whether a key of the block is in the dump.
func (d *prover) makes(f *scan, p *prf, c suite, i int) bool {
	key := p.first(c.need())[2*c.mac:]
	if d.known(key) || (f.bare || f.words.near(f, i, binary.LittleEndian.Uint32(key))) && beside(f.data, i, key) {
		return true
	}
	// The server's key is as good, where it has been made already.
	return p.n >= c.need()+c.key && d.known(p.first(c.need() + c.key)[c.need():])
}

// match returns the master secret at data[i] with the keys of the suite, which p makes.
func (c suite) match(p *prf, data []byte, i int) probe.Match {
	r := probe.Range{Start: i, End: i + masterLen}
	m := probe.Match{
		Kind: Kind, Encoding: probe.Raw, Confidence: probe.Confirmed,
		Range: r, Redact: []probe.Range{r}, Identity: bytes.Clone(data[i : i+masterLen]),
	}
	m.Values = [][]byte{m.Identity}
	block := p.first(2*c.mac + 2*c.key)
	for _, n := range [...]int{c.mac, c.mac, c.key, c.key} {
		if n > 0 {
			m.Values = append(m.Values, bytes.Clone(block[:n]))
		}
		block = block[n:]
	}
	return m
}

// nearest returns the n seeds that are nearest to an address, in order of their
// distance. seeds are by address.
func nearest(seeds []seed, at uint64, n int) []seed {
	n = min(n, len(seeds))
	if n == 0 {
		return nil
	}
	hi, _ := slices.BinarySearchFunc(seeds, at, func(s seed, at uint64) int {
		if s.addr < at {
			return -1
		}
		return 1
	})
	lo := hi
	out := make([]seed, 0, n)
	for len(out) < n {
		if hi == len(seeds) || lo > 0 && at-seeds[lo-1].addr <= seeds[hi].addr-at {
			lo--
			out = append(out, seeds[lo])
			continue
		}
		out = append(out, seeds[hi])
		hi++
	}
	return out
}

func distance(a, b uint64) uint64 { return max(a, b) - min(a, b) }
