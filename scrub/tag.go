package scrub

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// tagger names secrets. Without a key a tag is the secret's ordinal in its dump;
// with one it is an HMAC of the secret, so that equal secrets have equal tags in
// all dumps that were scrubbed under that key, and nobody without the key can
// confirm a guess.
type tagger struct{ key []byte }

// tagLen is the length of a keyed tag in bytes before hexadecimal: 64 bits tell
// four billion secrets apart with a chance of one in two.
const tagLen = 8

// tag returns what names a secret of this identity, or nothing without a key.
func (t tagger) tag(identity []byte) (tag [tagLen]byte) {
	if t.key == nil {
		return tag
	}
	m := hmac.New(sha256.New, t.key)
	m.Write([]byte("dumpscrub secret tag v1\x00"))
	m.Write(identity)
	copy(tag[:], m.Sum(nil))
	return tag
}

// append appends to dst the text that stands in place of secret k.
func (t tagger) append(dst []byte, res *Result, k int) []byte {
	s := res.Secrets.At(k)
	dst = append(dst, probe.TagOpen...)
	dst = append(dst, res.names.text(s.kind)...)
	dst = append(dst, '#')
	if t.key != nil {
		dst = hex.AppendEncode(dst, s.tag[:])
		return append(dst, ']')
	}
	dst = strconv.AppendInt(dst, int64(k+1), 10)
	return append(dst, ']')
}
