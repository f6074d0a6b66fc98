package secret

import (
	"bytes"
	"crypto/aes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	stdpem "encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	"github.com/pavlo-v-chernykh/keystore-go/v4"
	"golang.org/x/crypto/ssh"
	"software.sslmate.com/src/go-pkcs12"
)

func TestFormsAreSound(t *testing.T) {
	src := Seeded(1)
	names := map[string]bool{}
	for _, f := range Forms() {
		if names[f.Name] {
			t.Errorf("%s: listed twice", f.Name)
		}
		names[f.Name] = true
		s := f.Make(src.Fork(f.Name))
		if s.Form != f.Name {
			t.Errorf("%s: makes a secret that calls itself %s", f.Name, s.Form)
		}
		labelled := s.Kind != "" && s.Encoding != "" && s.Confidence != "" && len(s.Private) > 0 || s.Link != nil
		if !labelled || s.Family == "" || s.Family != f.Family || s.Extent < len(s.Data) {
			t.Errorf("%s: incomplete label", f.Name)
		}
		for _, b := range s.Beside {
			if len(b.Private) > 0 && (b.Form == "" || b.Family != f.Family || b.Kind == "") || b.Extent < len(b.Data) {
				t.Errorf("%s: incomplete label of what lies beside it", f.Name)
			}
		}
		last := 0
		for i, r := range s.Private {
			if r.Start < last || r.Start >= r.End || r.End > len(s.Data) {
				t.Errorf("%s: private range %d is empty, outside or out of order", f.Name, i)
			}
			last = r.End
		}
		cut := regexp.MustCompile(`-truncated$|no-(begin|end)|^damaged-|-lost-|-three-rounds$`).MatchString(f.Name)
		if cut == s.Complete {
			t.Errorf("%s: Complete is %v", f.Name, s.Complete)
		}
		if s.Complete && !s.Text {
			holdsValues(t, s)
		}
	}
}

// holdsValues checks that the private ranges of a binary secret are exactly its
// values, wherever it has any.
func holdsValues(t *testing.T, s Secret) {
	switch s.Family {
	case "der", "windows", "pgp", "ssh":
	default:
		return
	}
	if len(s.Values) == 0 {
		return
	}
	for i, r := range s.Private {
		if s.Kind == KindPGP && i == 3 {
			continue // u, which is not qinv
		}
		if !madeOf(s.Data[r.Start:r.End], s.Values) {
			t.Errorf("%s: private range %d is no value", s.Form, i)
		}
	}
}

// madeOf reports whether p is values in a row, in either byte order, with zeros
// between them.
func madeOf(p []byte, values [][]byte) bool {
	for len(p) > 0 {
		n := 0
		for _, v := range values {
			if bytes.HasPrefix(p, v) || bytes.HasPrefix(p, reversed(v)) {
				n = max(n, len(v))
			}
		}
		if n == 0 && p[0] == 0 {
			n = 1
		}
		if n == 0 {
			return false
		}
		p = p[n:]
	}
	return true
}

func TestSeedDecidesEverything(t *testing.T) {
	for _, f := range Forms() {
		if strings.Contains(f.Name, "rsa") || strings.Contains(f.Name, "rs256") || strings.Contains(f.Name, "pkcs1") || strings.Contains(f.Name, "encrypted") {
			continue // each source makes its RSA keys anew: slow, and TestPool covers it
		}
		a, b := f.Make(Seeded(3).Fork(f.Name)), f.Make(Seeded(3).Fork(f.Name))
		if !bytes.Equal(a.Data, b.Data) {
			t.Errorf("%s: one seed, two secrets", f.Name)
		}
	}
	if bytes.Equal(Fresh(3).Bytes(32), Fresh(3).Bytes(32)) {
		t.Error("fresh sources give equal keys")
	}
	if Fresh(3).Uint64() != Fresh(3).Uint64() {
		t.Error("fresh sources of one seed make different choices")
	}
}

func TestPool(t *testing.T) {
	a, b := Seeded(5), Seeded(5)
	k1, k2 := a.Fork("x").rsaOf(1024), a.Fork("y").rsaOf(1024)
	if k1 != k2 {
		t.Error("forks do not share keys")
	}
	f := b.Fork("z")
	if f.rsaOf(1024).N.Cmp(k1.N) != 0 {
		t.Error("one seed, two keys")
	}
	if f.rsaOf(1024).N.Cmp(k1.N) == 0 {
		t.Error("one fork takes a key twice")
	}
}

