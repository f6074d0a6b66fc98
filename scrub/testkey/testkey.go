// Package testkey knows private keys that are published in the source of
// cryptographic libraries and embedded in their binaries, for self-tests and
// benchmarks. They protect nothing, so a bare digest of them tells nothing.
//
// A key is known by its value alone, never by where it lies: a key in a mapped
// file may be one that a server reads from disk, and headers can lie.
package testkey

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"strings"
)

// published has a line for each key that the source of a library's tests holds in full: the SHA-256 of
// its SubjectPublicKeyInfo.
//
//go:embed published.txt
var published string

// Known reports whether the secret with this identity (the DER
// SubjectPublicKeyInfo of a key pair, else the private value itself; see
// probe.Match) is a published test key.
func Known(identity []byte) bool {
	return asymmetric(identity) || symmetric(identity)
}

// asymmetric knows keys by their digests, which were taken from the libraries'
// binaries as Debian 12 ships them, and from the source of their tests.
func asymmetric(identity []byte) bool {
	sum := sha256.Sum256(identity)
	digest := hex.EncodeToString(sum[:])
	switch digest {
	// openssl 3.0, apps/testrsa.h: the keys of `openssl speed`, 512 to 15360 bits.
	case "7055066ee3969c25d66c1b891c252e83db653ae6834cd60e49250a4af73a97fe",
		"0ea7caf9dd07fd79fe22ceb5efbbd7d4445d231e92ee1bf3b2a022eaffb00495",
		"a6fdc2c6d07aa877e3ac360c2ce5efb69ab7dce2fd8df3c1bce0564b17114bc2",
		"01e67e56244b43b668e2b9a697daaafcfb501fa78de2fcc4aa32bdae6dd94af6",
		"adadc3246bb4830551c6da143d7462727967bda53059ae6f152323b0aba69595",
		"d2d8c7d1de1e118e810c15eb7f8d9560a433e15cd55eac52aade81d6669cf133",
		"cebf59a465ccd9c42a7f7f6a789cc741d43cacbc502587ed1c5f0f4e445f1c39":
		return true
	// libgcrypt 1.10, cipher/dsa.c, rsa.c and ecc.c: the keys of the self-tests, and
	// that of ChaCha20 in cipher/chacha20.c.
	case "8980acb6687303451269fd221433fbae2c7bf169b0f2cdc44d48bedb2a824d88",
		"354e92fb237955d1594d2abc296e0bffda2084dffc63cd0568d05a6418899c27",
		"5a7a78cca4a0f420d9bc62bb669c3c2759e39f723d3ae10dcbe0f0815a07ecd4",
		"0a1b1e2eb32642173c9b92e1947c40a1a7c4a9d64b25cfd7b25e18c6d9a99246":
		return true
	// GnuTLS 3.7, lib/crypto-selftests-pk.c: three keys of GOST curves, of which no
	// public half is computed here, then EC, DSA and RSA ones.
	case "bae2b9643e0cea00be93cb55e97ad22692c8cd487056728aa89f96a85cd8d3fe",
		"7b889a88d7172e17b1a787cb053847bd8d845f992bb49c9f6f009e61ef31eb55",
		"233e44d393206050b105a58e361140ed3c5e94fccb44a992237c16f135821c97",
		"215fde895c12883e29036f5bd38c22467657f3cabbc77d7e9e328ab5f4ae39f2",
		"6e1900f654edb2e599930c8a287c7263ea170f010826630893227e7cec221586",
		"965237ca6ba836733f2b6436d66516dc01ef2d58825d3b4aa6b9061a76c7a9ce",
		"c305f632b9f12913e548002d5e48435fccfb7a54f4e6f2255c055d9b99794b69",
		"5bd7bad40971be901e68d9b97405c3a3e996adbede885869b270185ad499108e",
		"dd0701715ac41b7b96a2c8fe7a762b0ee05215f4f21c44d9458f1d2e2d57427d",
		"5a9214aa789ffe021992636dd17ca313f340948e604d4122735160f3d46688a0":
		return true
	}
	return strings.Contains(published, "\n"+digest+"\n")
}

// symmetric knows the keys of the standards' examples. They are test data by
// definition.
func symmetric(identity []byte) bool {
	if ramp(identity) {
		return true
	}
	switch hex.EncodeToString(identity) {
	// FIPS 197, appendix A: the examples of key expansion.
	case "2b7e151628aed2a6abf7158809cf4f3c",
		"8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
		"603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4":
		return true
	// openssl 3.0, apps/speed.c: key16, key24 and key32.
	case "123456789abcdef03456789abcdef012",
		"123456789abcdef03456789abcdef01256789abcdef01234",
		"123456789abcdef03456789abcdef01256789abcdef01234789abcdef0123456":
		return true
	}
	return false
}

// ramp reports whether p is 00 01 02 … of the length of an AES key: FIPS 197,
// appendix C.
func ramp(p []byte) bool {
	for i, b := range p {
		if int(b) != i {
			return false
		}
	}
	return len(p) == 16 || len(p) == 24 || len(p) == 32
}
