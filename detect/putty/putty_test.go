package putty

import (
	"bytes"
	"crypto"
	"crypto/dsa"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/cloudflare/circl/sign/ed448"
	"golang.org/x/crypto/ssh"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func str(p []byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(p))), p...)
}

func mpint(n *big.Int) []byte {
	p := n.Bytes()
	if len(p) > 0 && p[0] >= 0x80 {
		p = append([]byte{0}, p...)
	}
	return str(p)
}

func strs(ps ...[]byte) []byte {
	var b []byte
	for _, p := range ps {
		b = append(b, str(p)...)
	}
	return b
}

// ppk is what a file is written from.
type ppk struct {
	version         int
	algorithm       string
	comment         string
	public, private []byte
	sealed          bool
}

func wrap(p []byte) (string, int) {
	s := base64.StdEncoding.EncodeToString(p)
	var b strings.Builder
	n := 0
	for len(s) > 0 {
		k := min(64, len(s))
		b.WriteString(s[:k] + "\n")
		s, n = s[k:], n+1
	}
	return b.String(), n
}

// file writes k. The private part of a sealed one is random, which is what it
// looks like without the passphrase.
func (k ppk) file() []byte {
	encryption, derivation := "none", ""
	if k.sealed {
		encryption = "aes256-cbc"
		k.private = make([]byte, (len(k.private)+15)&^15)
		rand.Read(k.private)
		if k.version == 3 {
			derivation = "Key-Derivation: Argon2id\nArgon2-Memory: 8192\nArgon2-Passes: 13\nArgon2-Parallelism: 1\nArgon2-Salt: 00112233445566778899aabbccddeeff\n"
		}
	}
	h := hmac.New(sha256.New, nil)
	if k.version == 2 {
		key := sha1.Sum([]byte("putty-private-key-file-mac-key"))
		h = hmac.New(sha1.New, key[:])
	}
	h.Write(strs([]byte(k.algorithm), []byte(encryption), []byte(k.comment), k.public, k.private))
	public, np := wrap(k.public)
	private, ns := wrap(k.private)
	return fmt.Appendf(nil, "PuTTY-User-Key-File-%d: %s\nEncryption: %s\nComment: %s\nPublic-Lines: %d\n%s%sPrivate-Lines: %d\n%sPrivate-MAC: %x\n",
		k.version, k.algorithm, encryption, k.comment, np, public, derivation, ns, private, h.Sum(nil))
}

// private returns what must be gone: the private lines and the MAC.
func private(file []byte) [][]byte {
	_, after, _ := bytes.Cut(file, []byte("Private-Lines: "))
	body, mac, _ := bytes.Cut(after, []byte("Private-MAC: "))
	lines := bytes.Split(bytes.TrimSpace(body), []byte("\n"))[1:]
	return append(lines, bytes.TrimSpace(mac))
}

// keys returns a key of each algorithm, with its kind and public half.
type testKey struct {
	name, kind string
	ppk        ppk
	spki       []byte
}

func keys() []testKey {
	wire := func(key crypto.PublicKey) []byte { return must(ssh.NewPublicKey(key)).Marshal() }
	r := must(rsa.GenerateKey(rand.Reader, 1024))
	p, q := r.Primes[0], r.Primes[1]
	var d dsa.PrivateKey
	if err := dsa.GenerateParameters(&d.Parameters, rand.Reader, dsa.L1024N160); err != nil {
		panic(err)
	}
	if err := dsa.GenerateKey(&d, rand.Reader); err != nil {
		panic(err)
	}
	e := must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	pub448, ed4, _ := ed448.GenerateKey(rand.Reader)
	return []testKey{
		{"rsa", privkey.RSA, ppk{algorithm: "ssh-rsa", public: wire(r.Public()), private: bytes.Join([][]byte{
			mpint(r.D), mpint(p), mpint(q), mpint(new(big.Int).ModInverse(q, p))}, nil)}, must(x509.MarshalPKIXPublicKey(r.Public()))},
		{"dsa", privkey.DSA, ppk{algorithm: "ssh-dss", public: wire(&d.PublicKey), private: mpint(d.X)},
			privkey.SPKIForDSA(d.P.Bytes(), d.Q.Bytes(), d.G.Bytes(), d.Y.Bytes())},
		{"ec", privkey.EC, ppk{algorithm: "ecdsa-sha2-nistp384", public: wire(e.Public()), private: mpint(e.D)},
			must(x509.MarshalPKIXPublicKey(e.Public()))},
		{"ed25519", privkey.Ed25519, ppk{algorithm: "ssh-ed25519", public: wire(ed.Public()), private: str(ed.Seed())},
			must(x509.MarshalPKIXPublicKey(ed.Public()))},
		{"ed448", privkey.Ed448, ppk{algorithm: "ssh-ed448", public: strs([]byte("ssh-ed448"), pub448), private: str(ed4.Seed())},
			privkey.SPKIForEd448(pub448)},
	}
}

