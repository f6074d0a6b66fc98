package context

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// TestCryptoCallOctets holds that a key in digits is found as the octets that it is, which are hunted for.
func TestCryptoCallOctets(t *testing.T) {
	for _, n := range []int{16, 32} {
		key := make([]byte, n)
		rand.Read(key)
		digits, sixes := hex.EncodeToString(key), base64.StdEncoding.EncodeToString(key)
		for _, c := range []struct{ before, text, after, encoding string }{
			{"select encrypt(x::bytea, decode('", digits, "','hex'), 'aes')", probe.Hex},
			{"SELECT hmac(x, decode('", sixes, "', 'base64'), 'sha256')", probe.Base64},
			{` decrypt_iv(x, '\x`, digits, "', iv, 'aes-cbc')", probe.Hex},
			{`select encrypt(x, E'\\x`, digits, "', 'bf')", probe.Hex},
			{"SELECT AES_DECRYPT(c, UNHEX('", digits, "'))", probe.Hex},
			{"SELECT aes_encrypt('a, b', x'", digits, "')", probe.Hex},
		} {
			data := []byte(c.before + c.text + c.after)
			probetest.Accept(t, NewCryptoCall(), probetest.Case{
				Name: c.before, Data: data, Text: true, Kind: privkey.Symmetric, Encoding: c.encoding, Confidence: probe.Confirmed,
				Private: [][]byte{[]byte(c.text)},
			})
			hunted := false
			NewCryptoCall().Detect(probe.View{Data: data, At: at(data)}, func(m probe.Match) {
				hunted = len(m.Values) == 1 && bytes.Equal(m.Values[0], key)
			})
			if !hunted {
				t.Errorf("%s: the octets are not hunted for", c.before)
			}
		}
	}
}

// at returns where the anchor of a call begins in data.
func at(data []byte) int {
	low := bytes.ToLower(data)
	for _, a := range NewCryptoCall().Spec().Anchors {
		if i := bytes.Index(low, []byte(a)); i >= 0 {
			return i
		}
	}
	return -1
}

func TestCryptoCallReject(t *testing.T) {
	const digits = "00112233445566778899aabbccddeeff"
	for name, text := range map[string]string{
		"a parameter":        "select pgp_sym_encrypt($1, $2)",
		"a column":           "select pgp_sym_decrypt(t.c, t.k) from t",
		"documentation":      "pgp_sym_encrypt(data text, psw text [, options text ]) returns bytea",
		"without an end":     "select pgp_sym_encrypt('a', 'Xk29!aabQ7",
		"another language's": "cipher.encrypt('Xk29!aabQ7zz', 'Xk29!aabQ7zz', options)",
		"hash_hmac":          "hash_hmac('sha256', $data, 'Xk29!aabQ7zz')",
		"too few octets":     "select encrypt(x, decode('aabb','hex'), 'aes')",
		"no digits":          "select encrypt(x, decode('" + digits[:31] + "g','hex'), 'aes')",
		"one octet":          "select encrypt(x, decode('" + string(bytes.Repeat([]byte("0"), 64)) + "','hex'), 'aes')",
	} {
		probetest.Reject(t, NewCryptoCall(), name, []byte(text))
	}
}
