package secret

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"fmt"
	"hash"
)

// tlsForms are secrets of TLS sessions, as OpenSSL and key logs have them.
func tlsForms() (fs []Form) {
	suites := []struct {
		name      string
		hash      func() hash.Hash
		size, key int
	}{{"aes128-sha256", sha256.New, 32, 16}, {"aes256-sha384", sha512.New384, 48, 32}}
	for _, s := range suites {
		for _, label := range []string{"tls13 ", "dtls13"} {
			fs = append(fs, form("tls13-"+s.name+"-"+label[:len(label)-2]+"-secret", func(src *Source) Secret {
				secret := src.Bytes(s.size)
				return chunks(hidden(secret)).secret("", KindTLS, "raw", secret).aligned().
					with(schedule(expandLabel(s.hash, secret, label+"key", s.key)))
			}))
		}
	}
	for _, s := range suites {
		// As Go's heap has them: objects of one size, of which only the traffic secret gave a key.
		fs = append(fs, form("tls13-"+s.name+"-schedule", func(src *Source) Secret {
			master, sum := src.Bytes(s.size), src.Bytes(s.size)
			traffic := labelled(s.hash, master, "tls13 s ap traffic", sum, s.size)
			exporter := labelled(s.hash, master, "tls13 exp master", sum, s.size)
			var m marked
			m.hide(master)
			m.put(sum...)
			m.hide(traffic)
			m.hide(traffic)
			m.put(sum...)
			m.hide(exporter)
			m.hide(exporter)
			return m.secret("", KindTLS, "raw", master, traffic, exporter).aligned().
				with(schedule(expandLabel(s.hash, traffic, "tls13 key", s.key)))
		}))
	}
	for _, s := range suites {
		for _, mark := range []string{"", "DOWNGRD\x01"} {
			name := "tls12-" + s.name + "-master"
			if mark != "" {
				name += "-marked"
			}
			fs = append(fs, form(name, func(src *Source) Secret {
				master, randoms := src.Bytes(48), src.Bytes(64)
				copy(randoms[32-len(mark):], mark)
				key := keyBlock(s.hash, master, randoms, s.key)
				return chunks(hidden(master), shown(randoms)).secret("", KindTLS, "raw", master).aligned().with(schedule(key))
			}))
		}
	}
	fs = append(fs, form("tls13-slots", func(src *Source) Secret {
		// Secrets of one connection in OpenSSL's arrays of 64 bytes.
		var m marked
		var values [][]byte
		for range 6 {
			secret := src.Bytes(32)
			values = append(values, secret)
			m.hide(secret)
			m.put(make([]byte, 32)...)
		}
		s := m.secret("", KindTLS, "raw", values...).aligned()
		s.Confidence = likely
		return s.with(schedule(expandLabel(sha256.New, values[5], "tls13 key", 16)))
	}), form("tls12-session-struct", func(src *Source) Secret {
		master := src.Bytes(48)
		var m marked
		m.word(0x0303) // ssl_version, and four bytes that align the length
		m.word(48)
		m.put(make([]byte, 64)...) // early_secret
		m.hide(master)
		m.put(make([]byte, 208)...)
		s := m.secret("", KindTLS, "raw", master).aligned()
		s.Confidence = likely
		return s
	}), form("tls12-session-asn1", func(src *Source) Secret {
		master := src.Bytes(48)
		explicit := func(i byte, n node) node { return of(tagContext0|i, n) }
		return seq(small(1), small(0x0303), octets([]byte{0xc0, 0x2f}), octets(src.Bytes(32)), hiddenOctets(master),
			explicit(1, small(1763771000)), explicit(2, small(7200))).der().secret("", KindTLS, "der", master)
	}))
	for _, label := range []string{"CLIENT_RANDOM", "CLIENT_TRAFFIC_SECRET_0", "SERVER_HANDSHAKE_TRAFFIC_SECRET", "EXPORTER_SECRET"} {
		f := form("keylog-"+label, func(src *Source) Secret {
			size := 32
			if label == "CLIENT_RANDOM" {
				size = 48
			}
			secret := src.Bytes(size)
			var m marked
			m.str(fmt.Sprintf("%s %x ", label, src.Bytes(32)))
			m.hide(fmt.Appendf(nil, "%x", secret))
			m.str("\n")
			return m.text("", KindTLS, "hex", secret)
		})
		fs = append(fs, f, f.wide())
	}
	return fs
}

// keyBlock returns the first n bytes, at most a digest, of what TLS 1.2 makes of a master
// secret and both randoms, the server's first: RFC 5246, sections 5 and 6.3.
func keyBlock(h func() hash.Hash, master, randoms []byte, n int) []byte {
	mac := func(p ...[]byte) []byte {
		m := hmac.New(h, master)
		for _, b := range p {
			m.Write(b)
		}
		return m.Sum(nil)
	}
	seed := append([]byte("key expansion"), randoms...)
	return mac(mac(seed), seed)[:n]
}

// schedule is an AES key in use, in a chunk of its own.
func schedule(key []byte) Secret {
	s := chunks(hidden(expand(key))).secret("tls13-key", KindAES, "schedule-enc", key)
	return s.aligned()
}

// expandLabel is HKDF-Expand-Label with an empty context: RFC 8446, section 7.1.
func expandLabel(h func() hash.Hash, secret []byte, label string, n int) []byte {
	return labelled(h, secret, label, nil, n)
}

// labelled is expandLabel with a context.
func labelled(h func() hash.Hash, secret []byte, label string, context []byte, n int) []byte {
	info := binary.BigEndian.AppendUint16(nil, uint16(n))
	info = append(append(info, byte(len(label))), label...)
	key, err := hkdf.Expand(h, secret, string(append(append(info, byte(len(context))), context...)), n)
	if err != nil {
		panic("internal error: " + err.Error())
	}
	return key
}
