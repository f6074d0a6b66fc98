package rsaprime

import (
	"math"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
)

// size is the classes whose numbers have so many words: what the words of memory say is the same for all
// of them.
type size struct {
	words int
	span  uint64 // as many bits as words, or all
	// few is how many of the words are dense at least, enough of a number in whole words.
	few, enough int
	// astray is how many of the words between its first and its last one may have patterns when it is in whole words.
	astray int
	// judged is how many words behind the one that a number begins in tell it from
	// machine code. commonDigits is how many of their bytes may be those of code
	// when the number is in digits, of which the upper bits are zero.
	judged, commonDigits int
	classes              []*class
	near                 []*class // those that have near moduli,
	inner                []*class // and of keys of two primes
}

// sizesOf sorts classes, which are in the order of their sizes.
func sizesOf(cs []*class) (zs []size) {
	for _, c := range cs {
		if len(zs) == 0 || zs[len(zs)-1].words != c.words {
			zs = append(zs, newSize(c.words))
		}
		z := &zs[len(zs)-1]
		z.classes = append(z.classes, c)
		if c.near > 0 {
			z.near = append(z.near, c)
		}
		if c.near > 0 && !c.multi {
			z.inner = append(z.inner, c)
		}
	}
	return zs
}

func newSize(words int) size {
	z := size{words: words, span: 1<<min(words, 64) - 1} // a shift by 64 gives zero
	dense := min(words, 64)
	z.few, z.enough, z.astray = dense*3/8, dense-sparse(words), words/8+2
	z.judged = min(words-2, maxJudged)
	// Digits of 25 and 50 bits have 37 % of such bytes, five standard deviations more
	// once in a million.
	n := float64(8 * z.judged)
	z.commonDigits = int(0.37*n + 5*0.32*math.Sqrt(n))
	return z
}

// maxJudged is how many words tell a number from machine code: more say little more.
const maxJudged = 14

// sparse is how many words of a number of n words may look like no random ones:
// one in 200 of a random number does, and the first and last may be another's.
func sparse(n int) int { return n/8 + 1 }

// soft is how many words of a number of n words between bounds that are certain may look like no random
// ones: more do in one number of 15,000 or fewer.
func soft(n int) int { return 2 + min(n, 64)/24 }

// place is what the neighbourhood of a word says of the numbers of one size that
// begin in it.
type place struct {
	size   *size
	digits uint8 // the bytes at which digits may begin, in memory that is dense enough for them
	plain  bool  // dense enough for a number in whole words
	edge   bool  // a run begins or ends where such a number would
	sharp  bool  // and does so if the number begins at the word's first byte
}

// classes returns those of which a number may begin at the place.
func (p *place) classes() []*class {
	if p.edge {
		return p.size.classes
	}
	return p.size.inner
}

// candidates returns those of which a number in whole words may begin at byte i.
func (p *place) candidates(i int) []*class {
	if p.edge && !(p.sharp && i == 0) {
		return p.size.near
	}
	return p.classes()
}

// near fills s.places for word k with the sizes of which a number may begin in it, and s.some
// with what holds for any of them, an edge for one in whole words. digits are the bytes of the word
// at which digits may begin; edges is false where no run begins or ends that matters. It reports whether anything may begin.
func (d *detector) near(s *scratch, runs *dense, k int, digits uint8, edges bool) bool {
	s.places, s.some = s.places[:0], place{}
	ahead, hollow := runs.ahead(k), runs.hollow(k)
	start := edges && (!runs.inside(k-1) || hollow&1 != 0)
	first := runs.at(k) && !runs.at(k-1)
	judged, common := -1, 0
	for x := range d.sizes {
		z := &d.sizes[x]
		if !edges && len(z.inner) == 0 {
			continue
		}
		n := bits.OnesCount64(ahead & z.span)
		plain := n >= z.enough && runs.patterned(k+1, min(z.words-2, 64)) <= z.astray
		if n < z.few || !plain && digits == 0 {
			continue
		}
		edge := start
		switch {
		case edge:
		case z.words < 63:
			edge = hollow>>z.words&3 != 0
		default:
			edge = !runs.inside(k+z.words) || !runs.inside(k+z.words+1)
		}
		if !edge && len(z.inner) == 0 {
			continue
		}
		if judged != z.judged {
			judged, common = z.judged, runs.commonIn(k+1, z.judged)
		}
		if common > z.commonDigits {
			continue
		}
		p := place{size: z, digits: digits, edge: edge}
		if !edge {
			p.digits &= wholes
		}
		p.plain = plain && !entropy.Prefers(common, 8*z.judged)
		if !p.plain && p.digits == 0 {
			continue
		}
		p.sharp = n >= min(z.words, 64)-soft(z.words) && (first || !runs.at(k+z.words))
		s.some.digits |= p.digits
		s.some.plain = s.some.plain || p.plain
		s.some.edge = s.some.edge || p.plain && p.edge
		s.places = append(s.places, p)
	}
	return len(s.places) != 0
}
