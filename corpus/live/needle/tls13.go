package needle

import (
	"bufio"
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
)

// TLS13 returns the needles of the connections whose secrets stand in keyLog, in
// the format of SSLKEYLOGFILE: the secrets, and of those that protect records the
// keys derived from them (RFC 8446, section 7.3) with their AES schedules. suite
// is what the connections agreed on.
func TLS13(key string, keyLog []byte, suite uint16) ([]Needle, error) {
	var ns []Needle
	for s := bufio.NewScanner(bytes.NewReader(keyLog)); s.Scan(); {
		f := strings.Fields(s.Text())
		if len(f) != 3 {
			continue
		}
		secret, err := hex.DecodeString(f[2])
		if err != nil {
			return nil, fmt.Errorf("key log: %w", err)
		}
		part := strings.ToLower(strings.ReplaceAll(f[0], "_", " "))
		ns = append(ns, octets(key, part, "octets", Derived, secret)...)
		if !strings.Contains(f[0], "TRAFFIC_SECRET") {
			continue
		}
		more, err := recordKeys(key, part, secret, suite)
		if err != nil {
			return nil, err
		}
		ns = append(ns, more...)
	}
	return ns, nil
}

func recordKeys(key, part string, secret []byte, suite uint16) ([]Needle, error) {
	size, aes, h := 0, true, sha256.New
	switch suite {
	case tls.TLS_AES_128_GCM_SHA256:
		size = 16
	case tls.TLS_AES_256_GCM_SHA384:
		size, h = 32, sha512.New384
	case tls.TLS_CHACHA20_POLY1305_SHA256:
		size, aes = 32, false
	default:
		return nil, fmt.Errorf("suite %#x is not of TLS 1.3", suite)
	}
	k, err := hkdf.Expand(h, secret, label("key", size), size)
	if err != nil {
		return nil, err
	}
	return cipherKey(key, part+" key", k, aes), nil
}

// cipherKey returns the needles of a key that encrypts records.
func cipherKey(key, part string, k []byte, aes bool) []Needle {
	class := Derived
	if aes {
		class = Plain // its schedule reveals it
	}
	ns := octets(key, part, "octets", class, k)
	ns = append(ns, Needle{Key: key, Part: part, Encoding: "int-java", Class: class, Data: swapWords(k)})
	if aes {
		ns = append(ns, Schedules(key, part, k)...)
	}
	group := sha256.Sum256(k)
	for i := range ns {
		ns[i].Group = hex.EncodeToString(group[:8])
	}
	return ns
}

// label is the HkdfLabel of RFC 8446, section 7.1, with an empty context.
func label(name string, size int) string {
	full := "tls13 " + name
	p := binary.BigEndian.AppendUint16(nil, uint16(size))
	p = append(p, byte(len(full)))
	p = append(p, full...)
	return string(append(p, 0))
}
