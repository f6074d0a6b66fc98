package secret

import (
	"fmt"
	"strings"

	"software.sslmate.com/src/go-pkcs12"
)

// Forms returns every representation that this package can write, each under its
// own name, in a fixed order.
func Forms() []Form {
	var fs []Form
	for _, g := range families() {
		for _, f := range g.forms {
			fs = append(fs, f.of(g.name))
		}
	}
	return fs
}

// Open returns the representations that are known not to be found. They are no part
// of Forms, but wait for whoever finds them.
func Open() []Form {
	var fs []Form
	for _, f := range on(LittleEndian, openForms()) {
		fs = append(fs, f.of("open"))
	}
	return fs
}

// family is forms that the scoreboard counts together.
type family struct {
	name  string
	forms []Form
}

func families() []family {
	return []family{
		{"der", derForms()}, {"pem", pemForms()}, {"ssh", sshForms()}, {"putty", puttyForms()},
		{"pgp", pgpForms()}, {"jwk", jwkForms()}, {"jwt", tokenForms()}, {"windows", windowsForms()},
		{"keystore", storeForms()}, {"aes-schedule", aesForms()}, {"aes-order", on(LittleEndian, append(aesOrderForms(), contextForms()...))},
		{"rsa-number", append(rsaNumberForms(), on(LittleEndian, residueForms())...)}, {"rsa-alone", rsaAloneForms()}, {"rsa-multi", multiPrimeForms()}, {"ec-rare", rareCurveForms()},
		{"ec-scalar", ecScalarForms()}, {"ec-alone", ecAloneForms()}, {"edwards", edwardsForms()},
		{"cipher", on(LittleEndian, cipherForms())}, {"cipher-schedule", scheduleForms()}, {"cipher-block", blockForms()}, {"hmac", on(LittleEndian, hmacForms())}, {"tls", on(LittleEndian, append(tlsForms(), tlsObjectForms()...))},
		{"runtime", on(LittleEndian, runtimeForms())}, {"envelope", envelopeForms()},
		{"sweep", sweepForms()}, {"shielded", shieldedForms()}, {"sexp", sexpForms()}, {"damaged", damagedForms()},
		{"token", shapedForms()}, {"token-in-place", placedForms()}, {"token-encoded", encodedForms()},
	}
}

// of returns f as a form of a family.
func (f Form) of(family string) Form {
	inner := f.Make
	return Form{f.Name, family, f.Order, f.Wide, func(src *Source) Secret {
		s := inner(src)
		s.Family = family
		for i := range s.Beside {
			if b := &s.Beside[i]; len(b.Private) > 0 {
				b.Family = family
			}
		}
		return s
	}}
}

// form returns a form whose secrets bear its name.
func form(name string, make func(*Source) Secret) Form {
	return Form{Name: name, Make: func(src *Source) Secret {
		s := make(src)
		s.Form = name
		return s
	}}
}

func (f Form) truncated() Form {
	return Form{Name: f.Name + "-truncated", Make: func(src *Source) Secret { return f.Make(src).Truncated(src) }}
}

func (f Form) wide() Form {
	return Form{Name: f.Name + "-utf16le", Make: func(src *Source) Secret { return f.Make(src).Wide() }}
}

// derKey is a key that DER and PEM can hold.
type derKey struct {
	name, label string
	make        func(*Source) (n node, kind string, values [][]byte)
}

func derKeys() []derKey {
	ks := []derKey{
		{"pkcs1", "RSA PRIVATE KEY", func(s *Source) (node, string, [][]byte) {
			k := s.rsa()
			return k.pkcs1(), KindRSA, k.values()
		}},
		{"pkcs8-rsa", "PRIVATE KEY", func(s *Source) (node, string, [][]byte) {
			k := s.rsa()
			return k.pkcs8(), KindRSA, k.values()
		}},
		{"pkcs8-encrypted", "ENCRYPTED PRIVATE KEY", func(s *Source) (node, string, [][]byte) {
			return s.encrypted(s.rsa().pkcs8().der().b), KindEncrypted, nil
		}},
		{"pkcs8-ed25519", "PRIVATE KEY", func(s *Source) (node, string, [][]byte) {
			k := s.ed25519()
			return k.pkcs8(), KindEd25519, [][]byte{k.Seed}
		}},
		{"pkcs8v2-ed25519", "PRIVATE KEY", func(s *Source) (node, string, [][]byte) {
			k := s.ed25519()
			return k.pkcs8v2(), KindEd25519, [][]byte{k.Seed}
		}},
		{"pkcs8-x25519", "PRIVATE KEY", func(s *Source) (node, string, [][]byte) {
			k := s.x25519()
			return k.pkcs8(), KindX25519, [][]byte{k.Seed}
		}},
	}
	for _, c := range curves() {
		name := strings.ToLower(strings.ReplaceAll(c.name, "-", ""))
		ks = append(ks,
			derKey{"sec1-" + name, "EC PRIVATE KEY", func(s *Source) (node, string, [][]byte) {
				k := s.ec(c)
				return k.sec1(true), KindEC, [][]byte{k.D}
			}},
			derKey{"pkcs8-" + name, "PRIVATE KEY", func(s *Source) (node, string, [][]byte) {
				k := s.ec(c)
				return k.pkcs8(), KindEC, [][]byte{k.D}
			}})
	}
	ks = append(append(ks, pqKeys()...), rareKeys()...)
	return append(ks, derKey{"pkcs1-multi", "RSA PRIVATE KEY", func(s *Source) (node, string, [][]byte) {
		k := s.multiPrime(2048, 3)
		return k.pkcs1(), KindRSA, k.values()
	}})
}

