// Package jwtkey finds the keys of tokens that an HMAC signs (RFC 7515; RFC 7518, section
// 3.2) wherever in memory they lie: the token tells what the key makes of its text, so that a
// candidate is proven or is none.
package jwtkey

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"sync"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/tried"
)

const (
	// Kind is what the provers find.
	Kind = "hmac-key"
	// leastKey and mostKey bound a key in bytes, or characters.
	leastKey, mostKey = 8, 128
	// triedBits is the logarithm of how many candidates are remembered.
	triedBits = 18
	// The masks of FIPS 198-1, section 3.
	ipad, opad = 0x36, 0x5c
)

// target is a token: what its key signs, and the code.
type target struct {
	bits int
	text []byte
	code []byte
}

// prover tells keys of tokens. It is immutable but for what it remembers.
type prover struct {
	targets []target
	tried   *tried.Set
	states  *sync.Pool
}

// newProver returns nil when f has no token that tells its key.
func newProver(f probe.Facts) *prover {
	p := &prover{states: &sync.Pool{New: func() any { return newState() }}}
	for _, s := range f.Signed {
		dot := bytes.LastIndexByte(s.Text, '.')
		if dot < 0 {
			continue
		}
		code, err := base64.RawURLEncoding.DecodeString(string(bytes.TrimRight(s.Text[dot+1:], "=")))
		if err != nil || len(code) != s.Bits/8 {
			continue
		}
		p.targets = append(p.targets, target{s.Bits, s.Text[:dot], code})
	}
	if len(p.targets) == 0 {
		return nil
	}
	p.tried = tried.New(triedBits)
	return p
}

// proves reports whether key signs one of the tokens.
func (p *prover) proves(key []byte) bool {
	if len(key) < leastKey || len(key) > mostKey {
		return false
	}
	digest := p.tried.Digest(key, 0)
	if p.tried.Has(digest) {
		return false
	}
	s := p.states.Get().(*state)
	defer p.states.Put(s)
	defer s.wipe()
	for i := range p.targets {
		if t := &p.targets[i]; s.signs(key, t) {
			return true
		}
	}
	p.tried.Add(digest)
	return false
}

// state is what HMAC computes with, for one goroutine at a time.
type state struct {
	hash [3]hash.Hash
	pad  [sha512.BlockSize]byte
	key  [sha512.Size]byte
	sum  [sha512.Size]byte
}

func newState() *state {
	return &state{hash: [3]hash.Hash{sha256.New(), sha512.New384(), sha512.New()}}
}

// signs reports whether key makes the code of t (FIPS 198-1, section 4).
func (s *state) signs(key []byte, t *target) bool {
	h := s.hash[t.bits/128-2]
	n := h.BlockSize()
	if len(key) > n {
		h.Reset()
		h.Write(key)
		key = h.Sum(s.key[:0])
	}
	pad := s.pad[:n]
	s.mask(pad, key, ipad)
	h.Reset()
	h.Write(pad)
	h.Write(t.text)
	inner := h.Sum(s.sum[:0])
	s.mask(pad, key, opad)
	h.Reset()
	h.Write(pad)
	h.Write(inner)
	return bytes.Equal(h.Sum(s.sum[:0]), t.code)
}

func (*state) mask(pad, key []byte, mask byte) {
	for i := copy(pad, key); i < len(pad); i++ {
		pad[i] = 0
	}
	word := uint64(mask) * 0x0101010101010101
	for i := 0; i < len(pad); i += 8 {
		binary.NativeEndian.PutUint64(pad[i:], binary.NativeEndian.Uint64(pad[i:])^word)
	}
}

// wipe forgets the key of the last candidate.
func (s *state) wipe() {
	for _, h := range s.hash {
		h.Reset()
	}
	clear(s.pad[:])
	clear(s.key[:])
	clear(s.sum[:])
}