func find(t *testing.T, data []byte) []search.Found {
	t.Helper()
	return probetest.Find(t, data, New())
}

func one(t *testing.T, data []byte) search.Found { t.Helper(); return probetest.One(t, data, New()) }

func TestAccept(t *testing.T) {
	for _, k := range keys() {
		for version := 2; version <= 3; version++ {
			for _, sealed := range []bool{false, true} {
				k.ppk.version, k.ppk.sealed, k.ppk.comment = version, sealed, "some key of 2026"
				kind := k.kind
				if sealed {
					kind = privkey.Encrypted
				}
				text := k.ppk.file()
				if m := one(t, text); !bytes.Equal(m.SPKI, k.spki) || !bytes.Equal(m.Identity, k.spki) {
					t.Errorf("%s, version %d, sealed %v: another public key", k.name, version, sealed)
				}
				probetest.Accept(t, New(), probetest.Case{
					Name: fmt.Sprintf("%s v%d %v", k.name, version, sealed), Data: text, Text: true, Kind: kind,
					Encoding: probe.PuTTY, Confidence: probe.Confirmed, Private: private(text), Cut: true,
				})
			}
		}
	}
}

func TestForms(t *testing.T) {
	for _, k := range keys() {
		k.ppk.version, k.ppk.comment = 3, `C:\new "key" +/=`
		text := string(k.ppk.file())
		for name, data := range map[string]string{
			"crlf":       strings.ReplaceAll(text, "\n", "\r\n"),
			"cr":         strings.ReplaceAll(text, "\n", "\r"),
			"json":       `{"ppk":"` + strings.ReplaceAll(text, "\n", `\n`) + `"}`,
			"json twice": `{\"ppk\":\"` + strings.ReplaceAll(text, "\n", `\\r\\n`) + `\"}`,
			"slashes":    `{"ppk":"` + strings.NewReplacer("\n", `\n`, "/", `\/`).Replace(text) + `"}`,
			"indented":   "  " + strings.ReplaceAll(text, "\n", "\n  "),
			"quoted":     "\n> " + strings.ReplaceAll(text, "\n", "\n> "),
			"blanks":     strings.ReplaceAll(text, "\n", " "),
			"source":     `"` + strings.ReplaceAll(text, "\n", "\\n\"\n  \"") + `"`,
		} {
			m := one(t, []byte(data))
			if m.Kind != k.kind || m.Confidence != probe.Confirmed || !bytes.Equal(m.Identity, k.spki) {
				t.Errorf("%s, %s: %s/%s", k.name, name, m.Kind, m.Confidence)
			}
			red := string(probetest.Redact([]byte(data), []search.Found{m}))
			if !strings.Contains(red, "Private-MAC: [RE") || len(find(t, []byte(red))) > 0 {
				t.Errorf("%s, %s: not redacted", k.name, name)
			}
		}
	}
}

func TestDamaged(t *testing.T) {
	for _, k := range keys() {
		k.ppk.version = 3
		text := k.ppk.file()
		lines := bytes.Index(text, []byte("Private-Lines"))
		body := lines + len("Private-Lines: 1\n")
		mac := bytes.Index(text, []byte("Private-MAC"))
		over := func(from, to int) []byte {
			p := bytes.Clone(text)
			clear(p[from:to])
			return p
		}
		for _, c := range []struct {
			name string
			data []byte
			conf probe.Confidence
			spki bool
		}{
			{"first 32 bytes overwritten", over(0, 32), probe.Likely, false},
			{"no header", text[lines:], probe.Likely, false},
			{"no lines field", over(lines, body), probe.Likely, false},
			{"no lines field nor header", text[body:], probe.Likely, false},
			{"no mac", text[:mac], probe.Confirmed, true},
			{"cut in the mac", text[:mac+30], probe.Confirmed, true},
			{"cut in the body", text[:body+30], probe.Likely, true},
		} {
			if k.kind == privkey.RSA && (c.name == "no header" || c.name == "first 32 bytes overwritten") {
				c.conf, c.spki = probe.Confirmed, true // four numbers prove themselves
			}
			m := one(t, c.data)
			if m.Confidence != c.conf || (m.SPKI != nil) != c.spki {
				t.Errorf("%s, %s: %s/%s, public %v", k.name, c.name, m.Kind, m.Confidence, m.SPKI != nil)
			}
			if c.spki && !bytes.Equal(m.Identity, k.spki) {
				t.Errorf("%s, %s: another public key", k.name, c.name)
			}
			red := probetest.Redact(c.data, []search.Found{m})
			if len(find(t, red)) > 0 || bytes.Contains(red, text[body:body+16]) {
				t.Errorf("%s, %s: not redacted", k.name, c.name)
			}
		}
	}
}

