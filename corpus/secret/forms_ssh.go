package secret

import (
	"fmt"
)

// named is a key in SSH's vocabulary and how to make it.
type named struct {
	name string
	make func(*Source) sshKey
}

func sshKeys() []named {
	ks := []named{
		{"rsa", func(s *Source) sshKey { return s.rsa().ssh() }},
		{"ed25519", func(s *Source) sshKey { return s.ed25519().ssh() }},
	}
	for _, c := range curves() {
		ks = append(ks, named{c.ssh, func(s *Source) sshKey { return s.ec(c).sshKey() }})
	}
	return ks
}

func sshForms() (fs []Form) {
	styles := []pemStyle{
		{name: "lf", eol: "\n", width: sshWidth},
		{name: "crlf", eol: "\r\n", width: sshWidth},
		{name: "escaped", eol: `\n`, width: sshWidth},
	}
	for i, k := range append(sshKeys(), rareSSH()...) {
		for _, encrypted := range []bool{false, true} {
			if encrypted && i >= len(sshKeys()) {
				continue // as the others
			}
			name := k.name
			if encrypted {
				name += "-encrypted"
			}
			blob := func(src *Source) (marked, string, [][]byte) {
				key := k.make(src)
				m := src.openSSH(key, encrypted)
				if encrypted {
					return m, KindEncrypted, nil
				}
				return m, key.kind, key.values
			}
			f := form("openssh-"+name, func(src *Source) Secret {
				m, kind, values := blob(src)
				return m.secret("", kind, "openssh", values...)
			})
			fs = append(fs, f, f.truncated())
			for _, style := range styles {
				f := form("pem-"+style.name+"-openssh-"+name, func(src *Source) Secret {
					m, kind, values := blob(src)
					return pem("OPENSSH PRIVATE KEY", m, style).text("", kind, "pem", values...)
				})
				fs = append(fs, f, f.wide())
			}
		}
	}
	return fs
}

func puttyForms() (fs []Form) {
	for _, k := range sshKeys()[:3] {
		for _, version := range []int{2, 3} {
			for _, encrypted := range []bool{false, true} {
				name := fmt.Sprintf("putty-v%d-%s", version, k.name)
				if encrypted {
					name += "-encrypted"
				}
				eol := "\r\n" // what PuTTYgen writes on Windows; the Unix tools write \n
				if encrypted == (version == 2) {
					eol = "\n"
				}
				f := form(name, func(src *Source) Secret {
					key := k.make(src)
					m := src.putty(key, version, eol, encrypted)
					if encrypted {
						return m.text("", KindEncrypted, "putty")
					}
					return m.text("", key.kind, "putty", key.values...)
				})
				fs = append(fs, f, f.wide(), f.truncated())
			}
		}
	}
	return fs
}

// pgpKey is a key in OpenPGP's vocabulary.
type pgpKey interface {
	pgp() (algorithm byte, public, private marked)
}

func pgpForms() (fs []Form) {
	keys := []struct {
		name string
		make func(*Source) (pgpKey, [][]byte)
	}{
		{"rsa", func(s *Source) (pgpKey, [][]byte) {
			k := s.rsa()
			return k, [][]byte{k.D.Bytes(), k.P.Bytes(), k.Q.Bytes()}
		}},
		{"ed25519", func(s *Source) (pgpKey, [][]byte) {
			k := s.ed25519()
			return k, [][]byte{k.Seed}
		}},
	}
	for _, k := range keys {
		for _, v := range []struct {
			name           string
			old, encrypted bool
		}{{"old", true, false}, {"new", false, false}, {"encrypted", true, true}} {
			packet := func(src *Source) (marked, [][]byte) {
				key, values := k.make(src)
				if v.encrypted {
					values = nil
				}
				algorithm, public, private := key.pgp()
				return src.pgpSecret(algorithm, public, private, v.old, v.encrypted), values
			}
			binary := form("pgp-"+v.name+"-"+k.name, func(src *Source) Secret {
				m, values := packet(src)
				return m.secret("", KindPGP, "pgp", values...)
			})
			text := form("armor-pgp-"+v.name+"-"+k.name, func(src *Source) Secret {
				m, values := packet(src)
				m.app(pgpUser())
				return armor("PRIVATE KEY", m).text("", KindPGP, "pem", values...)
			})
			fs = append(fs, binary, binary.truncated(), text, text.wide(), text.truncated())
		}
	}
	return fs
}
