package putty

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"hash"

	"github.com/dumpscrub/dumpscrub/detect/base64text"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// macKey begins the data of which the hash is the MAC's key in version 2; the
// passphrase, empty here, follows ("PPK file format", section "Version 2").
const macKey = "putty-private-key-file-mac-key"

// macHolds reports whether the MAC of a plain file, written without a passphrase,
// is that of its fields and of the private blob.
func (f *file) macHolds(t probe.Text, blob []byte) bool {
	if f.comment == nil || f.headless || f.encryption != plain {
		return false
	}
	var h hash.Hash
	switch f.version {
	case '2':
		key := sha1.Sum([]byte(macKey))
		h = hmac.New(sha1.New, key[:])
	case '3':
		h = hmac.New(sha256.New, nil)
	default:
		return false
	}
	if f.mac.N != 2*h.Size() {
		return false
	}
	for _, s := range [...][]byte{[]byte(f.algorithm), []byte(f.encryption), f.comment, f.public, blob} {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(s)))
		h.Write(n[:])
		h.Write(s)
	}
	for i, b := range h.Sum(nil) {
		hi, lo := base64text.HexDigit(t.At(f.mac.Start+2*i)), base64text.HexDigit(t.At(f.mac.Start+2*i+1))
		if byte(hi<<4|lo) != b {
			return false
		}
	}
	return true
}
