package scrub

import (
	"cmp"

	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/spill"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
)

// Detectors look at so many characters of a text that none is longer by honest means. What is
// longer all the same is found as far as they look; the rest of it goes here, up to the first
// character that is not in its alphabet.

const (
	// longText is from how many characters on a secret may be the beginning of one: the
	// shortest bound of a detector's is a little above.
	longText = 4000
	// sampled is of how many characters at the end of a secret its alphabet is taken, in bytes.
	sampled = 1 << 10
	// maxJumps is how many texts are followed to one place behind a break in the file.
	maxJumps = 8
	// runRead is how much is read at a time, in bytes.
	runRead = 16 << 10
)

// wipeRunOn is the class of what a long secret has beyond what its detector saw.
const wipeRunOn = "run-on"

// ending is where a long secret ends as far as it was found.
type ending struct {
	off  int64
	last int64 // bytes of its last piece
	wide bool
}

// runOn has the rest of long secrets removed. Each byte is read once for each alphabet at most
// that the secrets before it have.
func (res *Result) runOn(l *layout.Layout) error {
	ends := spill.NewSorter(res.disk, func(a, b *ending) int {
		return cmp.Or(cmp.Compare(a.off, b.off), cmp.Compare(b.last, a.last), b2i(a.wide)-b2i(b.wide))
	})
	defer ends.Free()
	var spans []layout.Span
	for f := range res.Findings.All() {
		if !f.Redacted || !f.fill.Text || f.bytes < longText<<b2i(f.fill.Wide) {
			continue
		}
		spans = f.appendSpans(spans[:0], res.store)
		last := spans[len(spans)-1]
		ends.Add(ending{last.End(), last.Len, f.fill.Wide})
	}
	if ends.Len() == 0 {
		return nil
	}
	r := runner{cache: tile.NewCache(res.tiles), l: l, jumps: make(map[int64]int)}
	defer r.cache.Close()
	for e := range ends.All() {
		if err := r.follow(e); err != nil {
			return err
		}
	}
	if len(r.out) > 0 {
		res.Wiped = append(res.Wiped, Wiped{wipeRunOn, layout.Join(r.out)})
	}
	return nil
}

// runner reads texts to their ends.
type runner struct {
	cache *tile.Cache
	l     *layout.Layout
	out   []layout.Span
	// until is how far texts were read of one byte a character and of two.
	until [2]int64
	jumps map[int64]int // how often texts went on there
	buf   [runRead]byte
}

// follow adds what follows e and consists of its characters.
func (r *runner) follow(e ending) error {
	width := int64(1 + b2i(e.wide))
	in, err := r.alphabet(e, width)
	if err != nil {
		return err
	}
	start := e.off
	if u := r.until[width-1]; u > start {
		start = u + (u-start)%width
	}
	off := start
	for {
		limit := r.limit(off)
		n, err := r.accepted(off, limit, width, in)
		if err != nil {
			return err
		}
		if n > 0 {
			r.out = append(r.out, layout.Span{Off: off, Len: n})
		}
		off += n
		r.until[width-1] = max(r.until[width-1], off)
		next, ok := r.next(off)
		if off < limit || !ok {
			return nil
		}
		off = next
	}
}

// alphabet returns the characters that the secret that ends at e consists of: letters and
// digits, what tokens and their encodings have beside them, and what its end has.
func (r *runner) alphabet(e ending, width int64) (*[256]bool, error) {
	p := r.buf[:min(e.last, sampled)]
	if err := r.cache.Read(p, e.off-int64(len(p))); err != nil {
		return nil, err
	}
	var in [256]bool
	for c := range in {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		in[c] = letter || c >= '0' && c <= '9'
	}
	for _, c := range []byte("-._~+/=%") {
		in[c] = true
	}
	for i := int64(len(p)) % width; i < int64(len(p)); i += width {
		if c := p[i]; c > ' ' && c < 0x7f && c != '"' && c != '\'' && c != '<' {
			in[c] = true
		}
	}
	return &in, nil
}

// limit returns up to where a text that reaches off may go on in the file.
func (r *runner) limit(off int64) int64 {
	i := r.l.At(off)
	if i == len(r.l.Regions) || r.l.Regions[i].Kind == layout.Structure {
		return off
	}
	return r.l.Regions[i].End()
}

// accepted returns how many bytes from off on, up to limit, are characters in the alphabet.
func (r *runner) accepted(off, limit, width int64, in *[256]bool) (int64, error) {
	for at := off; ; {
		p := r.buf[:min(runRead, (limit-at)/width*width)]
		if len(p) == 0 {
			return at - off, nil
		}
		if err := r.cache.Read(p, at); err != nil {
			return 0, err
		}
		for i := int64(0); i < int64(len(p)); i += width {
			if !in[p[i]] || width == 2 && p[i+1] != 0 {
				return at + i - off, nil
			}
		}
		at += int64(len(p))
	}
}

// next returns where memory goes on behind what ends at off in the file.
func (r *runner) next(off int64) (int64, bool) {
	if off == 0 || off > r.l.Size {
		return 0, false
	}
	g := r.l.Regions[r.l.At(off-1)]
	if g.Kind != layout.Memory || g.End() != off {
		return 0, false
	}
	addr := g.Addr + uint64(g.Len)
	e, ok := r.l.Extent(addr)
	if !ok {
		return 0, false
	}
	to := e.Off + int64(addr-e.Addr)
	if to != off {
		r.jumps[to]++ // memory that is said to be in several places has no end
	}
	return to, r.jumps[to] <= maxJumps
}
