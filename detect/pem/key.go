package pem

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/detect/keyder"
	"github.com/dumpscrub/dumpscrub/detect/openssh"
	"github.com/dumpscrub/dumpscrub/detect/pgp"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// key returns what the decoded body says of the key, or else what its label says. Its ranges mean nothing
// here. hunt is false where nothing of the body is known to be private.
func (c *candidate) key(decoded []byte) (k privkey.Key, hunt bool) {
	k = privkey.Key{Kind: kindOf(c.label), Confidence: probe.Likely, Identity: decoded}
	if c.headers.encrypted {
		k.Kind = privkey.Encrypted
		return k, true
	}
	parsed, ok := parse(decoded, k.Kind)
	if ok = ok && len(parsed.Identity) > 0; ok {
		k = parsed
	}
	if len(k.Values) > 0 {
		return k, true
	}
	if head, known := publicHead(decoded, k.Kind); known {
		k.Private = []probe.Range{{Start: head, End: len(decoded)}}
	} else if !ok {
		return k, true
	}
	k.Values = privateOctets(k, decoded)
	return k, len(k.Values) > 0
}

// publicHead returns how many octets of the decoded body, which is cut off or damaged, stand in public keys too.
func publicHead(decoded []byte, kind string) (int, bool) {
	switch {
	case bytes.HasPrefix(decoded, []byte(opensshMagic)):
		return openssh.PublicHead(decoded)
	case kind == privkey.PGP:
		return pgp.PublicHead(decoded)
	}
	return keyder.PublicHead(decoded)
}

// parse reads a decoded body. The label has little say in it: RFC 7468, section
// 10, wants one label for all algorithms, and programs use the wrong ones.
func parse(decoded []byte, kind string) (privkey.Key, bool) {
	switch {
	case bytes.HasPrefix(decoded, []byte(opensshMagic)):
		return openssh.Parse(decoded)
	case bytes.HasPrefix(decoded, []byte(ssh2Magic)):
		return parseSSH2(decoded)
	case kind == privkey.PGP:
		return pgp.ParsePackets(decoded)
	}
	return keyder.Parse(decoded)
}

// privateOctets returns the private octets of a key whose numbers are cut off, so
// that these are hunted for and not the text of the body, which holds the public
// half as well.
func privateOctets(k privkey.Key, decoded []byte) [][]byte {
	const least = 16 // fewer occur by chance
	var values [][]byte
	for _, r := range k.Private {
		if r.Start >= 0 && r.End <= len(decoded) && r.Len() >= least {
			values = append(values, decoded[r.Start:r.End])
		}
	}
	return values
}
