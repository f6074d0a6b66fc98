package wrapped

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/base64text"
	"github.com/dumpscrub/dumpscrub/detect/entropy"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// OpenVPNKey is the kind of OpenVPN's keys that both sides share: those of tls-auth, tls-crypt, tls-crypt-v2
// and of the mode without TLS.
const OpenVPNKey = "openvpn-static-key"

// A static key is 256 octets, as 512 hexadecimal digits; of tls-crypt-v2 a server's is 128 and a client's 256
// with the same ones encrypted for the server behind them, in base64 (OpenVPN's crypto.h, tls_crypt.h).
const (
	ovpnKey    = 256
	ovpnServer = 128
	ovpnReach  = 4 << 10 // characters of a client's key with its metadata
	ovpnLeast  = 32      // digits of one that is cut off
)

// openVPNs is the detector of OpenVPN's key files.
type openVPNs struct{}

// NewOpenVPN returns the detector of OpenVPN's shared keys in text, alone or in a configuration.
func NewOpenVPN() probe.Detector { return openVPNs{} }

// Spec implements [probe.Detector]. The anchors leave out what an allocator writes over.
func (openVPNs) Spec() probe.Spec {
	return probe.Spec{
		ID:      "openvpn-static-key",
		About:   "shared keys of OpenVPN in text",
		Kinds:   []string{OpenVPNKey},
		Anchors: []string{"PN Static key V1-----", "ls-crypt-v2 server key-----", "ls-crypt-v2 client key-----"},
		Text:    true,
		Before:  len("-----BEGIN OpenVPN tls-crypt-v2"),
		After:   ovpnReach,
	}
}

// Detect implements [probe.Detector].
func (openVPNs) Detect(v probe.View, emit func(probe.Match)) {
	t, at := probe.TextOf(v)
	name, static := at-len("OpenV"), t.Has(at, "PN")
	if !static {
		name = at - len("OpenVPN t")
	}
	if t.Has(name-len("END "), "END ") {
		return
	}
	i := at
	for t.At(i) != '-' {
		i++
		if t.Has(i, "-crypt") || t.Has(i, "-v2") {
			i++
		}
	}
	prefix := base64text.Prefix(t, name-len("-----BEGIN "))
	next, _ := base64text.Gap(t, i+len("-----"), prefix)
	b := base64text.Forward(t, next, t.Len(), prefix)
	defer b.Wipe()
	var key []byte
	var want int
	encoding := probe.Base64
	if static {
		b.Keep(hexLines(&b))
		key, want, encoding = unhexAll(b.Digits), ovpnKey, probe.Hex
	} else if key, want = b.Decode(), ovpnServer; t.Has(at+len("ls-crypt-v2 "), "client") {
		want = ovpnKey
	}
	defer clear(key)
	if len(b.Digits) < ovpnLeast || !random(key) {
		return
	}
	m := probe.Match{
		Kind: OpenVPNKey, Encoding: t.Encoding(encoding), Confidence: probe.Likely, Text: true,
		Range: t.Range(at, b.End), Redact: b.Ranges(t), Identity: key[:min(len(key), want)],
	}
	if len(key) >= want {
		m.Confidence = probe.Confirmed
		m.Values = ovpnValues(key[:want])
	}
	emit(m)
}

// hexLines returns how many lines of b are of hexadecimal digits, as many as a key has at most.
func hexLines(b *base64text.Body) int {
	n := 0
	for i, l := range b.Lines {
		for _, c := range b.Digits[n : n+l.N] {
			if hexDigit(c) < 0 {
				return i
			}
		}
		if n += l.N; n > 2*ovpnKey {
			return i
		}
	}
	return len(b.Lines)
}

func unhexAll(digits []byte) []byte {
	p := make([]byte, len(digits)/2)
	for i := range p {
		p[i] = byte(hexDigit(digits[2*i])<<4 | hexDigit(digits[2*i+1]))
	}
	return p
}

// ovpnPart is the size of each key for one direction, of the cipher and of HMAC (MAX_CIPHER_KEY_LENGTH and
// MAX_HMAC_KEY_LENGTH), of which programs use the beginning.
const ovpnPart = 64

func ovpnValues(key []byte) (vs [][]byte) {
	for ; len(key) > 0; key = key[ovpnPart:] {
		vs = append(vs, key[:ovpnPart])
	}
	return vs
}

// openVPNPairs is the prover of keys as OpenVPN holds them.
type openVPNPairs struct{ secret func([]byte) bool }

// NewOpenVPNPair returns the prover of OpenVPN's struct key2 (crypto.h): the number two, and for each
// direction a key for the cipher and one for HMAC, of 64 octets. One of those for the cipher is known, by its
// schedule. It is nil where no secret can be asked for.
func NewOpenVPNPair(f probe.Facts) probe.Detector {
	if f.Secret == nil {
		return nil
	}
	return openVPNPairs{f.Secret}
}

// Spec implements [probe.Detector].
func (openVPNPairs) Spec() probe.Spec {
	return probe.Spec{
		ID:    "openvpn-key-pair",
		About: "shared keys of OpenVPN in its memory, of which the cipher's are known",
		Kinds: []string{OpenVPNKey}, Before: ovpnKey, After: 4 + ovpnKey,
	}
}

// Depth implements [probe.Shallow].
func (openVPNPairs) Depth() int { return 8 }

// Gate implements [probe.Gated]: behind the number 31 whole words are random.
func (openVPNPairs) Gate() probe.Gate { return probe.Gate{Words: 7, Others: 2, Near: 16} }

// Filter implements [probe.Filter]: it names the number before a proven key.
func (d openVPNPairs) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	for i := lo + int(-(base+int64(lo))&3); i < hi && i+4+ovpnKey <= len(data); i += 4 {
		if n := binary.LittleEndian.Uint32(data[i:]); n != 2 && n != 2<<24 {
			continue
		}
		if d.proven(data[i+4:]) {
			hit(i)
		}
	}
}

// proven reports whether a key for a cipher in p is known, of whatever length, and p random.
func (d openVPNPairs) proven(p []byte) bool {
	for at := 0; at < ovpnKey; at += ovpnPart / 2 {
		if !random(p[at:at+ovpnPart/2]) || entropy.Code(p[at:at+ovpnPart/2]) {
			return false
		}
	}
	for _, n := range [...]int{32, 24, 16} {
		if d.secret(p[:n]) || d.secret(p[2*ovpnPart:][:n]) {
			return true
		}
	}
	return false
}

// Detect implements [probe.Detector].
func (d openVPNPairs) Detect(v probe.View, emit func(probe.Match)) {
	start := v.At + 4
	if start+ovpnKey > len(v.Data) || !d.proven(v.Data[start:]) {
		return
	}
	key := v.Data[start : start+ovpnKey]
	r := probe.Range{Start: start, End: start + ovpnKey}
	emit(probe.Match{
		Kind: OpenVPNKey, Encoding: probe.Raw, Confidence: probe.Confirmed,
		Range: r, Redact: []probe.Range{r}, Identity: key, Values: ovpnValues(key),
	})
}
