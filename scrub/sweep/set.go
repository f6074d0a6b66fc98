package sweep

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"slices"
	"sync"
)

// ID names a secret without telling anything about it: equal secrets of one run
// have equal IDs.
type ID [16]byte

// Set is a set of secrets to search for. Add from any goroutine, then Seal once,
// then search from any goroutine.
type Set struct {
	mu     sync.Mutex
	mem    *arena // the values, and behind them the forms of one round
	limit  int    // bytes that values, forms and index may take together
	rounds int    // how many rounds there may be
	key    [32]byte
	known  map[ID]int32 // values that were added, by keyed digest, to their index
	values []value
	stored int // bytes of all values
	due    int // bytes that the forms of all values take, with their index
	shifts int // at how many bits of an octet tokens in Huffman's code begin
	shapes []shape
	tables *tables

	plan   [][]int32 // of each round: the values, in order
	round  int       // which round is loaded
	forms  []form    // by start
	filter filter
	table  []uint32 // positions of indexed words plus one, by hash; zero is empty
}

// A value is what was added.
type value struct {
	start, end uint32 // in the arena
	rank       int32  // of the secret that its hits name; set by Seal, negative for none
	cost       int32  // bytes that its forms take
	class      class
	owner      ID    // a secret that has it
	others     *[]ID // more of them, or nil
}

// own notes that a secret has v.
func (v *value) own(secret ID) {
	switch {
	case v.owner == secret:
	case v.others == nil:
		v.others = &[]ID{secret}
	case !slices.Contains(*v.others, secret):
		*v.others = append(*v.others, secret)
	}
}

// Owners calls yield for each secret that has a value, some of them more than once.
func (s *Set) Owners(yield func(ID)) {
	for i := range s.values {
		yield(s.values[i].owner)
		if o := s.values[i].others; o != nil {
			for _, id := range *o {
				yield(id)
			}
		}
	}
}

// perValue is how many bytes a value takes beside its own, in values and known.
const perValue = 96

// A form is one way in which a value may lie in memory.
type form struct {
	start, end uint32 // in the arena
	value      int32
	kind       kind
}

// NewSet returns an empty set that may use limit bytes, at most 1 GiB, and is
// searched for in one round.
func NewSet(limit int) (*Set, error) { return NewRounds(limit, 1) }

// NewRounds returns an empty set that may use limit bytes, at most 1 GiB, and
// takes so many values that up to so many rounds are needed to search for them.
// Whoever searches must go through [Set.Rounds].
func NewRounds(limit, rounds int) (*Set, error) {
	limit = min(limit, maxLimit)
	mem, err := newArena(limit)
	if err != nil {
		return nil, err
	}
	s := &Set{mem: mem, limit: limit, rounds: max(1, rounds), known: make(map[ID]int32), shifts: 1, shapes: newShapes(), tables: newTables(), round: -1}
	if _, err := rand.Read(s.key[:]); err != nil {
		mem.close()
		return nil, err
	}
	return s, nil
}

// maxLimit keeps positions within 32 bits.
const maxLimit = 1 << 30

// Close wipes the secrets.
func (s *Set) Close() error {
	clear(s.filter.bits)
	clear(s.table)
	clear(s.key[:])
	s.table, s.forms, s.filter, s.values, s.plan = nil, nil, filter{}, nil, nil
	return s.mem.close()
}

// ID returns the name of the secret with this identity, which holds for this set only.
func (s *Set) ID(identity []byte) ID {
	m := hmac.New(sha256.New, s.key[:])
	m.Write(identity)
	return ID(m.Sum(nil)[:16])
}

// Add adds a private number, big-endian, or octets, to be searched for in every
// form of a number. What is implausible is left out, of a long value piece by
// piece. It returns [ErrFull] when the limit is reached.
func (s *Set) Add(secret ID, value []byte) error { return s.add(secret, number, value) }

// AddKey is Add for a value of a secret of the given kind, one of package privkey
// or a detector: octets that are no number get fewer forms, and keys of ciphers
// their schedules.
func (s *Set) AddKey(secret ID, kind string, value []byte) error {
	return s.add(secret, classOf(kind), value)
}

// AddToken adds text of one byte a character, all of it private: any rare piece of
// minToken characters is a hit.
func (s *Set) AddToken(secret ID, p []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pieces(secret, asToken, p)
}

// AddLiteral adds bytes as they lie. Text has one byte a character, and may be public
// in part: it takes longer pieces to be a hit, and what does not encode random octets is left out.
func (s *Set) AddLiteral(secret ID, p []byte, text bool) error {
	if !text {
		return s.add(secret, asIs, p)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, run := range hiddenRuns(p) {
		if err := s.pieces(secret, asText, run); err != nil {
			return err
		}
	}
	return nil
}

func (s *Set) add(secret ID, c class, value []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, run := range denseRuns(value) {
		if err := s.pieces(secret, c, run); err != nil {
			return err
		}
	}
	return nil
}

// pieces adds a value, in pieces of which every form stays within MaxForm.
func (s *Set) pieces(secret ID, c class, p []byte) error {
	longest := maxValue
	if c == number {
		longest = maxNumber
	}
	for len(p) > 0 {
		piece := p[:min(len(p), longest)]
		p = p[len(piece):]
		if c == asToken && !Rare(piece) || c != asToken && !Plausible(piece) {
			continue
		}
		if err := s.own(secret, c, piece); err != nil {
			return err
		}
	}
	return nil
}

// own notes that a secret has this value.
func (s *Set) own(secret ID, c class, p []byte) error {
	m := hmac.New(sha256.New, s.key[:])
	m.Write([]byte{byte(c)})
	m.Write(p)
	id := ID(m.Sum(nil)[:16])
	v, ok := s.known[id]
	if !ok {
		var err error
		if v, err = s.store(c, p, secret); err != nil {
			return err
		}
		s.known[id] = v
	}
	s.values[v].own(secret)
	return nil
}

// store keeps a new value when there is room for it and its forms. Where there
// are several rounds a quarter of the room is for values.
func (s *Set) store(c class, p []byte, owner ID) (int32, error) {
	cost := s.cost(c, len(p))
	room := s.limit - s.stored - len(p)
	if s.rounds > 1 {
		room = s.limit - s.limit/4
	}
	if s.stored+len(p) > s.limit/4 || (len(s.values)+1)*perValue > s.limit/2 || cost > room || s.due+cost > s.rounds*room {
		return 0, ErrFull
	}
	mem, at, err := s.mem.alloc(len(p))
	if err != nil {
		return 0, err
	}
	copy(mem, p)
	s.stored += len(p)
	s.due += cost
	s.values = append(s.values, value{start: uint32(at), end: uint32(at + len(p)), class: c, cost: int32(cost), owner: owner})
	return int32(len(s.values) - 1), nil
}
