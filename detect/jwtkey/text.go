package jwtkey

import (
	"encoding/base64"
	"encoding/hex"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/textproof"
)

// Text returns the prover of keys in text of one byte a character, or nil when f has no token
// that proves one. A key may be text, or base64 or hexadecimal of octets, as configuration and
// JWK ("k", RFC 7518, section 6.4.1) have them.
func Text(f probe.Facts) probe.Detector { return newText(f, false) }

// Wide is Text for UTF-16LE.
func Wide(f probe.Facts) probe.Detector { return newText(f, true) }

func newText(f probe.Facts, wide bool) probe.Detector {
	p := newProver(f)
	if p == nil {
		return nil
	}
	s := probe.Spec{
		ID: "jwt-key-text", About: "text that is the key of a signed token in the dump, as its code proves", Kinds: []string{Kind},
	}
	if wide {
		s.ID, s.About = "jwt-key-utf16", "UTF-16 that is the key of a signed token in the dump, as its code proves"
	}
	plain := textproof.Plain(Kind, p.proves)
	return textproof.New(s, wide, func(chars []byte) (probe.Match, bool) {
		if m, ok := plain(chars); ok {
			return m, true
		}
		return p.decoded(chars)
	})
}

// decoded proves what the characters encode.
func (p *prover) decoded(chars []byte) (probe.Match, bool) {
	var room [mostKey]byte
	defer clear(room[:])
	for _, e := range []struct {
		name   string
		decode func(dst, p []byte) int
	}{{probe.Hex, fromHex}, {probe.Base64, fromBase64}} {
		n := e.decode(room[:], chars)
		if n < 2*leastKey || privkey.Redacted(room[:n]) || !p.proves(room[:n]) {
			continue
		}
		key := append([]byte(nil), room[:n]...)
		return probe.Match{
			Kind: Kind, Encoding: e.name, Confidence: probe.Confirmed, Identity: key, Values: [][]byte{key},
		}, true
	}
	return probe.Match{}, false
}

// fromHex decodes p, or returns 0.
func fromHex(dst, p []byte) int {
	for _, c := range p {
		if c > 'f' || c > '9' && c < 'A' || c < '0' {
			return 0
		}
	}
	if len(p)&1 != 0 {
		return 0
	}
	n, err := hex.Decode(dst, p)
	if err != nil {
		return 0
	}
	return n
}

// fromBase64 decodes p, of either alphabet, with or without padding, or returns 0.
func fromBase64(dst, p []byte) int {
	for k := 0; k < 2 && len(p) > 0 && p[len(p)-1] == '='; k++ {
		p = p[:len(p)-1]
	}
	digits := base64.RawStdEncoding
	for _, c := range p {
		switch {
		case c == '-' || c == '_':
			digits = base64.RawURLEncoding
		case c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9', c == '+', c == '/':
		default:
			return 0
		}
	}
	n, err := digits.Decode(dst, p)
	if err != nil {
		return 0
	}
	return n
}
