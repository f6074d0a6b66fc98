package secret

import "strings"

func jwkForms() (fs []Form) {
	type key struct {
		name, kind string
		make       func(*Source) ([]member, [][]byte)
	}
	keys := []key{
		{"rsa", KindRSA, func(s *Source) ([]member, [][]byte) { k := s.rsa(); return k.jwk(), k.values() }},
		{"ed25519", KindEd25519, func(s *Source) ([]member, [][]byte) { k := s.ed25519(); return k.jwk(), [][]byte{k.Seed} }},
		{"x25519", KindX25519, func(s *Source) ([]member, [][]byte) { k := s.x25519(); return k.jwk(), [][]byte{k.Seed} }},
		{"oct", KindSymmetric, func(s *Source) ([]member, [][]byte) { k := s.Bytes(32); return octJWK(k), [][]byte{k} }},
	}
	for _, c := range curves() {
		keys = append(keys, key{strings.ToLower(c.name), KindEC, func(s *Source) ([]member, [][]byte) {
			k := s.ec(c)
			return k.jwk(), [][]byte{k.D}
		}})
	}
	for _, k := range keys {
		for _, style := range jsonStyles() {
			f := form("jwk-"+style.name+"-"+k.name, func(src *Source) Secret {
				ms, values := k.make(src)
				s := src.json(ms, style).text("", k.kind, "jwk", values...)
				if k.kind == KindSymmetric {
					s.Confidence = likely
				}
				return s
			})
			fs = append(fs, f, f.wide())
			if style.name == "compact" {
				style.ordered = true
				fs = append(fs, form("jwk-ordered-"+k.name, func(src *Source) Secret {
					ms, values := k.make(src)
					return src.json(ms, style).text("", k.kind, "jwk", values...)
				}).truncated())
			}
		}
	}
	for _, style := range jsonStyles() {
		f := form("jwks-"+style.name, func(src *Source) Secret {
			a, b := src.ec(curves()[0]), src.ec(curves()[1])
			return src.jwks(style, a.jwk(), b.jwk()).text("", KindEC, "jwk", a.D, b.D)
		})
		fs = append(fs, f, f.wide())
	}
	return fs
}

func tokenForms() (fs []Form) {
	for _, alg := range []string{"HS256", "RS256", "ES256", "none"} {
		f := form("jwt-"+strings.ToLower(alg), func(src *Source) Secret {
			return src.jwt(alg).text("", KindJWT, "text")
		})
		fs = append(fs, f, f.wide(), f.truncated())
	}
	for _, alg := range []string{"RSA-OAEP-256", "ECDH-ES+A256KW", "dir"} {
		f := form("jwe-"+strings.ToLower(alg), func(src *Source) Secret {
			return src.jwe(alg).text("", KindJWE, "text")
		})
		fs = append(fs, f, f.wide())
	}
	return fs
}

// TinyJWT is an unsigned token that fits into the argument list of a process.
func TinyJWT(src *Source) Secret {
	s := src.tinyJWT().text("", KindJWT, "text")
	s.Form, s.Family = "jwt-tiny", "jwt"
	return s
}
