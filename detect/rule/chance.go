package rule

import (
	"math"
	"regexp/syntax"
)

// Chance is how often a rule must hit in a GiB of random data, not counting what
// allowlists, validators and entropy reject, but for hexadecimal below the entropy that
// the rule demands.
type Chance struct {
	Base64 float64 `json:"base64"` // standard alphabet, lines of 76
	URL    float64 `json:"base64url"`
	Hex    float64 `json:"hex"` // of either case
	Bytes  float64 `json:"bytes"`
}

// Worst returns the largest but for URL: text in that alphabet is scarce, and short,
// in memory, and with its hyphen and underscore it looks like most prefixes.
func (c Chance) Worst() float64 { return max(c.Base64, c.Hex, c.Bytes) }

const gib = 1 << 30

// chanceOf computes the chance of a pattern with its borders. entropy is what the rule
// demands, in bits a character: digits of hexadecimal have four at most.
func chanceOf(re *syntax.Regexp, e edges, letters class, entropy float64) Chance {
	hits := func(source class, size float64) float64 {
		share := func(c class) float64 {
			both := class{source[0] & c[0], source[1] & c[1]}
			return float64(both.count()) / size
		}
		p := probability(re, share)
		// Random text does not go on for ever: lines end.
		border := max(1-share(letters), 1.0/lineOf64)
		if e.left {
			p *= border
		}
		if e.right {
			p *= border
		}
		// Below this a figure is noise, and not stable between machines.
		if h := p * gib; h >= 1e-9 {
			return math.Round(h*1e9) / 1e9
		}
		return 0
	}
	var all, base64, url, hex class
	for b := range 0x80 {
		all.add(byte(b))
	}
	for b := byte('0'); b <= 'z'; b++ {
		if wordByte(b) {
			base64.add(b)
			url.add(b)
		}
	}
	base64.add('+')
	base64.add('/')
	url.add('-')
	url.add('_')
	hex = classOf("0123456789abcdef")
	upper := classOf("0123456789ABCDEF")
	c := Chance{Base64: hits(base64, 64), URL: hits(url, 64), Hex: max(hits(hex, 16), hits(upper, 16)), Bytes: hits(all, 256)}
	if entropy >= math.Log2(16) {
		c.Hex = 0
	}
	return c
}

const lineOf64 = 76

// probability returns the chance that a match of re begins at a given position,
// where share is the chance of a character to be in a class. It is an upper bound.
func probability(re *syntax.Regexp, share func(class) float64) float64 {
	if c, ok := single(re); ok {
		return share(c)
	}
	switch re.Op {
	case syntax.OpLiteral:
		p := 1.0
		for _, r := range re.Rune {
			p *= share(runeClass(r, re.Flags&syntax.FoldCase != 0))
		}
		return p
	case syntax.OpCapture:
		return probability(re.Sub[0], share)
	case syntax.OpConcat:
		p := 1.0
		for _, s := range re.Sub {
			p *= probability(s, share)
		}
		return p
	case syntax.OpAlternate:
		p := 0.0
		for _, s := range re.Sub {
			p += probability(s, share)
		}
		return min(p, 1)
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		low, _ := bounds(re)
		return math.Pow(probability(re.Sub[0], share), float64(low))
	}
	return 1
}
