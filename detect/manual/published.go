package manual

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"strings"
)

// Published reports whether p is one of the examples in the standards themselves,
// which documentation copies, or of the manuals of programs. They are no secrets, but who
// uses one as a secret shall find it under strict.
func Published(p []byte) bool {
	switch string(p) {
	// RFC 6749, 6750, 7009, 7617 and OpenID Connect Core 1.0.
	case "2YotnFZFEjr1zCsicMWpAA", "tGzv3JOkF0XG5Qx2TlKWIA", "SplxlOBeZQQYbYS6WxSbIA", "SlAV32hkKG", "8xLOxBtZp8",
		"mF_9.B5f-4.1JqM", "gX1fBat3bV", "7Fjfp0ZBr1KtDRbnfVdmIw", "open sesame", "ad180jjd733klru7", "kd94hf93k423kf44",
		"45ghiukldjahdnhzdauz",
		// The documentation strings of oauthlib 3.2, which many programs in Python hold.
		"lsdkfol23w54jlksdef", "qwe089234lkjsdf", "u3F05aEObJuP2k7DordviIgW5wl52N", "KB46DCKJ873NCGXK5GD682NHDKK34GR",
		// The help of kubectl config set-credentials, which programs of Kubernetes hold.
		"uXFGweU9l35qcif":
		return true
	}
	return vector(p) || printed(p)
}

// vector reports whether p is a private number of the test vectors that libraries of
// elliptic curves come with, in hexadecimal: RFC 7748, section 6.1, and the first vectors
// of NIST's CAVS 14.1 for ECC CDH with P-256, P-384 and P-521.
func vector(p []byte) bool {
	const part = 64 // what of a value is graded may be cut behind it
	if len(p) < part {
		return false
	}
	low := bytes.ToLower(p[:part])
	defer clear(low)
	sum := sha256.Sum256(low)
	switch hex.EncodeToString(sum[:8]) {
	case "f55682946ad45bd3", "07a40799806bde89", "b2d482840c4ec203", "41617fc7415e25f0", "919aaf8a28140ec7",
		"7b6081975568774c", "953015ac6525c867", "a146c414a8264294", "586faa49e9b56b79":
		return true
	}
	return false
}

// examples has a line for each hash and encrypted token that the documentation of a program prints: the
// first eight octets of the SHA-256 of its first 64 characters.
//
//go:embed examples.txt
var examples string

// printed reports whether p is such an example.
func printed(p []byte) bool {
	const least, part = 20, 64
	if len(p) < least {
		return false
	}
	sum := sha256.Sum256(p[:min(len(p), part)])
	return strings.Contains(examples, "\n"+hex.EncodeToString(sum[:8])+"\n")
}
