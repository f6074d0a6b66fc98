package privkey

import (
	"crypto/sha3"

	"github.com/cloudflare/circl/kem"
	"github.com/cloudflare/circl/kem/mlkem/mlkem1024"
	"github.com/cloudflare/circl/kem/mlkem/mlkem512"
	"github.com/cloudflare/circl/kem/mlkem/mlkem768"
	"github.com/cloudflare/circl/sign"
	"github.com/cloudflare/circl/sign/mldsa/mldsa44"
	"github.com/cloudflare/circl/sign/mldsa/mldsa65"
	"github.com/cloudflare/circl/sign/mldsa/mldsa87"
)

// ParameterSet names a post-quantum parameter set by the content octets of its
// object identifier.
type ParameterSet string

// The parameter sets. Sources: RFC 9935, section 3 (ML-KEM); RFC 9881, section 2
// (ML-DSA); RFC 9909, section 3 (SLH-DSA, see [ParameterSet.slhdsa]).
const (
	nistKEMs       = "\x60\x86\x48\x01\x65\x03\x04\x04"
	nistSignatures = "\x60\x86\x48\x01\x65\x03\x04\x03"

	MLKEM512  ParameterSet = nistKEMs + "\x01"
	MLKEM768  ParameterSet = nistKEMs + "\x02"
	MLKEM1024 ParameterSet = nistKEMs + "\x03"
	MLDSA44   ParameterSet = nistSignatures + "\x11"
	MLDSA65   ParameterSet = nistSignatures + "\x12"
	MLDSA87   ParameterSet = nistSignatures + "\x13"
)

// Kind returns the kind of key of the set, or an empty string for an unknown set.
func (s ParameterSet) Kind() string {
	switch {
	case s.kem() != nil:
		return MLKEM
	case s.signature() != nil:
		return MLDSA
	case s.slhdsa() > 0:
		return SLHDSA
	}
	return ""
}

// ParameterSetByName returns the set of a name as FIPS 203 and 204 and JWK write
// it: "ML-KEM-768", "ML-DSA-65".
func ParameterSetByName(name string) (ParameterSet, bool) {
	switch name {
	case "ML-KEM-512":
		return MLKEM512, true
	case "ML-KEM-768":
		return MLKEM768, true
	case "ML-KEM-1024":
		return MLKEM1024, true
	case "ML-DSA-44":
		return MLDSA44, true
	case "ML-DSA-65":
		return MLDSA65, true
	case "ML-DSA-87":
		return MLDSA87, true
	}
	return "", false
}

func (s ParameterSet) kem() kem.Scheme {
	switch s {
	case MLKEM512:
		return mlkem512.Scheme()
	case MLKEM768:
		return mlkem768.Scheme()
	case MLKEM1024:
		return mlkem1024.Scheme()
	}
	return nil
}

func (s ParameterSet) signature() sign.Scheme {
	switch s {
	case MLDSA44:
		return mldsa44.Scheme()
	case MLDSA65:
		return mldsa65.Scheme()
	case MLDSA87:
		return mldsa87.Scheme()
	}
	return nil
}

// slhdsa returns n, the security parameter in octets of an SLH-DSA set, or zero.
// Twelve sets have the last arcs 20 to 31, their pre-hash forms 35 to 46, each
// as SHA2 and SHAKE, 128, 192 and 256 bits, small and fast.
func (s ParameterSet) slhdsa() int {
	const last = len(nistSignatures)
	if len(s) != last+1 || s[:last] != nistSignatures {
		return 0
	}
	arc := int(s[last])
	switch {
	case arc >= 20 && arc <= 31:
		arc -= 20
	case arc >= 35 && arc <= 46:
		arc -= 35
	default:
		return 0
	}
	return 16 + 8*(arc%6/2)
}

// SeedSize and ExpandedSize return the lengths in octets of the two forms of a
// private key (FIPS 203, section 7.1; FIPS 204, section 4), zero for an unknown
// set. SLH-DSA has the expanded form only (FIPS 205, section 9.1).
func (s ParameterSet) SeedSize() int {
	if k := s.kem(); k != nil {
		return k.SeedSize()
	}
	if k := s.signature(); k != nil {
		return k.SeedSize()
	}
	return 0
}

// ExpandedSize is described at [ParameterSet.SeedSize].
func (s ParameterSet) ExpandedSize() int {
	if k := s.kem(); k != nil {
		return k.PrivateKeySize()
	}
	if k := s.signature(); k != nil {
		return k.PrivateKeySize()
	}
	return 4 * s.slhdsa()
}

// FromSeed returns the public and the expanded private key of a seed.
func (s ParameterSet) FromSeed(seed []byte) (public, expanded []byte, ok bool) {
	if len(seed) == 0 || len(seed) != s.SeedSize() {
		return nil, nil, false
	}
	if k := s.kem(); k != nil {
		pub, priv := k.DeriveKeyPair(seed)
		p, err1 := pub.MarshalBinary()
		x, err2 := priv.MarshalBinary()
		return p, x, err1 == nil && err2 == nil
	}
	pub, priv := s.signature().DeriveKey(seed)
	p, err1 := pub.MarshalBinary()
	x, err2 := priv.MarshalBinary()
	return p, x, err1 == nil && err2 == nil
}

// FromExpanded returns the public key that belongs to an expanded private key,
// and whether the digest in the latter and its other parts confirm it. SLH-DSA has no
// digest.
func (s ParameterSet) FromExpanded(expanded []byte) (public []byte, proven bool) {
	if len(expanded) == 0 || len(expanded) != s.ExpandedSize() {
		return nil, false
	}
	if k := s.kem(); k != nil {
		// FIPS 203, algorithm 16: dk = dkPKE || ek || H(ek) || z.
		h := len(expanded) - 64
		public = expanded[h-k.PublicKeySize() : h]
		sum := sha3.Sum256(public)
		return public, string(sum[:]) == string(expanded[h:h+32]) && decapsulates(k, expanded, public)
	}
	if k := s.signature(); k != nil {
		priv, err := k.UnmarshalBinaryPrivateKey(expanded)
		if err != nil {
			return nil, false
		}
		pub, isPublic := priv.Public().(sign.PublicKey)
		if !isPublic {
			return nil, false
		}
		if public, err = pub.MarshalBinary(); err != nil {
			return nil, false
		}
		// FIPS 204, algorithm 24: sk = rho || K || tr || ..., tr = H(pk, 64).
		p, known := s.mldsa()
		return public, known && string(sha3.SumSHAKE256(public, 64)) == string(expanded[64:128]) && p.lowHalf(expanded)
	}
	// FIPS 205, section 9.1: SK.seed || SK.prf || PK.seed || PK.root.
	return expanded[len(expanded)/2:], false
}

// span is a piece of a private key, in octets from its beginning.
type span struct{ start, end int }

// secret returns which octets of an expanded key are private.
func (s ParameterSet) secret() []span {
	n := s.ExpandedSize()
	if k := s.kem(); k != nil {
		return []span{{0, n - 64 - k.PublicKeySize()}, {n - 32, n}}
	}
	if s.signature() != nil {
		return []span{{32, 64}, {128, n}} // all but rho and tr
	}
	return []span{{0, n / 2}}
}
