package aeskey

import (
	"encoding/binary"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// finding is a schedule that lies in a view.
type finding struct {
	place
	sched    schedule
	keys     [][]byte      // the cipher key, or the keys that fit
	parts    []probe.Range // where its words lie, ascending
	own      []byte        // the words of the main part, in plain order
	words    int           // how many words the part with the link has
	links    int           // how many columns of it are verified and not linear
	complete bool          // every word of every round key is there
}

// slot returns the number of the word that lies in the t-th place from
// the lowest address on.
func (f *finding) slot(t int) int {
	i := t&^3 + f.form.Order.column(t&3)
	if f.form.Reversed {
		i = 4*lastRound(f.nk) - t&^3 + f.form.Order.column(t&3)
	}
	return i
}

// slots returns how many places there are. The words that overrun the last round key
// are there only where words lie as they were computed.
func (f *finding) slots() int {
	if f.form.Reversed || f.form.Mixed || f.form.Order > Swapped {
		return words(f.nk)
	}
	return overrun(f.nk)
}

// has reports whether word i lies in data where it must.
func (f *finding) has(data []byte, i int) bool {
	at := f.at(i)
	return at >= 0 && at+4 <= len(data) && f.form.Order.get(data[at:]) == f.form.word(&f.sched, f.nk, i)
}

// measure finds the places that hold what the schedule says, and reports
// whether they prove it. n is the linked word.
func (f *finding) measure(data []byte, n int) bool {
	total := f.slots()
	var held [maxWords]bool
	f.complete = true
	for t := range total {
		i := f.slot(t)
		held[t] = f.has(data, i)
		f.complete = f.complete && (held[t] || i >= words(f.nk))
	}
	// The main part is the one around the linked word.
	start := 0
	for f.slot(start) != n {
		start++
	}
	end := start
	for start > 0 && held[start-1] {
		start--
	}
	for end < total && held[end] {
		end++
	}
	f.words = end - start
	if f.words < f.nk+4 {
		return false
	}
	f.count(start, end)
	f.collect(data, held[:total])
	f.beside(data)
	return true
}

// count counts the links of the main part, [start, end), and copies its words.
func (f *finding) count(start, end int) {
	var in [maxWords]bool
	for t := start; t < end; t++ {
		in[f.slot(t)] = true
	}
	for i := range maxWords {
		if !in[i] {
			continue
		}
		f.own = binary.BigEndian.AppendUint32(f.own, f.sched[i])
		linear := i%f.nk != 0 && !(f.nk == 8 && i%f.nk == 4)
		if i >= f.nk && !linear && in[i-1] && in[i-f.nk] {
			f.links++
		}
	}
}

// collect turns the places that are held into ranges. Two words in a row are no chance;
// one alone may be.
func (f *finding) collect(data []byte, held []bool) {
	base := f.at(f.slot(0))
	for t := 0; t < len(held); {
		if !held[t] {
			t++
			continue
		}
		u := t
		for u < len(held) && held[u] {
			u++
		}
		if u-t >= 2 {
			r := probe.Range{Start: base + 4*t, End: base + 4*u}
			if t > 0 {
				r.Start -= f.bytes(data, t-1, -1)
			}
			if u < len(held) && f.slot(u) < words(f.nk) {
				r.End += f.bytes(data, u, 1)
			}
			f.parts = append(f.parts, r)
		}
		t = u
	}
}

// bytes returns how many bytes of the word in place t are there, from its last
// byte down when dir is -1, from its first up when it is 1: a schedule
// may be cut within a word.
func (f *finding) bytes(data []byte, t, dir int) int {
	var want [4]byte
	i := f.slot(t)
	f.form.Order.put(want[:], f.form.word(&f.sched, f.nk, i))
	at, first := f.at(i), 0
	if dir < 0 {
		first = 3
	}
	for n := range 4 {
		k := first + dir*n
		if at+k < 0 || at+k >= len(data) || data[at+k] != want[k] {
			return n
		}
	}
	return 4
}

// beside adds a round key that stands before or behind its place: Java keeps the
// first one in front of the reversed others.
func (f *finding) beside(data []byte) {
	base := f.at(f.slot(0))
	for _, at := range []int{base - 16, base + 4*words(f.nk)} {
		if at < 0 || at+16 > len(data) {
			continue
		}
		for round := range lastRound(f.nk) + 1 {
			if f.has(data, 4*round) || !f.roundKey(data[at:], round) {
				continue
			}
			f.parts = append(f.parts, probe.Range{Start: at, End: at + 16})
		}
	}
	slices.SortFunc(f.parts, func(a, b probe.Range) int { return a.Start - b.Start })
	f.join()
}

// roundKey reports whether p begins with a round key, mixed or not.
func (f *finding) roundKey(p []byte, round int) bool {
	for _, mixed := range []bool{false, true} {
		equal := true
		for c := range 4 {
			w := f.sched[4*round+c]
			if mixed {
				w = unmix(w)
			}
			equal = equal && f.form.Order.get(p[4*f.form.Order.column(c):]) == w
		}
		if equal {
			return true
		}
	}
	return false
}

// join merges the parts that touch.
func (f *finding) join() {
	out := f.parts[:1]
	for _, r := range f.parts[1:] {
		if last := &out[len(out)-1]; r.Start <= last.End {
			last.End = max(last.End, r.End)
		} else {
			out = append(out, r)
		}
	}
	f.parts = out
}
