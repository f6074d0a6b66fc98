package storepass

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// Kind is what the provers find.
const Kind = "password"

const (
	// protector is the algorithm of an EncryptedPrivateKeyInfo of JKS, 1.3.6.1.4.1.42.2.17.1.1. The JDK
	// writes it without parameters, others with null ones.
	protector  = "\x06\x0a\x2b\x06\x01\x04\x01\x2a\x02\x11\x01\x01"
	parameters = "\x05\x00"
	hashLen    = 20 // SHA-1, the salt, and the check behind the key, in bytes
	// leastKey and mostKey bound a PrivateKeyInfo in bytes: of Ed25519 46, of RSA with 16384 bits 9.3 KiB.
	leastKey, mostKey = 40, 16 << 10
)

// keys is the harvester.
type keys struct{}

// Keys returns the harvester of encrypted keys.
func Keys() []probe.Detector { return []probe.Detector{keys{}} }

// Spec implements [probe.Detector].
func (keys) Spec() probe.Spec {
	return probe.Spec{
		ID: "jks-encrypted-key", About: "private keys of JKS stores, which tell their password",
		Kinds: []string{Kind}, Anchors: []string{protector}, After: len(protector) + len(parameters) + der.MaxHeader + 2*hashLen,
	}
}

// Detect emits the encrypted key of which the algorithm stands at v.At.
func (keys) Detect(v probe.View, emit func(probe.Match)) {
	at := v.At + len(protector)
	if bytes.HasPrefix(v.Data[at:], []byte(parameters)) {
		at += len(parameters)
	}
	c := der.At(v.Data, at)
	octets, ok := c.Expect(der.OctetString)
	if !ok {
		return
	}
	s := probe.Sealed{Len: octets.Len - 2*hashLen}
	head := octets.Start + hashLen
	if s.Len < leastKey || s.Len > mostKey || head+hashLen > len(v.Data) {
		return
	}
	copy(s.Salt[:], v.Data[octets.Start:head])
	copy(s.Head[:], v.Data[head:])
	emit(probe.Match{
		Kind: Kind, Encoding: probe.Raw, Confidence: probe.Confirmed, Public: true, Sealed: &s,
		Range: probe.Range{Start: v.At, End: head + hashLen}, Identity: s.Salt[:],
	})
}
