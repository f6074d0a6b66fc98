package validate

import (
	"bytes"
	"encoding/hex"
	"hash/crc32"
)

// base62 is the alphabet of GitHub's and npm's check sums; the first 36
// characters in lower case are those of GitLab's.
const (
	base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	base36 = "0123456789abcdefghijklmnopqrstuvwxyz"
)

// encode writes v to the base of the alphabet, most significant digit first,
// padded on the left to width; it returns nil when v needs more.
func encode(v uint32, alphabet string, width int) []byte {
	b := make([]byte, width)
	n := uint32(len(alphabet))
	for i := width - 1; i >= 0; i-- {
		b[i] = alphabet[v%n]
		v /= n
	}
	if v > 0 {
		return nil
	}
	return b
}

// endsInCRC reports whether the last width characters of token are the CRC-32
// (IEEE) of covered, written in the alphabet.
func endsInCRC(token, covered []byte, alphabet string, width int) bool {
	if len(token) < width {
		return false
	}
	return bytes.Equal(token[len(token)-width:], encode(crc32.ChecksumIEEE(covered), alphabet, width))
}

// GitHub verifies ghp_, gho_, ghu_, ghs_ and ghr_ tokens: 30 random characters,
// then their CRC-32 as six base-62 digits (GitHub's engineering blog of April
// 2021; the alphabet was confirmed on samples).
func GitHub(token []byte) Verdict {
	i := bytes.IndexByte(token, '_') + 1
	if i == 0 || len(token) != i+36 {
		return Undetermined
	}
	return verdict(endsInCRC(token, token[i:i+30], base62, 6))
}

// GitHubFineGrained verifies github_pat_ tokens. Sources disagree about what the
// check sum covers, so that only a match means something.
func GitHubFineGrained(token []byte) Verdict {
	const prefix = len("github_pat_")
	if len(token) != prefix+22+1+59 {
		return Undetermined
	}
	body := len(token) - 6
	for _, from := range []int{0, prefix, prefix + 23} {
		if endsInCRC(token, token[from:body], base62, 6) {
			return Valid
		}
	}
	return Undetermined
}

// NPM verifies npm_ tokens, which npm says are made like GitHub's. No genuine
// sample was at hand, so that only a match means something.
func NPM(token []byte) Verdict {
	if GitHub(token) == Valid {
		return Valid
	}
	return Undetermined
}

// GitLabRoutable verifies GitLab's routable tokens: the last seven characters
// are the base-36 CRC-32 of all before. Tokens of the older form have no dot and
// no check sum.
func GitLabRoutable(token []byte) Verdict {
	if len(token) < 24 || bytes.IndexByte(token, '.') < 0 {
		return Undetermined
	}
	return verdict(endsInCRC(token, token[:len(token)-7], base36, 7))
}

// Atlassian verifies ATATT3 and ATCTT3 tokens: the last eight characters are the
// CRC-32 of all before them in hexadecimal, the equals sign included.
func Atlassian(token []byte) Verdict {
	n := len(token) - 8
	if n < 16 || token[n-1] != '=' {
		return Undetermined
	}
	var sum [4]byte
	if _, err := hex.Decode(sum[:], token[n:]); err != nil {
		return Invalid
	}
	c := crc32.ChecksumIEEE(token[:n])
	return verdict(sum == [4]byte{byte(c >> 24), byte(c >> 16), byte(c >> 8), byte(c)})
}

// Grafana verifies service account tokens: CRC-32 of the prefix and the body, as
// hexadecimal with the least significant byte first (grafana,
// pkg/components/satokengen).
func Grafana(token []byte) Verdict {
	i := bytes.LastIndexByte(token, '_')
	if i < 0 || len(token)-i-1 != 8 {
		return Undetermined
	}
	var sum [4]byte
	if _, err := hex.Decode(sum[:], token[i+1:]); err != nil {
		return Invalid
	}
	c := crc32.ChecksumIEEE(token[:i])
	return verdict(sum == [4]byte{byte(c), byte(c >> 8), byte(c >> 16), byte(c >> 24)})
}
