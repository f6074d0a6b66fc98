package secret

import (
	crand "crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
)

// Source is where choices and key bytes come from. It is used by one goroutine
// at a time; its forks are independent.
type Source struct {
	*rand.Rand // choices: positions, lengths, order

	seed  [32]byte
	fresh bool
	keys  io.Reader
	pool  *rsaPool
	used  map[int]int // RSA keys taken, by size in bits
}

// Seeded returns a source that makes the same choices and the same keys each time.
func Seeded(seed uint64) *Source {
	var s [32]byte
	binary.LittleEndian.PutUint64(s[:], seed)
	return newSource(s, false, &rsaPool{root: s})
}

// Fresh returns a source that makes reproducible choices from seed, and keys
// that nobody else has.
func Fresh(seed uint64) *Source {
	s := Seeded(seed)
	return newSource(s.seed, true, s.pool)
}

func newSource(seed [32]byte, fresh bool, pool *rsaPool) *Source {
	s := &Source{seed: seed, fresh: fresh, pool: pool, used: map[int]int{}}
	s.Rand = rand.New(rand.NewChaCha8(derive(seed, "choices")))
	s.keys = rand.NewChaCha8(derive(seed, "keys"))
	if fresh {
		s.keys = crand.Reader
	}
	return s
}

// Fork returns a source that depends on s's seed and name only. Forks share a
// stock of RSA keys, which are slow to make; one fork never takes a key twice.
func (s *Source) Fork(name string) *Source {
	return newSource(derive(s.seed, "fork "+name), s.fresh, s.pool)
}

// Bytes returns n key bytes.
func (s *Source) Bytes(n int) []byte {
	p := make([]byte, n)
	if _, err := io.ReadFull(s.keys, p); err != nil {
		panic("internal error: the source of key bytes ended")
	}
	return p
}

func derive(seed [32]byte, name string) [32]byte {
	return sha256.Sum256(append(seed[:], name...))
}

// rsaPool is a stock of RSA keys by size and number.
type rsaPool struct {
	root [32]byte
	mu   sync.Mutex
	keys map[[2]int]*rsaKey
}

func (p *rsaPool) get(s *Source, bits, i int) *rsaKey {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.keys == nil {
		p.keys = map[[2]int]*rsaKey{}
	}
	k := p.keys[[2]int{bits, i}]
	if k == nil {
		keys := s.keys
		if !s.fresh {
			keys = rand.NewChaCha8(derive(p.root, fmt.Sprintf("rsa %d %d", bits, i)))
		}
		k = newRSA(keys, bits)
		p.keys[[2]int{bits, i}] = k
	}
	return k
}
