package sshshield

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha512"
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/openssh"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// keySize is the length of an AES-256 key; the counter follows it in the digest.
const keySize = 32

// checks is the size of the two check integers in front of the first key of a
// section (PROTOCOL.key), and check is one of them. A shielded key has none: they
// are put there to tell the parser that what follows is a private key.
const (
	checks = 8
	check  = 0x00c0ffee
)

// sample is how much of a block must look random before the rest is worth work.
const sample = 64

// open returns the check integers and the decrypted blob of h, or nil when that
// is no serialised key. The caller clears it.
func (p prover) open(h holder) []byte {
	buf := make([]byte, checks+h.blob.Len)
	blob := buf[checks:]
	if !p.memory(h.blob.Addr, blob) || privkey.Redacted(blob) || privkey.Junk(blob[:minBlob]) {
		return nil
	}
	var head [sample]byte
	if !p.memory(h.prekey.Addr, head[:]) || privkey.Redacted(head[:]) || privkey.Junk(head[:]) {
		return nil
	}
	prekey := make([]byte, prekeyLen)
	if !p.memory(h.prekey.Addr, prekey) || privkey.Redacted(prekey) {
		return nil
	}
	digest := sha512.Sum512(prekey)
	clear(prekey)
	defer clear(digest[:])
	c, err := aes.NewCipher(digest[:keySize])
	if err != nil {
		return nil // never: the length is right
	}
	stream := cipher.NewCTR(c, digest[keySize:keySize+aes.BlockSize])
	stream.XORKeyStream(blob[:block], blob[:block])
	if !named(blob[:block]) {
		return nil
	}
	stream.XORKeyStream(blob[block:], blob[block:])
	binary.BigEndian.PutUint32(buf, check)
	binary.BigEndian.PutUint32(buf[checks/2:], check)
	return buf
}

const (
	lenSize = 4 // of a string's length (RFC 4251, section 5)
	// The longest name is that of a certificate for a security key, 43 bytes; one
	// more than the double leaves room for those to come.
	minName, maxName = len("ssh-rsa"), 88
)

// named reports whether p, the first block of a serialised key, begins with the
// length and the letters of a type's name.
func named(p []byte) bool {
	n := binary.BigEndian.Uint32(p)
	if n < uint32(minName) || n > uint32(maxName) {
		return false
	}
	name := p[lenSize:]
	if int(n) < len(name) {
		name = name[:n]
	}
	for _, c := range name {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '@' && c != '.' {
			return false
		}
	}
	return true
}

// judge emits the key in buf, which open returned. The ranges of the match count
// for nothing: they lie in plain text that is not in the dump.
func judge(buf []byte, emit func(probe.Match)) {
	done := false
	openssh.NewSection().Detect(probe.View{Data: buf, At: checks}, func(m probe.Match) {
		done = true
		if padded(buf[m.End:]) {
			m.Confidence = probe.Confirmed
		}
		emit(m)
	})
	if done {
		return
	}
	// A type that is not known here: its name and the padding vouch for it.
	plain := buf[checks:]
	emit(probe.Match{Kind: privkey.Other, Confidence: probe.Likely, Identity: plain})
}

// padded reports whether p counts 1, 2, 3, … up to the end of a block.
func padded(p []byte) bool {
	for i, c := range p {
		if int(c) != i+1 {
			return false
		}
	}
	return len(p) < block
}
