package secret

import (
	"encoding/base64"
	"math/big"
	"slices"
)

// member is one member of a JWK: RFC 7517, section 4.
type member struct {
	name, value string
	private     bool
}

// b64 is base64url without padding: RFC 7515, section 2.
func b64(p []byte) string { return base64.RawURLEncoding.EncodeToString(p) }

func (k *rsaKey) jwk() []member {
	ms := []member{{"kty", "RSA", false}, {"n", b64(k.N.Bytes()), false}, {"e", b64(k.E.Bytes()), false}}
	for i, name := range []string{"d", "p", "q", "dp", "dq", "qi"} {
		ms = append(ms, member{name, b64([]*big.Int{k.D, k.P, k.Q, k.Dp, k.Dq, k.Inv}[i].Bytes()), true})
	}
	return ms
}

func (k ecKey) jwk() []member {
	return []member{{"kty", "EC", false}, {"crv", k.name, false}, {"x", b64(k.X), false},
		{"y", b64(k.Y), false}, {"d", b64(k.D), true}}
}

func (k okpKey) jwk() []member {
	return []member{{"kty", "OKP", false}, {"crv", k.name, false}, {"x", b64(k.Pub), false}, {"d", b64(k.Seed), true}}
}

func octJWK(key []byte) []member {
	return []member{{"kty", "oct", false}, {"alg", "HS256", false}, {"k", b64(key), true}}
}

// public returns ms without its private members.
func public(ms []member) []member {
	var out []member
	for _, m := range ms {
		if !m.private {
			out = append(out, m)
		}
	}
	return out
}

// jsonStyle is how a JSON text lies in memory.
type jsonStyle struct {
	name         string
	quote        string
	colon, comma string
	open, close  string
	ordered      bool // members in the order of the specification, nothing before kty
}

func jsonStyles() []jsonStyle {
	return []jsonStyle{
		{"compact", `"`, `:`, `,`, `{`, `}`, false},
		{"pretty", `"`, `: `, ",\n  ", "{\n  ", "\n}", false},
		{"escaped", `\"`, `:`, `,`, `{`, `}`, false},
	}
}

// json writes ms, in random order unless the style says otherwise, with a key ID among them.
func (src *Source) json(ms []member, style jsonStyle) marked {
	ms = append(slices.Clone(ms), member{"kid", b64(src.Bytes(9)), false}, member{"use", "sig", false})
	if !style.ordered {
		src.Shuffle(len(ms), func(i, j int) { ms[i], ms[j] = ms[j], ms[i] })
	}
	var m marked
	m.str(style.open)
	for i, e := range ms {
		if i > 0 {
			m.str(style.comma)
		}
		m.str(style.quote + e.name + style.quote + style.colon + style.quote)
		if e.private {
			m.hide([]byte(e.value))
		} else {
			m.str(e.value)
		}
		m.str(style.quote)
	}
	m.str(style.close)
	return m
}

// jwks is a JWK Set of the given keys: RFC 7517, section 5.
func (src *Source) jwks(style jsonStyle, keys ...[]member) marked {
	var m marked
	m.str("{" + style.quote + "keys" + style.quote + style.colon + "[")
	for i, k := range keys {
		if i > 0 {
			m.str(style.comma)
		}
		m.app(src.json(k, style))
	}
	m.str("]}")
	return m
}
