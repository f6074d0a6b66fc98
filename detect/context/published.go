package context

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// published reports whether p is one of the examples in the standards themselves,
// which documentation copies. They are no secrets, but who uses one as a secret shall
// find it under strict.
func published(p []byte) bool {
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
	return vector(p)
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

// doctest reports whether the character at i stands in an example of a session with
// Python, which documentation strings have and tests run: a line before it begins with
// blanks and the prompt.
func doctest(t probe.Text, i int) bool {
	const prompt, far = ">>> ", 256
	for k := i - 1; k > i-far && (isPrint(t.At(k)) || t.At(k) == '\n' || t.At(k) == '\t' || t.At(k) == '\r'); k-- {
		if t.At(k) != prompt[0] || !t.Has(k, prompt) {
			continue
		}
		j := k
		for isBlank(t.At(j - 1)) {
			j--
		}
		// It begins a line, or a string where programs keep lines apart.
		if before := t.At(j - 1); (before == '\n' || before == 0) && (k-j >= 4 || j < k && t.At(j) == '\t') {
			return true
		}
	}
	return false
}
