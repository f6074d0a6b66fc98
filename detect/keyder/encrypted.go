package keyder

import (
	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/keyder/plausible"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const likely = probe.Likely

// minEncrypted is the shortest encrypted key in octets: a PrivateKeyInfo with 32
// private octets takes 46, and a stream cipher adds nothing.
const minEncrypted = 40

// parseEncrypted reads an EncryptedPrivateKeyInfo (RFC 5958, section 3). Only
// password-based algorithms count: a DigestInfo and a SubjectPublicKeyInfo have
// the same beginning.
func parseEncrypted(s structure) (privkey.Key, bool) {
	alg, ok := open(s.data, &s.Cursor)
	if !ok || !alg.seq.Whole() {
		return privkey.Key{}, false
	}
	oid, ok := alg.Expect(der.OID)
	if !ok || !oid.Whole() || !encrypts(s.Bytes(oid)) {
		return privkey.Key{}, false
	}
	if alg.Peek() != 0 {
		if _, ok := alg.Next(); !ok || !alg.Done() {
			return privkey.Key{}, false
		}
	}
	octets, ok := s.Expect(der.OctetString)
	if !ok || octets.Len < minEncrypted {
		return privkey.Key{}, false
	}
	if !plausible.Random(s.Bytes(octets)) {
		return privkey.Key{}, false
	}
	text, values := plausible.Sealed(s.number(octets))
	confidence := probe.Likely
	if s.full() && !text.Cut {
		confidence = probe.Confirmed
	}
	k, ok := privkey.OpaqueKey(privkey.Encrypted, s.extent(octets.End), text, confidence)
	k.Values = values
	return k, ok
}
