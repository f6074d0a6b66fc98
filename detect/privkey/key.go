package privkey

import "github.com/dumpscrub/dumpscrub/detect/probe"

// The kinds of key, as reports name them.
const (
	RSA       = "rsa-private-key"
	EC        = "ec-private-key"
	Ed25519   = "ed25519-private-key"
	X25519    = "x25519-private-key"
	Ed448     = "ed448-private-key"
	X448      = "x448-private-key"
	DSA       = "dsa-private-key"
	DH        = "dh-private-key"
	MLDSA     = "ml-dsa-private-key"
	MLKEM     = "ml-kem-private-key"
	SLHDSA    = "slh-dsa-private-key"
	Other     = "private-key"           // a private key of an algorithm not listed here
	Encrypted = "encrypted-private-key" // a private key under a password or another key
	PGP       = "pgp-secret-key"
	Symmetric = "symmetric-key"
)

// Key is a private key as it lies in the bytes that a parser was given. All its
// slices may alias those bytes; all but SPKI are secret.
type Key struct {
	Kind        string
	Confidence  probe.Confidence
	probe.Range               // the whole structure
	Private     []probe.Range // its private parts, ascending
	Loose       int           // see probe.Match
	SPKI        []byte        // public half, nil when unknown
	Identity    []byte        // see probe.Match; never empty
	Values      [][]byte      // see probe.Match
}

// Add makes the private parts and the values of o, which lies behind them, k's too. A k without any becomes o.
func (k *Key) Add(o Key) {
	if k.Private == nil {
		*k = o
		return
	}
	k.Private = append(k.Private, o.Private...)
	k.Values = append(k.Values, o.Values...)
}

// Match returns k as a match at offset off of a view, in the given encoding.
func (k Key) Match(encoding string, off int) probe.Match {
	m := probe.Match{
		Kind: k.Kind, Encoding: encoding, Confidence: k.Confidence,
		Range: probe.Range{Start: k.Start + off, End: k.End + off},
		Loose: k.Loose, Identity: k.Identity, SPKI: k.SPKI, Values: k.Values,
	}
	for _, r := range k.Private {
		m.Redact = append(m.Redact, probe.Range{Start: r.Start + off, End: r.End + off})
	}
	return m
}
