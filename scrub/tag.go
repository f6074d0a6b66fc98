package scrub

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// tagger names secrets. Without a key a tag is the secret's ordinal in its dump;
// with one it is an HMAC of the secret, so that equal secrets have equal tags in
// all dumps that were scrubbed under that key, and nobody without the key can
// confirm a guess.
type tagger struct {
	key  []byte
	tags map[sweep.ID]string
}

func newTagger(key []byte) *tagger {
	return &tagger{key: key, tags: make(map[sweep.ID]string)}
}

// tagLen is the length of a keyed tag in bytes before hexadecimal: 64 bits tell
// four billion secrets apart with a chance of one in two.
const tagLen = 8

func (t *tagger) see(id sweep.ID, identity []byte) {
	if t.key == nil || t.tags[id] != "" {
		return
	}
	m := hmac.New(sha256.New, t.key)
	m.Write([]byte("dumpscrub secret tag v1\x00"))
	m.Write(identity)
	t.tags[id] = hex.EncodeToString(m.Sum(nil)[:tagLen])
}

// tagRoom is a capacity in bytes that nearly every tag fits into.
const tagRoom = 128

// append appends to dst the text that stands in place of secret k.
func (t *tagger) append(dst []byte, res *Result, k int) []byte {
	dst = append(dst, probe.TagOpen...)
	dst = append(dst, res.kindOf(k)...)
	dst = append(dst, '#')
	if t != nil && t.key != nil {
		if name := t.tags[res.idOf(k)]; name != "" {
			dst = append(dst, name...)
			return append(dst, ']')
		}
	}
	dst = strconv.AppendInt(dst, int64(k+1), 10)
	return append(dst, ']')
}