func TestKeysAgainstX509(t *testing.T) {
	src := Seeded(7)
	r := src.rsaOf(1024)
	if !bytes.Equal(r.pkcs1().der().b, x509.MarshalPKCS1PrivateKey(r.std())) {
		t.Error("PKCS #1 differs from crypto/x509")
	}
	if !bytes.Equal(r.pkcs8().der().b, mustBytes(x509.MarshalPKCS8PrivateKey(r.std()))) {
		t.Error("PKCS #8 RSA differs from crypto/x509")
	}
	for _, c := range curves() {
		k := src.ec(c)
		parsed, err := x509.ParsePKCS8PrivateKey(k.pkcs8().der().b)
		if err != nil {
			t.Fatal(err)
		}
		std := parsed.(*ecdsa.PrivateKey)
		if !bytes.Equal(mustBytes(x509.MarshalECPrivateKey(std)), k.sec1(true).der().b) {
			t.Errorf("%s: SEC 1 differs from crypto/x509", c.name)
		}
		if !bytes.Equal(mustBytes(x509.MarshalPKIXPublicKey(&std.PublicKey)), k.spki().der().b) {
			t.Errorf("%s: public key differs from crypto/x509", c.name)
		}
	}
	e := src.ed25519()
	if !bytes.Equal(e.pkcs8().der().b, mustBytes(x509.MarshalPKCS8PrivateKey(e.std()))) {
		t.Error("PKCS #8 Ed25519 differs from crypto/x509")
	}
	for _, serial := range []int64{0, 1, 1 << 40} {
		cert, err := x509.ParseCertificate(r.certificate(serial, "x", e.spki()))
		if err != nil {
			t.Fatal(err)
		}
		cert.PublicKey = nil
		if err := (&x509.Certificate{PublicKey: &r.std().PublicKey, PublicKeyAlgorithm: x509.RSA}).CheckSignature(
			cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature); err != nil {
			t.Errorf("serial %d: %v", serial, err)
		}
	}
}

// Orders are typed in by hand.
func TestOrders(t *testing.T) {
	for i, c := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		if w := weierstrassCurves()[i]; w.order.Cmp(c.Params().N) != 0 {
			t.Errorf("%s has another order", w.name)
		}
	}
}

func TestPEM(t *testing.T) {
	src := Seeded(8)
	for _, style := range pemStyles()[:2] {
		der := src.ec(curves()[0]).pkcs8().der()
		block, rest := stdpem.Decode(pem("PRIVATE KEY", der, style).b)
		if block == nil || !bytes.Equal(block.Bytes, der.b) || len(rest) != 0 {
			t.Errorf("%s: encoding/pem reads something else", style.name)
		}
	}
	// The private characters decode to no bytes but private ones and their neighbours.
	der := src.ed25519().pkcs8().der()
	m := pem("PRIVATE KEY", der, pemStyles()[0])
	var chars []byte
	for _, r := range m.priv {
		chars = append(chars, m.b[r.Start:r.End]...)
	}
	whole := base64.StdEncoding.EncodeToString(der.b)
	if want := whole[8*16/6 : (8*48+5)/6]; string(chars) != want {
		t.Errorf("marks %d characters, want %d", len(chars), len(want))
	}
}

func TestSSH(t *testing.T) {
	src := Seeded(9)
	for _, k := range sshKeys() {
		key := k.make(src)
		blob := src.openSSH(key, false)
		text := pem("OPENSSH PRIVATE KEY", blob, pemStyle{eol: "\n", width: sshWidth})
		signer, err := ssh.ParsePrivateKey(text.b)
		if err != nil {
			t.Errorf("%s: %v", k.name, err)
			continue
		}
		if !bytes.Equal(signer.PublicKey().Marshal(), key.public.b) {
			t.Errorf("%s: another public key", k.name)
		}
	}
}

func TestPGP(t *testing.T) {
	src := Seeded(10)
	for _, k := range []pgpKey{src.rsaOf(1024), src.ed25519()} {
		for _, old := range []bool{true, false} {
			algorithm, public, private := k.pgp()
			m := src.pgpSecret(algorithm, public, private, old, false)
			p, err := packet.Read(bytes.NewReader(m.b))
			if err != nil {
				t.Fatal(err)
			}
			if priv := p.(*packet.PrivateKey); priv.Encrypted || priv.PrivateKey == nil {
				t.Error("not read as a plain private key")
			}
			m.app(pgpUser())
			if _, err := openpgp.ReadArmoredKeyRing(bytes.NewReader(armor("PRIVATE KEY", m).b)); err != nil &&
				!strings.Contains(err.Error(), "identity") && !strings.Contains(err.Error(), "self-signature") &&
				!strings.Contains(err.Error(), "entity without any identities") {
				t.Error(err)
			}
		}
	}
}

func TestStores(t *testing.T) {
	src := Seeded(11)
	k := src.rsaOf(1024)
	cert := src.rsaOf(1024).certificate(5, "x", k.spki())
	m := src.javaStore(magicJKS, k.pkcs8().der().b, cert)
	ks := keystore.New()
	if err := ks.Load(bytes.NewReader(m.b), []byte(password)); err != nil {
		t.Fatal(err)
	}
	entry, err := ks.GetPrivateKeyEntry("server", []byte(password))
	if err != nil || !bytes.Equal(entry.PrivateKey, k.pkcs8().der().b) {
		t.Errorf("JKS: %v", err)
	}
	for _, enc := range []*pkcs12.Encoder{pkcs12.Modern, pkcs12.LegacyDES} {
		m := src.pkcs12(enc, k.std(), cert)
		if _, _, err := pkcs12.Decode(m.b, password); err != nil {
			t.Error(err)
		}
		if len(m.priv) != 1 || m.priv[0].End-m.priv[0].Start < 600 {
			t.Errorf("PKCS #12: private ranges %v", m.priv)
		}
	}
}