func pqKeys() (ks []derKey) {
	for i := range 3 {
		for _, choice := range []string{"seed", "expanded", "both"} {
			ks = append(ks,
				derKey{fmt.Sprintf("pkcs8-ml-dsa-%d-%s", []int{44, 65, 87}[i], choice), "PRIVATE KEY",
					func(s *Source) (node, string, [][]byte) {
						k := s.mldsa(i)
						return k.pkcs8(choice), k.kind, k.values(choice)
					}},
				derKey{fmt.Sprintf("pkcs8-ml-kem-%d-%s", []int{512, 768, 1024}[i], choice), "PRIVATE KEY",
					func(s *Source) (node, string, [][]byte) {
						k := s.mlkem(i)
						return k.pkcs8(choice), k.kind, k.values(choice)
					}})
		}
	}
	return ks
}

func derForms() (fs []Form) {
	for _, k := range derKeys() {
		f := form("der-"+k.name, func(src *Source) Secret {
			n, kind, values := k.make(src)
			return k.grade(n.der().secret("", kind, "der", values...))
		})
		fs = append(fs, f, f.truncated())
	}
	return fs
}

func (k derKey) pem(style pemStyle) Form {
	return form("pem-"+style.name+"-"+k.name, func(src *Source) Secret {
		n, kind, values := k.make(src)
		return k.grade(pem(k.label, n.der(), style).text("", kind, "pem", values...))
	})
}

// grade lowers what an honest verdict says of s where nobody can prove such keys.
func (k derKey) grade(s Secret) Secret {
	if s.Kind == KindOther || s.Kind == KindSLHDSA {
		s.Confidence = likely
	}
	return s
}

// plainPEM is how many of derKeys are tried in every style of PEM; the others
// differ from them only in their DER, and are tried in the first.
const plainPEM = 8

func pemForms() (fs []Form) {
	styles := pemStyles()
	for i, k := range derKeys() {
		if i >= plainPEM {
			fs = append(fs, k.pem(styles[0]))
			continue
		}
		for _, style := range styles {
			f := k.pem(style)
			fs = append(fs, f, f.wide())
		}
		fs = append(fs, k.pem(styles[0]).truncated(), k.pem(styles[2]).truncated())
		for _, style := range damagedStyles() {
			f := k.pem(style)
			whole := f.Make
			f.Make = func(src *Source) Secret {
				s := whole(src)
				s.Complete, s.Confidence = false, likely
				return s
			}
			fs = append(fs, f)
		}
	}
	return append(fs, dekForm())
}

// dekForm is a key encrypted as RFC 1421, section 4.6.1.1 describes.
func dekForm() Form {
	return form("pem-dek-info-pkcs1", func(src *Source) Secret {
		plain := src.rsa().pkcs1().der()
		iv := src.Bytes(16)
		var body marked
		body.hide(cbc(src.Bytes(32), iv, plain.b))
		style := pemStyles()[0]
		style.headers = fmt.Sprintf("Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,%X\n", iv)
		s := pem("RSA PRIVATE KEY", body, style).text("", KindEncrypted, "pem")
		s.Confidence = likely
		return s
	})
}

func storeForms() (fs []Form) {
	cert := func(src *Source, subject node) []byte {
		return src.rsaOf(1024).certificate(int64(1+src.IntN(1<<30)), "build.example.org", subject)
	}
	jks := func(name, encoding string, magic uint32) Form {
		return form(name, func(src *Source) Secret {
			k := src.rsa()
			return src.javaStore(magic, k.pkcs8().der().b, cert(src, k.spki())).secret("", KindJava, encoding)
		})
	}
	p12 := func(name string, enc *pkcs12.Encoder) Form {
		return form(name, func(src *Source) Secret {
			k := src.rsa()
			return src.pkcs12(enc, k.std(), cert(src, k.spki())).secret("", KindPKCS12, "pkcs12")
		})
	}
	ed := form("pkcs12-modern-ed25519", func(src *Source) Secret {
		k := src.ed25519()
		return src.pkcs12(pkcs12.Modern, k.std(), cert(src, k.spki())).secret("", KindPKCS12, "pkcs12")
	})
	// BouncyCastle's UBER: version, salt, iterations, and the store under Twofish in CBC mode.
	uber := form("uber-rsa", func(src *Source) Secret {
		var m marked
		m.u32be(1, 20)
		m.put(src.Bytes(20)...)
		m.u32be(uint32(1024 + src.IntN(1024)))
		m.hide(src.Bytes(16 * (90 + src.IntN(60))))
		s := m.secret("", KindJava, "raw")
		s.Confidence = likely
		return s
	})
	for _, f := range []Form{uber, jks("jks-rsa", "jks", magicJKS), jks("jceks-rsa", "jceks", magicJCEKS),
		p12("pkcs12-modern-rsa", pkcs12.Modern), p12("pkcs12-legacy-rsa", pkcs12.LegacyDES), ed} {
		fs = append(fs, f, f.truncated())
	}
	return fs
}
