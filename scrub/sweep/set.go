package sweep

import (
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"sync"
)

// ID names a secret without telling anything about it: equal secrets of one run
// have equal IDs.
type ID [16]byte

// The number of equal characters from which on a piece of a form is a hit.
const (
	// MinRun is for bytes: sixteen of a key are half of many keys and too many to
	// be chance.
	MinRun = 16
	// minDigits is for hexadecimal and base64 texts of a private number; 24
	// base64 digits hold 18 bytes of it.
	minDigits = 24
	// minLiteral is for texts that are not known to be all private: keys of one
	// kind begin with the same 26 digits, tokens of one issuer share claims.
	minLiteral = 32
)

// minRunOf returns the least run of a form in bytes.
func minRunOf(encoding string, text, wide bool) int {
	n := MinRun
	switch {
	case encoding == LiteralTxt:
		n = minLiteral
	case text:
		n = minDigits
	}
	if wide {
		n *= 2
	}
	return n
}

// step is the distance between the words of a form that are looked up. Every run
// of step+7 bytes holds one of them.
const step = 8

// Set is a set of secrets to search for. Add from any goroutine, then Seal once,
// then search from any goroutine.
type Set struct {
	mu     sync.Mutex
	mem    *arena
	forms  []form
	key    [32]byte
	known  map[ID]int32 // values that were added, by keyed digest, to their index
	owners [][]ID       // of each value: the secrets that have it

	words  []word
	filter []uint64
}

type word struct {
	v    uint64
	form int32
	off  int32 // in the form
}

const filterBits = 22

// NewSet returns an empty set that may use limit bytes for forms.
func NewSet(limit int) (*Set, error) {
	mem, err := newArena(limit)
	if err != nil {
		return nil, err
	}
	s := &Set{mem: mem, known: make(map[ID]int32)}
	if _, err := rand.Read(s.key[:]); err != nil {
		mem.close()
		return nil, err
	}
	return s, nil
}

// Close wipes the secrets.
func (s *Set) Close() error {
	clear(s.words)
	clear(s.key[:])
	s.words, s.forms, s.filter = nil, nil, nil
	return s.mem.close()
}

// ID returns the name of the secret with this identity, which holds for this set only.
func (s *Set) ID(identity []byte) ID {
	m := hmac.New(sha256.New, s.key[:])
	m.Write(identity)
	return ID(m.Sum(nil)[:16])
}

// Add adds every form of a private value, a big-endian number or octets. What is
// implausible is left out, of a long value piece by piece. It returns [ErrFull]
// when the limit is reached.
func (s *Set) Add(secret ID, value []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, run := range denseRuns(value) {
		if err := s.add(secret, run); err != nil {
			return err
		}
	}
	return nil
}

func (s *Set) add(secret ID, value []byte) error {
	if !Plausible(value) {
		return nil
	}
	v, fresh := s.own('v', value, secret)
	if !fresh {
		return nil
	}
	return numberForms(value, func(encoding string, text bool, p []byte) error {
		if err := s.put(v, encoding, text, false, p); err != nil || !text {
			return err
		}
		return s.putWide(v, encoding, p)
	})
}

// AddLiteral adds bytes as they lie, and, for text (one byte a character), their
// UTF-16LE form.
func (s *Set) AddLiteral(secret ID, p []byte, text bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	runs := [][]byte{p}
	if !text {
		runs = denseRuns(p)
	}
	for _, p := range runs {
		if err := s.addLiteral(secret, p, text); err != nil {
			return err
		}
	}
	return nil
}

func (s *Set) addLiteral(secret ID, p []byte, text bool) error {
	for len(p) > 0 {
		piece := p[:min(len(p), maxValue)]
		p = p[len(piece):]
		if !Plausible(piece) {
			continue
		}
		v, fresh := s.own('l', piece, secret)
		if !fresh {
			continue
		}
		encoding := Literal
		if text {
			encoding = LiteralTxt
		}
		if err := s.put(v, encoding, text, false, piece); err != nil {
			return err
		}
		if text {
			if err := s.putWide(v, encoding, piece); err != nil {
				return err
			}
		}
	}
	return nil
}

// own notes that a secret has this value, and reports whether it is a new one.
func (s *Set) own(kind byte, value []byte, secret ID) (v int32, fresh bool) {
	m := hmac.New(sha256.New, s.key[:])
	m.Write([]byte{kind})
	m.Write(value)
	id := ID(m.Sum(nil)[:16])
	v, ok := s.known[id]
	if !ok {
		v = int32(len(s.owners))
		s.known[id] = v
		s.owners = append(s.owners, nil)
	}
	if !slices.Contains(s.owners[v], secret) {
		s.owners[v] = append(s.owners[v], secret)
	}
	return v, !ok
}

func (s *Set) put(v int32, encoding string, text, wide bool, p []byte) error {
	mem, at, err := s.mem.alloc(len(p))
	if err != nil {
		return err
	}
	copy(mem, p)
	s.forms = append(s.forms, form{start: at, end: at + len(p), value: v, encoding: encoding, text: text, wide: wide, minRun: minRunOf(encoding, text, wide)})
	return nil
}

func (s *Set) putWide(v int32, encoding string, p []byte) error {
	mem, at, err := s.mem.alloc(2 * len(p))
	if err != nil {
		return err
	}
	for i, b := range p {
		mem[2*i], mem[2*i+1] = b, 0
	}
	s.forms = append(s.forms, form{start: at, end: at + 2*len(p), value: v, encoding: UTF16LE, text: true, wide: true, minRun: minRunOf(encoding, true, true)})
	return nil
}

// Empty reports whether there is nothing to search for. It is called after Seal.
func (s *Set) Empty() bool { return len(s.words) == 0 }

// Seal builds the index over the values of the secrets that rank knows. Where
// secrets share a value, the lowest rank is the one that hits name. Nothing may
// be added afterwards.
func (s *Set) Seal(rank func(ID) (int, bool)) {
	s.filter = make([]uint64, 1<<filterBits/64)
	for i := range s.forms {
		f := &s.forms[i]
		f.rank = -1
		for _, id := range s.owners[f.value] {
			if r, ok := rank(id); ok && (f.rank < 0 || r < f.rank) {
				f.rank = r
			}
		}
		if f.rank < 0 {
			continue
		}
		p := s.mem.mem[f.start:f.end]
		for off := 0; off+8 <= len(p); off += step {
			v := binary.LittleEndian.Uint64(p[off:])
			if dull(v) {
				continue
			}
			s.words = append(s.words, word{v: v, form: int32(i), off: int32(off)})
			h := hash(v)
			s.filter[h>>6] |= 1 << (h & 63)
		}
	}
	slices.SortFunc(s.words, func(a, b word) int {
		return cmp.Or(cmp.Compare(a.v, b.v), cmp.Compare(a.form, b.form), cmp.Compare(a.off, b.off))
	})
}

func hash(v uint64) uint64 { return v * 0x9E3779B97F4A7C15 >> (64 - filterBits) }

// dull reports words that memory is full of: fewer than three different bytes,
// not counting the zeros of UTF-16.
func dull(v uint64) bool {
	var seen [8]byte
	n := 0
next:
	for range 8 {
		b := byte(v)
		v >>= 8
		if b == 0 {
			continue
		}
		for _, s := range seen[:n] {
			if s == b {
				continue next
			}
		}
		seen[n] = b
		n++
	}
	return n < 3
}
