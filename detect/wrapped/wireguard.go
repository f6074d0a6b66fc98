package wrapped

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/wordlike"
)

// The kinds of WireGuard's secrets.
const (
	WireGuardKey       = "wireguard-private-key"
	WireGuardPreshared = "wireguard-preshared-key"
)

// wireGuards is the detector of WireGuard configurations.
type wireGuards struct{}

// NewWireGuard returns the detector of keys in WireGuard configurations.
func NewWireGuard() probe.Detector { return wireGuards{} }

const (
	wgBytes  = 32
	wgBase64 = 43 // digits of 32 octets, before one "="
	wgHex    = 64
	// wgAround is how far from its private key a public key is looked for: a
	// configuration names its peers, seldom itself, but a status print-out or the
	// file of public keys lies near.
	wgAround = 2048
	// wgCut is how many digits of a key that is cut off must be there: more than
	// chance puts behind the name.
	wgCut = 22
	wgGap = 4 // blanks and quotes on either side of the equals sign
)

// Spec implements [probe.Detector]. The names in upper case are those of
// configuration files, the others those of the configuration protocol.
func (wireGuards) Spec() probe.Spec {
	return probe.Spec{
		ID:      "wireguard-key",
		About:   "private and preshared keys in WireGuard configurations",
		Kinds:   []string{WireGuardKey, WireGuardPreshared},
		Anchors: []string{"PrivateKey", "PresharedKey", "private_key=", "preshared_key="},
		Text:    true,
		Before:  wgAround, After: wgAround,
	}
}

// Detect implements [probe.Detector].
func (wireGuards) Detect(v probe.View, emit func(probe.Match)) {
	t, at := probe.TextOf(v)
	kind, i := WireGuardKey, at
	if t.Has(at, "Pre") || t.Has(at, "pre") {
		kind = WireGuardPreshared
	}
	asHex := t.Has(at, "pr") // the protocol writes lower case and hexadecimal digits
	if i = wgValue(t, i, asHex); i < 0 {
		return
	}
	var key []byte
	var end int
	if asHex {
		if end = hexRun(t, i, wgHex+1); end-i != wgHex {
			return
		}
		key = unhex(t, i, end)
	} else if key, end = wgDecode(t, i); key == nil {
		return
	}
	defer clear(key)
	if !random(key) {
		return
	}
	m := probe.Match{
		Kind: kind, Encoding: t.Encoding(probe.Base64), Confidence: probe.Likely, Text: true,
		Range: t.Range(at, end), Redact: []probe.Range{t.Range(i, end)}, Identity: key,
	}
	if asHex {
		m.Encoding = t.Encoding(probe.Hex)
	}
	if len(key) == wgBytes {
		m.Identity = der.Trim(key)
		m.Values = [][]byte{m.Identity}
		if kind == WireGuardKey {
			pub := privkey.X25519Public(key)
			m.SPKI = privkey.SPKIForX25519(pub)
			m.Identity = m.SPKI
			if wgNamed(v, pub) {
				m.Confidence = probe.Confirmed
			}
		}
	}
	emit(m)
}

// wgValue returns where the value of the name at character i begins, or -1.
func wgValue(t probe.Text, i int, asHex bool) int {
	for c := t.At(i); c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_'; c = t.At(i) {
		if i++; i > t.Len() {
			return -1
		}
	}
	if asHex {
		return i + 1 // the equals sign belongs to the anchor
	}
	blank := func(c byte) bool { return c == ' ' || c == '\t' || c == '"' || c == '\'' }
	for n := 0; n < wgGap && blank(t.At(i)); n++ {
		i++
	}
	if c := t.At(i); c != '=' && c != ':' {
		return -1
	}
	i++
	for n := 0; n < wgGap && blank(t.At(i)); n++ {
		i++
	}
	return i
}

// wgDecode returns the key in base64 at character i and the end of its digits, nil
// when there is none. A key of which the end is lost is shorter.
func wgDecode(t probe.Text, i int) (key []byte, end int) {
	end = i
	for end-i <= wgBase64 && base64Digit(t.At(end)) {
		end++
	}
	n := end - i
	switch {
	case n > wgBase64, n < wgCut:
		return nil, 0
	case n < wgBase64 && !torn(t.At(end)):
		return nil, 0
	}
	digits := t.Append(nil, i, end)
	defer clear(digits)
	if n < wgBase64 && 4*wordlike.Disorder(digits) < -n {
		return nil, 0 // a name, assigned in a program
	}
	if n%4 == 1 {
		digits = digits[:n-1]
	}
	key = make([]byte, base64.RawStdEncoding.DecodedLen(len(digits)))
	if _, err := base64.RawStdEncoding.Decode(key, digits); err != nil {
		return nil, 0
	}
	if n == wgBase64 && digits[n-1] != base64.RawStdEncoding.EncodeToString(key)[n-1] {
		return nil, 0 // bits that no encoder leaves set
	}
	if n == wgBase64 && t.At(end) == '=' {
		end++
	}
	return key, end
}

// base64Digit reports whether c is one of base64 (RFC 4648, section 4).
func base64Digit(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/'
}

// wgNamed reports whether the public key lies in the view, raw or as text.
func wgNamed(v probe.View, pub []byte) bool {
	if bytes.Contains(v.Data, pub) {
		return true
	}
	for _, s := range []string{base64.StdEncoding.EncodeToString(pub), hex.EncodeToString(pub)} {
		p := make([]byte, 0, 2*len(s))
		for k := range len(s) {
			if p = append(p, s[k]); v.Wide {
				p = append(p, 0)
			}
		}
		if bytes.Contains(v.Data, p) {
			return true
		}
	}
	return false
}
