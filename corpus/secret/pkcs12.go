package secret

import (
	"crypto"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/asn1"

	"software.sslmate.com/src/go-pkcs12"
)

// pkcs12 is a PFX with one shrouded key and its certificate: RFC 7292.
func (src *Source) pkcs12(enc *pkcs12.Encoder, key crypto.PrivateKey, cert []byte) marked {
	parsed, err := x509.ParseCertificate(cert)
	if err != nil {
		panic("internal error: " + err.Error())
	}
	pfx := mustBytes(enc.WithRand(src.keys).Encode(key, parsed, nil, password))
	m := marked{b: pfx}
	m.markShrouded(pfx, 0)
	return m
}

func (k okpKey) std() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(k.Seed) }

// leastShrouded is more than the longest salt, initial vector or digest, and
// less than the shortest encrypted key of ours.
const leastShrouded = 48

// markShrouded marks the encrypted octets of the key bag in the DER at base: the
// only long octet strings which are not DER themselves. Encrypted certificates
// have a context tag instead.
func (m *marked) markShrouded(der []byte, base int) {
	for len(der) > 0 {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(der, &v)
		if err != nil {
			return
		}
		inner := base + len(v.FullBytes) - len(v.Bytes)
		before := len(m.priv)
		if v.IsCompound || v.Tag == tagOctets && v.Class == asn1.ClassUniversal {
			m.markShrouded(v.Bytes, inner)
		}
		if !v.IsCompound && v.Tag == tagOctets && v.Class == asn1.ClassUniversal &&
			len(m.priv) == before && len(v.Bytes) >= leastShrouded && !wellFormed(v.Bytes) {
			m.mark(inner, inner+len(v.Bytes))
		}
		base += len(v.FullBytes)
		der = rest
	}
}

func wellFormed(der []byte) bool {
	var v asn1.RawValue
	rest, err := asn1.Unmarshal(der, &v)
	return err == nil && len(rest) == 0
}
