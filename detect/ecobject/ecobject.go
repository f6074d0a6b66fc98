package ecobject

import (
	"bytes"
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// The object from its flag on: a bit-field of one bit, behind whose octet compilers put
// the array at once, MAX_KEYLEN octets, six that align the pointer, the pointer, the length
// and the type (enum ECX_KEY_TYPE). Seen in cores of OpenSSL 3.0.
const (
	flagLen, room, padding = 1, 57, 6
	pointer                = flagLen + room + padding
	length                 = pointer + 8
	kind                   = length + 8
	objectLen              = kind + 4
)

// keyType is one of the types.
type keyType struct {
	number uint32 // in the enum
	size   int    // octets of either half
	kind   string
	public func([]byte) []byte
	spki   func([]byte) []byte
}

func keyTypes() [4]keyType {
	return [...]keyType{
		{0, privkey.SizeX25519, privkey.X25519, privkey.X25519Public, privkey.SPKIForX25519},
		{1, privkey.SizeX448, privkey.X448, privkey.X448Public, privkey.SPKIForX448},
		{2, privkey.SizeEd25519, privkey.Ed25519, privkey.Ed25519Public, privkey.SPKIForEd25519},
		{3, privkey.SizeEd448, privkey.Ed448, privkey.Ed448Public, privkey.SPKIForEd448},
	}
}

// end returns what such an object ends with: length and type.
func (t keyType) end() string {
	return string(binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint64(nil, uint64(t.size)), t.number))
}

// prover is immutable.
type prover struct {
	memory func(addr uint64, p []byte) bool
}

// New returns the prover, nil when memory cannot be read by address. It
// implements [probe.Filter].
func New(f probe.Facts) probe.Detector {
	if f.Memory == nil || f.BigEndian {
		return nil
	}
	return prover{f.Memory}
}

// Spec implements [probe.Detector].
func (prover) Spec() probe.Spec {
	s := probe.Spec{
		ID:     "openssl-ecx-key",
		About:  "private keys on Curve25519 and Curve448 that objects of OpenSSL point to",
		Before: length, After: objectLen - length,
	}
	for _, t := range keyTypes() {
		s.Kinds = append(s.Kinds, t.kind)
	}
	return s
}

// Depth implements [probe.Shallow].
func (prover) Depth() int { return 0 }

// Filter names the lengths of such objects. Their last words are mostly zeros, too
// common for an anchor.
func (prover) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	hi = min(hi, len(data)-7)
	for i := lo + int(-(base+int64(lo))&7); i < hi; i += 8 {
		switch binary.LittleEndian.Uint64(data[i:]) {
		case privkey.SizeEd25519, privkey.SizeX448, privkey.SizeEd448:
			if object(data, i-length) != nil {
				hit(i)
			}
		}
	}
}

// object returns the type of the object at data[i], or nil.
func object(data []byte, i int) *keyType {
	if i < 0 || i+objectLen > len(data) {
		return nil
	}
	for _, t := range keyTypes() {
		if string(data[i+length:i+objectLen]) != t.end() {
			continue
		}
		public := data[i+flagLen : i+flagLen+t.size]
		if data[i]&1 == 0 || !empty(data[i+flagLen+t.size:i+pointer]) || bytes.Count(public, public[:1]) > t.size/2 {
			return nil
		}
		if p := binary.LittleEndian.Uint64(data[i+pointer:]); p == 0 || p%8 != 0 {
			return nil
		}
		return &t
	}
	return nil
}

// empty reports whether p is zero.
func empty(p []byte) bool { return len(bytes.Trim(p, "\x00")) == 0 }

// Detect follows the pointer of the object whose length is at v.At.
func (d prover) Detect(v probe.View, emit func(probe.Match)) {
	start := v.At - length
	t := object(v.Data, start)
	if t == nil {
		return
	}
	at := binary.LittleEndian.Uint64(v.Data[start+pointer:])
	private := make([]byte, t.size)
	public := v.Data[start+flagLen : start+flagLen+t.size]
	if !d.memory(at, private) || !bytes.Equal(t.public(private), public) {
		clear(private)
		return
	}
	spki := t.spki(public)
	emit(probe.Match{
		Kind: t.kind, Encoding: probe.Raw, Confidence: probe.Confirmed,
		Range:    probe.Range{Start: start, End: start + objectLen},
		Redact:   []probe.Range{},
		Remote:   []probe.Block{{Addr: at, Len: t.size}},
		Identity: spki, SPKI: spki,
		Values: append([][]byte{private}, privkey.EdDerived(t.kind, private)...),
	})
}
