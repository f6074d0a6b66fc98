package privkey

import (
	"crypto/ecdh"
	"crypto/ed25519"

	"github.com/cloudflare/circl/dh/x448"
	"github.com/cloudflare/circl/sign/ed448"
)

// The lengths in octets of private keys, which are those of the public ones too
// (RFC 7748, section 6; RFC 8032, sections 5.1.5 and 5.2.5).
const (
	SizeEd25519 = 32
	SizeX25519  = 32
	SizeEd448   = 57
	SizeX448    = 56
)

// Ed25519Public returns the public key of a seed of 32 octets (RFC 8032, section
// 5.1.5), or nil for another length.
func Ed25519Public(seed []byte) []byte {
	if len(seed) != SizeEd25519 {
		return nil
	}
	return ed25519.NewKeyFromSeed(seed)[SizeEd25519:]
}

// X25519Public returns the public key of 32 private octets (RFC 7748, section
// 6.1), or nil for another length.
func X25519Public(private []byte) []byte {
	k, err := ecdh.X25519().NewPrivateKey(private)
	if err != nil {
		return nil
	}
	return k.PublicKey().Bytes()
}

// Ed448Public returns the public key of a seed of 57 octets (RFC 8032, section
// 5.2.5), or nil for another length.
func Ed448Public(seed []byte) []byte {
	if len(seed) != SizeEd448 {
		return nil
	}
	return ed448.NewKeyFromSeed(seed)[SizeEd448:]
}

// X448Public returns the public key of 56 private octets (RFC 7748, section 6.2),
// or nil for another length.
func X448Public(private []byte) []byte {
	if len(private) != SizeX448 {
		return nil
	}
	var public, secret x448.Key
	copy(secret[:], private)
	x448.KeyGen(&public, &secret)
	return public[:]
}
