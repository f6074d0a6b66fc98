package pgp

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// The tags of libgcrypt's own form of an S-expression, which every program that uses
// keys of libgcrypt has in memory (libgcrypt, src/sexp.c: ST_DATA and the others).
// Behind the tag of an atom stands its length as a native unsigned short.
const (
	nativeData  = 1
	nativeOpen  = 3
	nativeClose = 4
	nativeHead  = 3 // octets before those of an atom
)

// nativePlain is the beginning of a private key, nativeD that of the list of the
// private exponent or scalar, as little-endian machines write them.
const (
	nativePlain = "\x03\x01\x0b\x00private-key\x03"
	nativeD     = "\x03\x01\x01\x00d\x01"
)

// nativePeek is peek of the native form: its tags as the canonical form's
// characters. An atom is told by its tag.
func (s *sexp) nativePeek() byte {
	if s.fail != whole {
		return 0
	}
	if s.i >= s.t.Len() {
		s.stop(cut)
		return 0
	}
	switch s.t.At(s.i) {
	case nativeOpen:
		return '('
	case nativeClose:
		return ')'
	case nativeData:
		return nativeData
	}
	s.stop(damaged)
	return 0
}

// nativeAtom is read of the native form.
func (s *sexp) nativeAtom() atom {
	if s.nativePeek() != nativeData {
		s.stop(damaged)
		return atom{}
	}
	if s.i+nativeHead > s.t.Len() {
		s.stop(cut)
		return atom{}
	}
	g := s.t.Range(s.i, s.i+nativeHead)
	return s.verbatim(int(binary.LittleEndian.Uint16(s.data[g.Start+1:g.End])), nativeHead)
}

// gcryptSexp is the detector of libgcrypt's own form.
type gcryptSexp struct{}

// NewSexpNative returns the detector of private keys in the form in which libgcrypt
// keeps S-expressions in memory.
func NewSexpNative() probe.Detector { return gcryptSexp{} }

// Spec implements [probe.Detector].
func (gcryptSexp) Spec() probe.Spec {
	return probe.Spec{
		ID:      "sexp-private-key-native",
		About:   "private keys in libgcrypt's own form of S-expressions",
		Kinds:   sexpKinds(),
		Anchors: []string{nativePlain, nativeD},
		Before:  maxRSA/8 + 128,
		After:   maxSexp,
	}
}

// Detect implements [probe.Detector].
func (gcryptSexp) Detect(v probe.View, emit func(probe.Match)) {
	t, i := probe.TextOf(v)
	m, ok := probe.Match{}, false
	if t.Has(i, nativeD) {
		m, ok = headless(t, v, i, nativeForm)
	} else {
		m, ok = sexpMatch(t, v, i, nativeForm)
	}
	if ok {
		emit(m)
	}
}
