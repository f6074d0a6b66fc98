package rule

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
}

const (
	maxStates = 62
	// maxOptional is how many optional characters are counted.
	maxOptional = 8
	// maxGlance bounds how many characters an automaton looks at; then it says yes.
	maxGlance = 1500
)

func newAutomaton(es []element) *automaton {
	a := &automaton{}
	n := 0
	add := func(set *class, optional, loop bool) bool {
		if n == maxStates {
			return false
		}
		n++
		bit := uint64(1) << n
		for c := range a.step {
			if set.has(ascii(byte(c))) {
				a.step[c] |= bit
			}
		}
		if optional {
			a.optional |= bit
		}
		if loop {
			a.loop |= bit
		}
		return true
	}
	fits := true
	for i := range es {
		e := &es[i]
		for k := 0; k < e.min && fits; k++ {
			fits = add(&e.set, false, false)
		}
		if more := e.max - e.min; more > maxOptional {
			fits = fits && add(&e.set, true, true)
		} else {
			for k := 0; k < more && fits; k++ {
				fits = add(&e.set, true, false)
			}
		}
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
	for range maxGlance + more {
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
	return true
}
