package secret

import "bytes"

// Range is the bytes [Start, End) of a Secret's Data.
type Range struct{ Start, End int }

// Secret is one private key or token as it lies in memory.
type Secret struct {
	Form       string // name of the representation
	Kind       string // what it is, as reports name it: "rsa-private-key"
	Encoding   string // how it lies there, as reports name it: "der", "utf16le"
	Confidence string // the least that an honest verdict deserves
	Complete   bool   // nothing is cut off or overwritten

	Family string   // the rows that this one is counted with
	Also   []string // other kinds and encodings that a report may name as well

	Data    []byte
	Private []Range  // ascending, not overlapping
	Values  [][]byte // private numbers, big-endian, without leading zeros
	Text    bool     // Data is text
	Extent  int      // bytes that the structure claims, at least len(Data)
	Align   int      // what its address is a multiple of; 0 is 1

	// Beside lies elsewhere in the same dump: public halves, which have no private
	// bytes, and further copies and parts, which have.
	Beside []Secret
	// Link, if not nil, writes the addresses of Beside into Data, in words of the
	// dump's machine.
	Link func(data []byte, word Word, at []uint64)
}

// Word puts a machine's word at p[i:], i counted in words.
type Word func(p []byte, i int, x uint64)

// The confidences, as reports name them.
const (
	likely    = "likely"
	confirmed = "confirmed"
)

// Form is one representation and how to make it.
type Form struct {
	Name   string
	Family string
	Order  Order // of the machines that have it
	Wide   bool  // only machines with addresses of 64 bits have it
	Make   func(*Source) Secret
}

// Order is the order of bytes of machines.
type Order int

// The orders. What is written as octets is the same on all machines.
const (
	AnyOrder Order = iota
	LittleEndian
	BigEndian
)

// on returns forms as those of machines of one order.
func on(o Order, fs []Form) []Form {
	for i := range fs {
		if fs[i].Order == AnyOrder {
			fs[i].Order = o
		}
	}
	return fs
}

// on returns f as one of the machines that a layout is for.
func (f Form) on(l layout) Form {
	switch {
	case l.encoding == limbsBE:
		f.Order = BigEndian
	case l.encoding != intBE:
		f.Order = LittleEndian
	}
	return f
}

// Wide returns s, which must be ASCII text, as UTF-16LE.
func (s Secret) Wide() Secret {
	s.Form += "-utf16le"
	s.Encoding = "utf16le"
	s.Data = Widen(s.Data)
	s.Extent *= 2
	wide := make([]Range, len(s.Private))
	for i, r := range s.Private {
		wide[i] = Range{2 * r.Start, 2 * r.End}
	}
	s.Private = wide
	return s
}

// Cut returns s without its bytes from n on.
func (s Secret) Cut(n int) Secret {
	s.Complete = false
	s.Confidence = likely
	s.Data = bytes.Clone(s.Data[:n])
	var kept []Range
	for _, r := range s.Private {
		if r.End = min(r.End, n); r.Start < r.End {
			kept = append(kept, r)
		}
	}
	s.Private = kept
	return s
}

// Truncated returns s cut off at a random place behind six tenths of its first
// private bytes: enough is left to be a leak and to be recognised.
func (s Secret) Truncated(src *Source) Secret {
	first := s.Private[0]
	least := first.Start + (first.End-first.Start)*6/10 + 1
	cut := s.Cut(least + src.IntN(len(s.Data)-least))
	cut.Form += "-truncated"
	if cut.Text {
		cut.Extent = len(cut.Data)
	}
	return cut
}

// Widen returns ASCII text as UTF-16LE.
func Widen(p []byte) []byte {
	w := make([]byte, 0, 2*len(p))
	for _, b := range p {
		w = append(w, b, 0)
	}
	return w
}

// marked is a byte string under construction that knows its private bytes.
type marked struct {
	b    []byte
	priv []Range
}

// put appends public bytes.
func (m *marked) put(p ...byte) { m.b = append(m.b, p...) }

// str appends public text.
func (m *marked) str(s string) { m.b = append(m.b, s...) }

// hide appends private bytes; leading zeros among them tell nothing.
func (m *marked) hide(p []byte) {
	start := len(m.b) + len(p) - len(trim(p))
	m.b = append(m.b, p...)
	m.mark(start, len(m.b))
}

// mark says that the bytes [start, end) are private. Calls come in ascending order.
func (m *marked) mark(start, end int) {
	if start >= end {
		return
	}
	if n := len(m.priv); n > 0 && m.priv[n-1].End == start {
		m.priv[n-1].End = end
		return
	}
	m.priv = append(m.priv, Range{start, end})
}

// app appends other with its private bytes.
func (m *marked) app(other marked) {
	base := len(m.b)
	m.b = append(m.b, other.b...)
	for _, r := range other.priv {
		m.mark(base+r.Start, base+r.End)
	}
}

// secret returns m as a complete, confirmed binary secret.
func (m marked) secret(form, kind, encoding string, values ...[]byte) Secret {
	return Secret{
		Form: form, Kind: kind, Encoding: encoding, Confidence: confirmed, Complete: true,
		Data: m.b, Private: m.priv, Values: trimmed(values), Extent: len(m.b),
	}
}

// text is secret for text.
func (m marked) text(form, kind, encoding string, values ...[]byte) Secret {
	s := m.secret(form, kind, encoding, values...)
	s.Text = true
	return s
}

func trim(p []byte) []byte { return bytes.TrimLeft(p, "\x00") }

func trimmed(values [][]byte) [][]byte {
	out := make([][]byte, len(values))
	for i, v := range values {
		out[i] = trim(v)
	}
	return out
}
