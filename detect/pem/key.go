package pem

import (
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// key returns what the decoded body says of the key, or else what its label says.
func (c *candidate) key(decoded []byte) privkey.Key {
	kind := kindOf(c.label)
	if c.headers.encrypted {
		kind = privkey.Encrypted
	}
	return privkey.Key{Kind: kind, Confidence: probe.Likely, Identity: decoded}
}
