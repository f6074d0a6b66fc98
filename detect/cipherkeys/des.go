package cipherkeys

import (
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// DES is the identifier of the detector of DES schedules and what it finds.
	DES = "des-key-schedule"

	desSize = 8 * desRounds
	// desStep is how far apart the filter looks. Each place shows 23 bytes: one
	// of them at least lies inside a schedule of 16 subkeys, and not across two.
	desStep = 32
	// desFewest is how many subkeys a match has. The rotations repeat after
	// seven rounds, so that nine subkeys can be the first or the last ones; ten can not.
	desFewest = 10
)

type des struct {
	tables  *desTables
	layouts []desLayout
}

// NewDES returns the detector of the subkeys of DES and Triple DES in the layouts
// of OpenSSL, nettle, and code that descends from R. Outerbridge's, in either byte
// order, forward and reversed. It implements [probe.Filter].
func NewDES() probe.Detector { return &des{tables: newDESTables(), layouts: desLayouts()} }

// Spec implements [probe.Detector].
func (d *des) Spec() probe.Spec {
	return probe.Spec{
		ID:     DES,
		About:  "expanded DES and Triple DES keys, whole or in part, in the layouts of OpenSSL and others",
		Kinds:  []string{DES},
		Before: desSize, After: 3*desSize + 8,
	}
}

// Depth implements [probe.Shallow]: two subkeys are looked at, which are not zero.
func (*des) Depth() int { return 256 }

// Gate implements [probe.Gated]: subkeys may stand anywhere.
func (*des) Gate() probe.Gate { return probe.Gate{} }

// Filter implements [probe.Filter].
func (d *des) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	first := firstStep(base, lo, desStep)
	if first < lo {
		first += desStep
	}
	// Among the fewest subkeys that are found lie the sixteen bytes of two steps in a row. The last word
	// of marks is that behind those at hand, before the last mark before them.
	var marks [9]uint64
	before, q := uint64(0), first
	if q >= desStep {
		q -= desStep
	}
	end := min(hi, len(data)-23)
	for q < end {
		n := min(len(marks)-1, (end-q+kernel.StepBytes-1)/kernel.StepBytes)
		desSteps(marks[:n+1], data[q:])
		for k, m := range marks[:n] {
			beside := m<<1 | before>>63 | m>>1 | marks[k+1]<<63
			before = m
			for m &= beside; m != 0; m &= m - 1 {
				i := q + desStep*bits.TrailingZeros64(m)
				if i < first || i >= end || !sixVary(load64(data, i), load64(data, i+8)) {
					continue
				}
				if _, ok := d.pair(data, i); ok {
					hit(i)
				}
			}
			q += kernel.StepBytes
		}
	}
}

// desSteps is [kernel.Sixes] for data that may end before, with zeros behind it.
func desSteps(dst []uint64, data []byte) {
	whole := min(len(dst), len(data)/kernel.StepBytes)
	kernel.Sixes(dst[:whole], data)
	clear(dst[whole:])
	if data = data[whole*kernel.StepBytes:]; whole < len(dst) && len(data) > 0 {
		var rest [kernel.StepBytes]byte
		copy(rest[:], data)
		kernel.Sixes(dst[whole:whole+1], rest[:])
	}
}

// sixVary reports whether no bit is set in all sixteen bytes, and six or more are in some, as is
// so of subkeys but for one pair in 2,000: digits and small numbers have such bits.
func sixVary(a, b uint64) bool {
	some := a | b
	some |= some >> 32
	some |= some >> 16
	return noneInAll(a, b) && bits.OnesCount8(uint8(some|some>>8)) >= 6
}

// noneInAll reports whether no bit is set in all sixteen bytes, as is so of subkeys but for one pair in 10,000.
func noneInAll(a, b uint64) bool {
	all := a & b
	all &= all >> 32
	all &= all >> 16
	return (all&(all>>8))&0xff == 0
}

// desPlace is a subkey of a schedule whose beginning is not known yet.
type desPlace struct {
	at       int
	layout   desLayout
	shift    int // the rotation between the subkeys at and at+8, in bits
	reversed bool
}