// Without the arithmetic, the MAC alone proves a plain file.
func TestMAC(t *testing.T) {
	for version := 2; version <= 3; version++ {
		body := make([]byte, 100)
		rand.Read(body)
		k := ppk{version: version, algorithm: "ssh-future", comment: "läuft", public: strs([]byte("ssh-future"), body), private: body}
		text := k.file()
		if m := one(t, text); m.Kind != privkey.Other || m.Confidence != probe.Confirmed {
			t.Errorf("version %d: %s/%s", version, m.Kind, m.Confidence)
		}
		i := bytes.Index(text, []byte("Comment: ")) + 10
		text[i] ^= 1
		if m := one(t, text); m.Confidence != probe.Likely {
			t.Errorf("version %d with another comment: %s", version, m.Confidence)
		}
	}
}

// A seed that ends in zeros is shorter in the file, one that begins with a high bit
// may have a zero before it.
func TestEdwardsSeed(t *testing.T) {
	seed := make([]byte, 32)
	rand.Read(seed)
	seed[0] |= 0x80
	seed[31] = 0
	key := ed25519.NewKeyFromSeed(seed)
	k := ppk{version: 3, algorithm: "ssh-ed25519", public: must(ssh.NewPublicKey(key.Public())).Marshal()}
	for _, private := range [][]byte{str(seed), str(seed[:31]), str(append([]byte{0}, seed...))} {
		k.private = private
		text := k.file()
		copy(text[len(text)-20:], "0000000000") // the MAC must not be what proves it
		if m := one(t, text); m.Confidence != probe.Confirmed || m.Kind != privkey.Ed25519 {
			t.Errorf("seed of %d bytes: %s/%s", len(private)-4, m.Kind, m.Confidence)
		}
	}
}

func TestReject(t *testing.T) {
	k := keys()[3]
	k.ppk.version = 3
	text := k.ppk.file()
	cut := bytes.Index(text, []byte("Private-Lines"))
	for name, data := range map[string]string{
		"public half":     string(text[:cut]),
		"cut before body": string(text[:cut+len("Private-Lines: 1\n")]),
		"strings":         "PuTTY-User-Key-File-2\x00PuTTY-User-Key-File-\x00Private-Lines\x00Private-Lines: \x00Private-MAC\x00Private-MAC: \x00",
		"format":          "Private-Lines: %d\n%sPrivate-MAC: %s\n",
		"no count":        "Private-Lines: AAAAIQCxyzAAAAIQCxyz0123456789abc\n",
		"crosses":         "Private-Lines: 1\n" + strings.Repeat("x", 64) + "\nPrivate-MAC: 00\n",
		"prose":           "Private-Lines: 1 is the field before the body\n",
		"redacted":        "Private-Lines: 1\n[REDACTED:ed25519-private-key#1]****************\nPrivate-MAC: [REDACTED:ed25519-private-key#1]***\n",
		"mac alone":       "Private-MAC: " + hex.EncodeToString(bytes.Repeat([]byte{0x12, 0x9a}, 16)) + "\n",
	} {
		probetest.Reject(t, New(), name, []byte(data))
	}
	probetest.Reject(t, New(), "noise", probetest.Noise(5, 1<<18))
}

// Whatever the text, what is redacted lies inside it and in order, and redaction
// leaves nothing to find.
func FuzzDetect(f *testing.F) {
	for _, k := range keys()[2:] {
		k.ppk.version, k.ppk.comment = 3, "x"
		f.Add(k.ppk.file())
		k.ppk.sealed = true
		f.Add(bytes.ReplaceAll(k.ppk.file(), []byte("\n"), []byte(`\n`)))
		f.Add(k.ppk.file()[120:])
	}
	s, err := search.New([]probe.Detector{New()})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) { probetest.Sound(t, s, data) })
}
