package openssh

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// kinds lists what a serialised key can be.
func kinds() []string {
	return []string{privkey.RSA, privkey.DSA, privkey.EC, privkey.Ed25519, privkey.Ed448, privkey.MLDSA, privkey.Other}
}

// blobs is the detector of whole blobs.
type blobs struct{}

// NewBlob returns the detector of openssh-key-v1 blobs.
func NewBlob() probe.Detector { return blobs{} }

// Spec implements [probe.Detector].
func (blobs) Spec() probe.Spec {
	return probe.Spec{
		ID:      "openssh-private-key",
		About:   "OpenSSH private keys in decoded form (openssh-key-v1), plain or encrypted",
		Kinds:   append(kinds(), privkey.Encrypted),
		Anchors: []string{magic},
		After:   len(magic) + 1<<12 + maxSection,
	}
}

// Detect implements [probe.Detector].
func (blobs) Detect(v probe.View, emit func(probe.Match)) {
	if k, ok := Parse(v.Data[v.At:]); ok {
		emit(k.Match(probe.OpenSSH, v.At))
	}
}

// sections is the detector of serialised keys without a blob around them.
type sections struct{}

// NewSection returns the detector of serialised private keys, as they lie in
// agent messages and decoded private sections.
func NewSection() probe.Detector { return sections{} }

// checks is the size of the two check integers before the first key of a section.
const checks = 8

// Spec implements [probe.Detector]. The anchors are the names of the types with
// as much of what follows as is constant, and with their length where that is not.
func (sections) Spec() probe.Spec {
	return probe.Spec{
		ID:    "openssh-private-section",
		About: "serialised SSH private keys, as in ssh-agent messages and decoded key files",
		Kinds: kinds(),
		Anchors: []string{
			// A modulus or the p of DSS has at least 64 bytes and at most 2049, the
			// exponent of a public key comes first and has three.
			"\x00\x00\x00\x07ssh-rsa\x00\x00",
			"\x00\x00\x00\x07ssh-dss\x00\x00",
			"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20",
			"\x00\x00\x00\x09ssh-ed448\x00\x00\x00\x39",
			"\x00\x00\x00\x13ecdsa-sha2-nistp256\x00\x00\x00\x08nistp256",
			"\x00\x00\x00\x13ecdsa-sha2-nistp384\x00\x00\x00\x08nistp384",
			"\x00\x00\x00\x13ecdsa-sha2-nistp521\x00\x00\x00\x08nistp521",
			"\x00\x00\x00\x1ask-ssh-ed25519@openssh.com\x00\x00",
			"\x00\x00\x00\x22sk-ecdsa-sha2-nistp256@openssh.com\x00\x00",
			"\x00\x00\x00\x1fssh-mldsa44-ed25519@openssh.com\x00\x00",
			"\x00\x00\x00\x1cssh-rsa-cert-v01@openssh.com\x00\x00",
			"\x00\x00\x00\x1cssh-dss-cert-v01@openssh.com\x00\x00",
			"\x00\x00\x00\x20ssh-ed25519-cert-v01@openssh.com\x00\x00",
			"\x00\x00\x00\x28ecdsa-sha2-nistp256-cert-v01@openssh.com\x00\x00",
			"\x00\x00\x00\x28ecdsa-sha2-nistp384-cert-v01@openssh.com\x00\x00",
			"\x00\x00\x00\x28ecdsa-sha2-nistp521-cert-v01@openssh.com\x00\x00",
			"\x00\x00\x00\x23sk-ssh-ed25519-cert-v01@openssh.com\x00\x00",
			"\x00\x00\x00\x2bsk-ecdsa-sha2-nistp256-cert-v01@openssh.com\x00\x00",
			"\x00\x00\x00\x28ssh-mldsa44-ed25519-cert-v01@openssh.com\x00\x00",
		},
		Before: checks,
		After:  maxSection / 2,
	}
}

// Detect implements [probe.Detector].
func (sections) Detect(v probe.View, emit func(probe.Match)) {
	s, ok := parseSerial(v.Data, v.At)
	if !ok {
		return
	}
	framed := v.At >= checks && checked(v.Data[v.At-checks:])
	if k, ok := s.key(framed); ok {
		emit(k.Match(probe.OpenSSH, 0))
	}
}

// checked reports whether two equal random integers stand at p[0].
func checked(p []byte) bool {
	a, b := binary.BigEndian.Uint32(p), binary.BigEndian.Uint32(p[4:])
	const small = 1 << 16 // counts and flags are smaller, random numbers hardly ever
	return a == b && a >= small && a <= 1<<32-small
}