// pair finds two neighbouring subkeys in the 23 bytes from q on.
func (d *des) pair(data []byte, q int) (desPlace, bool) {
	t := d.tables
	for at := q; at < q+8 && at+16 <= len(data); at++ {
		first, second := load64(data, at), load64(data, at+8)
		if first == second || !noneInAll(first, second) {
			continue
		}
		for _, l := range d.layouts {
			if (first|second)&l.clear() != 0 {
				continue
			}
			a, b := t.decode(l, data[at:]), t.decode(l, data[at+8:])
			for n := 1; n <= 2; n++ {
				if t.follows(a, b, n) {
					return desPlace{at: at, layout: l, shift: n}, true
				}
				if t.follows(b, a, n) {
					return desPlace{at: at, layout: l, shift: n, reversed: true}, true
				}
			}
		}
	}
	return desPlace{}, false
}

// Detect emits the schedule of which two subkeys lie at v.At.
func (d *des) Detect(v probe.View, emit func(probe.Match)) {
	p, ok := d.pair(v.Data, v.At)
	if !ok {
		return
	}
	best := desFinding{}
	for r := range desRounds - 1 {
		if int(desShifts[r+1]-desShifts[r]) != p.shift {
			continue
		}
		// The pair is the rounds r and r+1.
		slot := r
		if p.reversed {
			slot = desRounds - 2 - r
		}
		f := d.measure(v.Data, p, p.at-8*slot, slot)
		if f.last-f.first > best.last-best.first {
			best = f
		}
	}
	if best.last-best.first >= desFewest && best.known == desAll && !best.value.regular() {
		emit(d.match(v.Data, best))
	}
}

// desFinding is a schedule at a place.
type desFinding struct {
	desPlace
	start       int       // of slot 0; may be negative
	first, last int       // the slots that agree: [first, last)
	value       registers // what they show of the registers before the first round
	known       registers // which bits they show
}

// measure finds the slots of the schedule at start that agree, from slot on.
func (d *des) measure(data []byte, p desPlace, start, slot int) desFinding {
	f := desFinding{desPlace: p, start: start, first: slot, last: slot}
	for f.last < desRounds && f.add(d.tables, data, f.last) {
		f.last++
	}
	for f.first > 0 && f.add(d.tables, data, f.first-1) {
		f.first--
	}
	return f
}

// add merges what slot shows, and reports whether it agrees with the rest.
func (f *desFinding) add(t *desTables, data []byte, slot int) bool {
	at, round := f.start+8*slot, slot
	if f.reversed {
		round = desRounds - 1 - slot
	}
	if at < 0 || at+8 > len(data) || load64(data, at)&f.layout.clear() != 0 {
		return false
	}
	back := desHalf - int(desShifts[round])
	value := t.decode(f.layout, data[at:]).rotate(back)
	shown := t.shown.rotate(back)
	if (value^f.value)&shown&f.known != 0 {
		return false
	}
	f.value |= value
	f.known |= shown
	return true
}

// whole returns the schedule that fills the 128 bytes at start.
func (d *des) whole(data []byte, start int, l desLayout) (key []byte, ok bool) {
	for _, reversed := range []bool{false, true} {
		f := d.measure(data, desPlace{layout: l, reversed: reversed}, start, 0)
		if f.last == desRounds && f.known == desAll && !f.value.regular() {
			return f.value.key(), true
		}
	}
	return nil, false
}

// match returns the finding as a match.
func (d *des) match(data []byte, f desFinding) probe.Match {
	key := f.value.key()
	m := probe.Match{
		Kind: DES, Encoding: direction(f.reversed), Confidence: probe.Likely,
		Range:    part(f.start, 8, f.first, f.last, desRounds, len(data)),
		Identity: key, Values: [][]byte{key},
	}
	if f.last-f.first == desRounds {
		m.Confidence = probe.Confirmed
		// Triple DES keeps the lists of its two or three keys in a row.
		joined := key
		for n := 1; n <= 2; n++ {
			next, ok := d.whole(data, f.start+n*desSize, f.layout)
			if !ok {
				break
			}
			joined = append(joined[:len(joined):len(joined)], next...)
			m.Values = append(m.Values, joined)
		}
	}
	m.Redact = []probe.Range{m.Range}
	return m
}
