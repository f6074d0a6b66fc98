package rule

import (
	"math/bits"
	"regexp/syntax"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// class is a set of characters: ASCII, and probe.NotASCII, which stands for all
// others. Windows hold exactly these, and to the regexp package the byte 0xff is
// an invalid one, U+FFFD.
type class [4]uint64

const replacement = 0xfffd

func (c *class) add(b byte)      { c[b>>6] |= 1 << (b & 63) }
func (c *class) has(b byte) bool { return c[b>>6]&(1<<(b&63)) != 0 }

func (c *class) union(o class) {
	for i := range c {
		c[i] |= o[i]
	}
}

// without returns c without the characters in o.
func (c class) without(o class) class {
	for i := range c {
		c[i] &^= o[i]
	}
	return c
}

// count returns how many ASCII characters are in c.
func (c class) count() int { return bits.OnesCount64(c[0]) + bits.OnesCount64(c[1]) }

// folded returns c without its upper-case letters, when it holds the letters that
// it holds in both cases.
func (c class) folded() (low class, ok bool) {
	if c.has(probe.NotASCII) {
		return c, false
	}
	low = c
	for b := byte('A'); b <= 'Z'; b++ {
		if c.has(b) != c.has(b|0x20) {
			return c, false
		}
		if c.has(b) {
			ok = true
			low[b>>6] &^= 1 << (b & 63)
		}
	}
	return low, ok
}

// classOf returns the set of the characters in s.
func classOf(s string) (c class) {
	for i := range len(s) {
		c.add(s[i])
	}
	return c
}

// runeClass returns the set that rune r stands for, in both cases under fold.
func runeClass(r rune, fold bool) (c class) {
	switch {
	case r == replacement:
		c.add(probe.NotASCII)
	case r < 0x80:
		c.add(byte(r))
		if fold && (r|0x20) >= 'a' && (r|0x20) <= 'z' {
			c.add(byte(r) ^ 0x20)
		}
	}
	return c
}

// single returns the set of a node that matches exactly one character.
func single(re *syntax.Regexp) (c class, ok bool) {
	switch re.Op {
	case syntax.OpLiteral:
		if len(re.Rune) == 1 {
			return runeClass(re.Rune[0], re.Flags&syntax.FoldCase != 0), true
		}
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			for r := re.Rune[i]; r <= re.Rune[i+1] && r < 0x80; r++ {
				c.add(byte(r))
			}
			if re.Rune[i] <= replacement && replacement <= re.Rune[i+1] {
				c.add(probe.NotASCII)
			}
		}
		return c, true
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		for b := range 0x80 {
			c.add(byte(b))
		}
		c.add(probe.NotASCII)
		if re.Op == syntax.OpAnyCharNotNL {
			c['\n'>>6] &^= 1 << ('\n' & 63)
		}
		return c, true
	case syntax.OpCapture:
		return single(re.Sub[0])
	}
	return c, false
}
