package needle

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"fmt"
	"hash"
)

// suite12 is what a suite of TLS 1.2 takes from its key block, in bytes.
type suite12 struct {
	mac, key int
	aes      bool
	hash     func() hash.Hash
}

// suites12 are those that the lab's clients offer.
var suites12 = map[uint16]suite12{
	tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256:         {0, 16, true, sha256.New},
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256:       {0, 16, true, sha256.New},
	tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384:         {0, 32, true, sha512.New384},
	tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384:       {0, 32, true, sha512.New384},
	tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256:   {0, 32, false, sha256.New},
	tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: {0, 32, false, sha256.New},
	tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA:            {20, 16, true, sha256.New},
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA:          {20, 16, true, sha256.New},
	tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256:         {32, 16, true, sha256.New},
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256:       {32, 16, true, sha256.New},
}

// TLS12 returns the needles of a connection of TLS 1.2: its master secret, and the
// keys of its key block (RFC 5246, section 6.3) with their AES schedules. client
// and server are the randoms.
func TLS12(key string, master, client, server []byte, suite uint16) ([]Needle, error) {
	s, ok := suites12[suite]
	if !ok {
		return nil, fmt.Errorf("suite %#x is not one of the lab's", suite)
	}
	ns := octets(key, "master secret", "octets", Derived, master)
	seed := append(append([]byte("key expansion"), server...), client...)
	block := prf(s.hash, master, seed, 2*s.mac+2*s.key)
	for i, side := range []string{"client", "server"} {
		if s.mac > 0 {
			ns = append(ns, octets(key, side+" write MAC key", "octets", Derived, block[i*s.mac:][:s.mac])...)
		}
		ns = append(ns, cipherKey(key, side+" write key", block[2*s.mac+i*s.key:][:s.key], s.aes)...)
	}
	return ns, nil
}

// prf is P_hash of RFC 5246, section 5: label and seed are one.
func prf(h func() hash.Hash, secret, seed []byte, n int) []byte {
	mac := func(parts ...[]byte) []byte {
		m := hmac.New(h, secret)
		for _, p := range parts {
			m.Write(p)
		}
		return m.Sum(nil)
	}
	var out []byte
	for a := mac(seed); len(out) < n; a = mac(a) {
		out = append(out, mac(a, seed)...)
	}
	return out[:n]
}
