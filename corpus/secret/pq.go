package secret

import (
	"github.com/cloudflare/circl/kem"
	"github.com/cloudflare/circl/kem/mlkem/mlkem1024"
	"github.com/cloudflare/circl/kem/mlkem/mlkem512"
	"github.com/cloudflare/circl/kem/mlkem/mlkem768"
	"github.com/cloudflare/circl/sign"
	"github.com/cloudflare/circl/sign/mldsa/mldsa44"
	"github.com/cloudflare/circl/sign/mldsa/mldsa65"
	"github.com/cloudflare/circl/sign/mldsa/mldsa87"
)

// pqKey is an ML-DSA or ML-KEM key: FIPS 204, FIPS 203.
type pqKey struct {
	name, kind     string
	oid            oid
	Seed, Expanded []byte
	secret         []Range // of Expanded
	Pub            []byte
}

// level returns the object identifier o with i added to its last arc.
func (o oid) level(i int) oid {
	next := append(oid(nil), o...)
	next[len(next)-1] += i
	return next
}

func (s *Source) mldsa(i int) pqKey {
	scheme := []sign.Scheme{mldsa44.Scheme(), mldsa65.Scheme(), mldsa87.Scheme()}[i]
	seed := s.Bytes(scheme.SeedSize())
	pub, priv := scheme.DeriveKey(seed)
	k := pqKey{name: scheme.Name(), kind: KindMLDSA, oid: oidMLDSA.level(i), Seed: seed}
	k.Pub, k.Expanded = mustBytes(pub.MarshalBinary()), mustBytes(priv.MarshalBinary())
	// skEncode: rho (32, public), K (32), tr (64, public), s1, s2, t0. FIPS 204, algorithm 24.
	k.secret = []Range{{32, 64}, {128, len(k.Expanded)}}
	return k
}

func (s *Source) mlkem(i int) pqKey {
	scheme := []kem.Scheme{mlkem512.Scheme(), mlkem768.Scheme(), mlkem1024.Scheme()}[i]
	seed := s.Bytes(scheme.SeedSize())
	pub, priv := scheme.DeriveKeyPair(seed)
	k := pqKey{name: scheme.Name(), kind: KindMLKEM, oid: oidMLKEM.level(i), Seed: seed}
	k.Pub, k.Expanded = mustBytes(pub.MarshalBinary()), mustBytes(priv.MarshalBinary())
	// dk: dk_PKE (384 bytes a dimension), ek, H(ek), z (32). FIPS 203, algorithm 16.
	n := len(k.Expanded)
	k.secret = []Range{{0, 384 * (i + 2)}, {n - 32, n}}
	return k
}

// pkcs8 is the CHOICE of RFC 9881, section 6 and RFC 9935, section 6.
func (k pqKey) pkcs8(choice string) node {
	expanded := octets(k.Expanded)
	expanded.priv = k.secret
	inner := map[string]node{
		"seed":     implicit(0, k.Seed).hidden(),
		"expanded": expanded,
		"both":     seq(hiddenOctets(k.Seed), expanded),
	}[choice]
	return pkcs8(seq(k.oid.node()), inner)
}

func (k pqKey) spki() node { return spki(seq(k.oid.node()), k.Pub) }

// values returns the seed, or of an expanded key its private parts.
func (k pqKey) values(choice string) [][]byte {
	if choice == "seed" {
		return [][]byte{k.Seed}
	}
	var v [][]byte
	for _, r := range k.secret {
		v = append(v, trim(k.Expanded[r.Start:r.End]))
	}
	if choice == "both" {
		v = append(v, k.Seed)
	}
	return v
}

// mustBytes is for encoders that only fail on keys of another scheme.
func mustBytes(p []byte, err error) []byte {
	if err != nil {
		panic("internal error: " + err.Error())
	}
	return p
}
