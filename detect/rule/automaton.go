package rule

import (
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// automaton runs along characters as long as they may be the beginning of a match
// of some elements. Each bit is a state, the bits of a word advance together, so a
// character costs a few instructions. It is wrong on the side of yes: a repetition
// that may be long is taken for one without end, and what does not fit into a word
// is not looked at.
//
// State 0 is the beginning; state i is behind the i-th character of the elements
// written out. The treatment of optional characters is that of Navarro and Raffinot,
// "Flexible Pattern Matching in Strings" (2002), section 4.2.
type automaton struct {
	step     [256]uint64 // by character: the states that it may lead to
	loop     uint64      // the states that may repeat
	optional uint64      // the states that may be skipped
	before   uint64      // the states before each block of optional ones
	behind   uint64      // the last state of each block
	start    uint64
	final    uint64
	limit    int // within how many characters a match has led to the final state
}

const (
	maxStates = 62
	// maxOptional is how many optional characters are counted.
	maxOptional = 32
	// minRest is how many states are kept for what follows them.
	minRest = 8
	// maxGlance bounds how many characters an automaton looks at; then it says yes.
	maxGlance = 1500
)

func newAutomaton(es []element) *automaton {
	a := &automaton{}
	n := 0    // the states behind the first
	most := 0 // characters of the elements so far
	for i := range es {
		e := &es[i]
		first := n + 1
		n = min(n+e.min, maxStates)
		fits := n-first+1 == e.min
		// States that may be skipped lead to the final one without a character.
		if n >= first {
			a.limit = most + n - first + 1
		}
		most = min(most+e.max, maxGlance)
		if more := e.max - e.min; fits && more > 0 && n < maxStates {
			from := n + 1
			if more > maxOptional || n+more+minRest > maxStates {
				n++
				a.loop |= 1 << n
			} else {
				n = min(n+more, maxStates)
				fits = n-from+1 == more
			}
			a.optional |= 2<<n - 1<<from
		} else if more > 0 {
			fits = false
		}
		a.enter(&e.set, 2<<n-1<<first)
		if !fits {
			break
		}
	}
	a.before = a.optional >> 1 &^ a.optional
	a.behind = a.optional &^ (a.optional >> 1)
	a.final = 1 << n
	a.start = a.skip(1)
	return a
}

// enter lets the characters of set lead to the given states.
func (a *automaton) enter(set *class, states uint64) {
	for w, word := range set[:2] {
		for ; word != 0; word &= word - 1 {
			a.step[64*w+bits.TrailingZeros64(word)] |= states
		}
	}
	if set.has(probe.NotASCII) {
		for c := 0x80; c < len(a.step); c++ {
			a.step[c] |= states
		}
	}
}

// skip adds the states that d leads to without a character.
func (a *automaton) skip(d uint64) uint64 {
	df := d | a.behind
	return d | a.optional&(^(df-a.before)^df)
}

// run reports whether the elements may begin at byte i of data, or at one of the
// more characters that follow, when the next character is by bytes further on.
func (a *automaton) run(data []byte, i, by int, wide bool, more int) bool {
	d := a.start
	if d&a.final != 0 {
		return true
	}
	last := len(data)
	if wide {
		last--
	}
	for range min(a.limit, maxGlance) + more {
		if i < 0 || i >= last {
			return false
		}
		c := data[i]
		if wide && data[i+1] != 0 {
			c = 0xff
		}
		d = (d<<1 | d&a.loop) & a.step[c]
		if more > 0 {
			more--
			d |= 1
		} else if d == 0 {
			return false
		}
		if d = a.skip(d); d&a.final != 0 {
			return true
		}
		i += by
	}
	return a.limit >= maxGlance
}
