package tlssecret

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
)

const (
	size256, size384 = sha256.Size, sha512.Size384 // of secrets, in bytes

	// shortKey and longKey are the key lengths of the cipher suites: AES-128, and
	// AES-256 or ChaCha20 (RFC 8446, appendix B.4).
	shortKey, longKey = 16, 32
	// ivLen is the length of every suite's nonce (RFC 8446, section 5.3).
	ivLen = 12
	// maxInfo bounds what is hashed under a secret: the longest is a digest with the
	// label and the seed of the PRF.
	maxInfo = 128
)

// protocol is the labels of one protocol, prefixes included.
type protocol struct {
	key, iv string
	next    string // the secret of the next key phase
	done    string // the key of Finished messages, none in QUIC
	mask    string // the key that hides packet or record numbers, none in TLS
}

// protocols returns all of them: RFC 8446, section 7.3; RFC 9001, section 5.1;
// RFC 9369, section 3.3.2; RFC 9147, sections 4.2.3 and 5.9.
func protocols() [4]protocol {
	return [...]protocol{
		{key: "tls13 key", iv: "tls13 iv", next: "tls13 traffic upd", done: "tls13 finished"},
		{key: "tls13 quic key", iv: "tls13 quic iv", next: "tls13 quic ku", mask: "tls13 quic hp"},
		{key: "tls13 quicv2 key", iv: "tls13 quicv2 iv", next: "tls13 quicv2 ku", mask: "tls13 quicv2 hp"},
		{key: "dtls13key", iv: "dtls13iv", next: "dtls13traffic upd", done: "dtls13finished", mask: "dtls13sn"},
	}
}

// info is what HKDF-Expand hashes behind the pad for the first block of its output:
// an HkdfLabel with an empty context (RFC 8446, section 7.1), and the counter 1
// (RFC 5869, section 2.3).
func info(label string, n int) []byte {
	b := binary.BigEndian.AppendUint16(make([]byte, 0, maxInfo), uint16(n))
	b = append(b, byte(len(label)))
	b = append(b, label...)
	return append(b, 0, 1)
}

// schedule derives keys from one secret. It allocates nothing: each window of a
// dump passes through it.
type schedule struct {
	size       int // of the secret
	in256      [sha256.BlockSize + maxInfo]byte
	out256     [sha256.BlockSize + size256]byte
	in384      [sha512.BlockSize + maxInfo]byte
	out384     [sha512.BlockSize + size384]byte
	key256     [sha256.Size]byte
	key384     [size384]byte
	inner, out []byte // the pads in use
}

// The pads of HMAC (RFC 2104, section 2).
const ipad, opad = 0x36, 0x5c

// set takes the secret, of size256 or size384 bytes.
func (s *schedule) set(secret []byte) { s.setFor(secret, len(secret)) }

// setFor takes a secret for the hash whose digests have so many bytes.
func (s *schedule) setFor(secret []byte, size int) {
	s.size = size
	block := sha256.BlockSize
	s.inner, s.out = s.in256[:], s.out256[:]
	if s.size == size384 {
		block = sha512.BlockSize
		s.inner, s.out = s.in384[:], s.out384[:]
	}
	for i, b := range secret {
		s.inner[i], s.out[i] = b^ipad, b^opad
	}
	for i := len(secret); i < block; i++ {
		s.inner[i], s.out[i] = ipad, opad
	}
}

// expand returns the first n bytes of HKDF-Expand of the secret, n at most the
// digest's size: HMAC of info. They are valid until the next call.
func (s *schedule) expand(info []byte, n int) []byte {
	if s.size == size384 {
		k := sha512.BlockSize + copy(s.inner[sha512.BlockSize:], info)
		h := sha512.Sum384(s.inner[:k])
		copy(s.out[sha512.BlockSize:], h[:])
		s.key384 = sha512.Sum384(s.out)
		return s.key384[:n]
	}
	k := sha256.BlockSize + copy(s.inner[sha256.BlockSize:], info)
	h := sha256.Sum256(s.inner[:k])
	copy(s.out[sha256.BlockSize:], h[:])
	s.key256 = sha256.Sum256(s.out)
	return s.key256[:n]
}

// wipe forgets the secret.
func (s *schedule) wipe() { *s = schedule{} }
