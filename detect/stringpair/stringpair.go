package stringpair

import (
	"encoding/binary"
	"math"
	"slices"
	"sort"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// maxBefore is how far before a match, in bytes, a string may begin: the scheme
	// of a header, the path of a URL. It is also how far behind the beginning of
	// a match the secret may be that is a string of its own.
	maxBefore = 256
	// maxTries bounds the candidates that one pair is tried with.
	maxTries = 16
	// pageBits is the logarithm of the size of the pages that the filter tells apart,
	// in bytes; pages is how many it tells apart.
	pageBits = 12
	pages    = 1 << 16
)

// prover holds the tokens without an end. It is immutable.
type prover struct {
	tokens  []probe.Glued // by address
	longest int           // Max of all of them
	kinds   []string
	memory  func(addr uint64, p []byte) bool
	word    int // bytes of a pointer
	order   binary.ByteOrder

	lo, span uint64             // pointers of interest are in [lo, lo+span]
	near     [pages / 64]uint64 // pages that they point into, modulo pages
}

// New returns the prover of tokens that string headers point to, or nil when f has no
// such token or no memory. It implements [probe.Filter].
func New(f probe.Facts) probe.Detector {
	if len(f.Glued) == 0 || f.Memory == nil {
		return nil
	}
	d := &prover{tokens: f.Glued, memory: f.Memory, word: wordOf(f.Arch), order: binary.LittleEndian, lo: math.MaxUint64}
	if f.BigEndian {
		d.order = binary.BigEndian
	}
	hi := uint64(0)
	for i := range d.tokens {
		t := &d.tokens[i]
		d.longest = max(d.longest, t.Max)
		if !slices.Contains(d.kinds, t.Kind) {
			d.kinds = append(d.kinds, t.Kind)
		}
		first, last := t.Addr-min(maxBefore, t.Addr), t.Addr+uint64(t.Secret)
		d.lo, hi = min(d.lo, first), max(hi, last)
		for p := first >> pageBits; p <= last>>pageBits; p++ {
			d.near[p%pages/64] |= 1 << (p % 64)
		}
	}
	d.span = hi - d.lo
	return d
}

// wordOf returns the bytes of a pointer of a processor of layout's naming.
func wordOf(arch string) int {
	switch arch {
	case "i386", "x86", "x32", "arm", "armeb", "mips", "mipsel", "ppc", "s390", "riscv32", "sparc", "m68k", "hppa":
		return 4
	}
	return 8
}

// Spec implements [probe.Detector].
func (d *prover) Spec() probe.Spec {
	return probe.Spec{
		ID:    "string-header",
		About: "tokens without a terminator, of which the string headers of Go, Rust and C++ tell the end",
		Kinds: d.kinds,
		After: 3 * d.word,
	}
}

// Filter names the words that are pointers into a page from which a string with a token
// could begin.
func (d *prover) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	i := lo + int(-(base+int64(lo))&int64(d.word-1))
	hi = min(hi, len(data)-2*d.word+1)
	if d.word != 8 || d.order != binary.LittleEndian {
		for ; i < hi; i += d.word {
			if d.points(d.load(data[i:])) {
				hit(i)
			}
		}
		return
	}
	for ; i < hi; i += 8 {
		if p := binary.LittleEndian.Uint64(data[i:]); p-d.lo <= d.span && d.points(p) {
			hit(i)
		}
	}
}

// points reports whether p may point to a string with a token.
func (d *prover) points(p uint64) bool {
	page := p >> pageBits
	return p-d.lo <= d.span && d.near[page%pages/64]>>(page%64)&1 != 0
}

// load returns the first word of p.
func (d *prover) load(p []byte) uint64 {
	if d.word == 4 {
		return uint64(d.order.Uint32(p))
	}
	return d.order.Uint64(p)
}

// Detect implements [probe.Detector].
func (d *prover) Detect(v probe.View, emit func(probe.Match)) {
	data := v.Data[v.At:]
	if len(data) < 2*d.word {
		return
	}
	p, n := d.load(data), d.load(data[d.word:])
	if !d.points(p) {
		return
	}
	d.judge(p, n, probe.Range{Start: v.At, End: v.At + 2*d.word}, emit)
	if len(data) < 3*d.word {
		return
	}
	if m := d.load(data[2*d.word:]); m < n {
		d.judge(p, m, probe.Range{Start: v.At, End: v.At + 3*d.word}, emit)
	}
}

// judge emits the tokens with which the string of n bytes at address p ends. The pair
// lies at r.
func (d *prover) judge(p, n uint64, r probe.Range, emit func(probe.Match)) {
	if n == 0 || n > uint64(d.longest+maxBefore) || p+n < p {
		return
	}
	end := p + n
	first := p - min(maxBefore, p)
	k := sort.Search(len(d.tokens), func(k int) bool { return d.tokens[k].Addr >= first })
	tries := 0
	for ; k < len(d.tokens) && tries < maxTries; k++ {
		t := &d.tokens[k]
		if t.Addr >= end || t.Addr > p+maxBefore {
			return
		}
		size := end - t.Addr
		whole := p == t.Addr || p == t.Addr+uint64(t.Secret)
		if size < uint64(t.Min) || size > uint64(t.Max) || !whole && (t.Lead || p > t.Addr) {
			continue
		}
		tries++
		if m, ok := d.ask(t, int(size)); ok {
			m.Range = r
			emit(m)
		}
	}
}

// ask returns what the rule of t makes of its first n bytes.
func (d *prover) ask(t *probe.Glued, n int) (probe.Match, bool) {
	text := make([]byte, n)
	defer clear(text)
	if !d.memory(t.Addr, text) {
		return probe.Match{}, false
	}
	m, ok := t.Judge(text)
	if !ok || len(m.Redact) != 1 {
		return probe.Match{}, false
	}
	secret := m.Redact[0]
	m.Remote = []probe.Block{{Addr: t.Addr + uint64(secret.Start), Len: secret.Len()}}
	m.Redact = nil
	return m, true
}