func TestJCEKSOpensWithKeytool(t *testing.T) {
	keytool, err := exec.LookPath("keytool")
	if err != nil || testing.Short() {
		t.Skip("needs keytool, and a second")
	}
	src := Seeded(14)
	k := src.rsaOf(1024)
	m := src.javaStore(magicJCEKS, k.pkcs8().der().b, src.rsaOf(1024).certificate(5, "x", k.spki()))
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	if err := os.WriteFile(in, m.b, 0o600); err != nil {
		t.Fatal(err)
	}
	// To convert the store keytool must check its digest and decrypt its key.
	cmd := exec.Command(keytool, "-importkeystore", "-srckeystore", in, "-srcstoretype", "jceks", "-srcstorepass", password,
		"-destkeystore", out, "-deststoretype", "pkcs12", "-deststorepass", password, "-noprompt")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	pfx, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	key, _, _, err := pkcs12.DecodeChain(pfx, password)
	if err != nil || !bytes.Equal(mustBytes(x509.MarshalPKCS8PrivateKey(key)), k.pkcs8().der().b) {
		t.Errorf("keytool reads another key: %v", err)
	}
}

func TestAES(t *testing.T) {
	key := []byte{0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6, 0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c}
	w := expand(key)
	// FIPS 197, appendix A.1, w[40] to w[43]. The key is the standard's test key.
	want := []byte{0xd0, 0x14, 0xf9, 0xa8, 0xc9, 0xee, 0x25, 0x89, 0xe1, 0x3f, 0x0c, 0xc8, 0xb6, 0x63, 0x0c, 0xa6}
	if len(w) != 176 || !bytes.Equal(w[160:], want) {
		t.Errorf("the last round key is %x", w[160:])
	}
	for _, n := range []int{16, 24, 32} {
		key := Seeded(uint64(n)).Bytes(n)
		if got, want := encryptWith(expand(key), make([]byte, 16)), aesOf(key); !bytes.Equal(got, want) {
			t.Errorf("AES-%d: schedule encrypts to something else", 8*n)
		}
		if got := decryptWith(inverse(expand(key)), aesOf(key)); !bytes.Equal(got, make([]byte, 16)) {
			t.Errorf("AES-%d: inverse schedule does not decrypt", 8*n)
		}
	}
}

func aesOf(key []byte) []byte {
	c, _ := aes.NewCipher(key)
	out := make([]byte, 16)
	c.Encrypt(out, out)
	return out
}

// encryptWith is Cipher and decryptWith EqInvCipher of FIPS 197, sections 5.1
// and 5.3.5.
func encryptWith(w, in []byte) []byte {
	s := sbox()
	state := xor(in, w[:16])
	for r := 16; r < len(w); r += 16 {
		next := make([]byte, 16)
		for i := range next {
			next[i] = s[state[(i+4*(i%4))%16]]
		}
		if r < len(w)-16 {
			for c := 0; c < 16; c += 4 {
				col := [4]byte(next[c:])
				for i := range 4 {
					next[c+i] = mul(col[i], 2) ^ mul(col[(i+1)%4], 3) ^ col[(i+2)%4] ^ col[(i+3)%4]
				}
			}
		}
		state = xor(next, w[r:r+16])
	}
	return state
}

func decryptWith(w, in []byte) []byte {
	var inv [256]byte
	for i, b := range sbox() {
		inv[b] = byte(i)
	}
	state := xor(in, w[:16])
	for r := 16; r < len(w); r += 16 {
		next := make([]byte, 16)
		for i := range next {
			next[i] = inv[state[(i+12*(i%4))%16]]
		}
		if r < len(w)-16 {
			for c := 0; c < 16; c += 4 {
				col := invMixColumn([4]byte(next[c:]))
				copy(next[c:], col[:])
			}
		}
		state = xor(next, w[r:r+16])
	}
	return state
}

func xor(a, b []byte) []byte {
	out := make([]byte, 16)
	for i := range out {
		out[i] = a[i] ^ b[i]
	}
	return out
}

func TestES256(t *testing.T) {
	src := Seeded(12)
	digest := src.Bytes(32)
	signer := Seeded(13)
	d := Seeded(13).ec(curves()[0]) // the key that signES256 draws first
	sig := signer.signES256(digest)
	parsed, err := x509.ParsePKIXPublicKey(d.spki().der().b)
	if err != nil {
		t.Fatal(err)
	}
	r, s := new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])
	if !ecdsa.Verify(parsed.(*ecdsa.PublicKey), digest, r, s) {
		t.Error("the signature does not verify")
	}
}
