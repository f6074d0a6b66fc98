package wrapped

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// encryptionKeys is the detector of EncryptionKey values.
type encryptionKeys struct{}

// NewEncryptionKey returns the detector of Kerberos keys in DER.
func NewEncryptionKey() probe.Detector { return encryptionKeys{} }

// The DER of EncryptionKey (RFC 4120, section 5.2.9), SEQUENCE { keytype [0]
// INTEGER, keyvalue [1] OCTET STRING }, with lengths of one octet.
const (
	keyTypeAt  = 6             // of the enctype's one octet
	keyValueAt = keyTypeAt + 5 // behind two more headers
	maxKeySize = 32            // of the enctypes that there are
	afterType  = "\xa0\x03\x02\x01"
)

// Spec implements [probe.Detector]. A checksum (section 5.2.9 too) of the types 17
// and 19 and as long as a key has the same form: it is redacted with them.
func (encryptionKeys) Spec() probe.Spec {
	return probe.Spec{
		ID:      "kerberos-encryption-key",
		About:   "Kerberos keys in DER, as in tickets and replies that were decrypted",
		Kinds:   []string{KerberosKey},
		Anchors: []string{"\x30\x11" + afterType, "\x30\x19" + afterType, "\x30\x21" + afterType, "\x30\x29" + afterType},
		After:   keyValueAt + maxKeySize,
	}
}

// Detect implements [probe.Detector].
func (encryptionKeys) Detect(v probe.View, emit func(probe.Match)) {
	p := v.Data[v.At:]
	if len(p) < keyValueAt+minPrivate {
		return
	}
	n := keySize(int(p[keyTypeAt]))
	if n == 0 || int(p[1]) != keyValueAt-2+n || p[7] != 0xa1 || int(p[8]) != n+2 || p[9] != 0x04 || int(p[10]) != n {
		return
	}
	g := probe.Range{Start: v.At + keyValueAt, End: min(len(v.Data), v.At+keyValueAt+n)}
	key := v.Data[g.Start:g.End]
	if !random(key) {
		return
	}
	var s secrets
	s.add(key, g)
	if m, ok := s.match(KerberosKey, probe.DER, probe.Likely, probe.Range{Start: v.At, End: g.End}); ok {
		emit(m)
	}
}

// keyblocks is the prover of krb5_keyblock structures.
type keyblocks struct {
	memory func(addr uint64, p []byte) bool
}

// NewKeyblock returns the prover of the keys that MIT Kerberos's krb5_keyblock
// structures point to, nil when memory cannot be read by address.
func NewKeyblock(f probe.Facts) probe.Detector {
	if f.Memory == nil {
		return nil
	}
	return keyblocks{f.Memory}
}

// keyblockSize is the size in bytes of the structure with 64-bit pointers (krb5.h):
// magic, enctype and length of four bytes each, padding, pointer. With 32-bit
// pointers the pointer follows the length at once.
const keyblockSize = 24

// Spec implements [probe.Detector]. The anchors are KV5M_KEYBLOCK, -1760647421
// (krb5.h), in both byte orders.
func (keyblocks) Spec() probe.Spec {
	return probe.Spec{
		ID:      "kerberos-keyblock",
		About:   "Kerberos keys in the memory of MIT's libkrb5",
		Kinds:   []string{KerberosKey},
		Anchors: []string{"\x03\xa7\x0e\x97", "\x97\x0e\xa7\x03"},
		After:   keyblockSize,
	}
}

// Detect implements [probe.Detector].
func (k keyblocks) Detect(v probe.View, emit func(probe.Match)) {
	p := v.Data[v.At:]
	var order binary.ByteOrder = binary.LittleEndian
	if p[0] == 0x97 {
		order = binary.BigEndian
	}
	if len(p) < 16 {
		return
	}
	enctype, n := order.Uint32(p[4:]), order.Uint32(p[8:])
	if enctype > 26 || keySize(int(enctype)) == 0 || uint64(n) != uint64(keySize(int(enctype))) {
		return
	}
	key := make([]byte, n)
	defer clear(key)
	try := func(addr uint64, size int) bool {
		if !k.memory(addr, key) || !random(key) {
			return false
		}
		var s secrets
		s.add(key, probe.Range{})
		m, ok := s.match(KerberosKey, probe.Raw, probe.Confirmed, probe.Range{Start: v.At, End: v.At + size})
		m.Redact = []probe.Range{}
		m.Remote = []probe.Block{{Addr: addr, Len: len(key)}}
		if ok {
			emit(m)
		}
		return ok
	}
	if len(p) >= keyblockSize && try(order.Uint64(p[16:]), keyblockSize) {
		return
	}
	try(uint64(order.Uint32(p[12:])), 16)
}
