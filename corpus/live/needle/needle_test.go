package needle

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

func noise(n int) []byte {
	p := make([]byte, n)
	rand.Read(p)
	return p
}

// slack is by how many bytes a run may be too long: the random bytes around it go
// on as the key does once in 256 times each.
const slack = 3

// at reports whether r is the n bytes from off on.
func at(r Run, off, n int) bool {
	before, after := int64(off)-r.Off, r.Off+r.Len-int64(off+n)
	return before >= 0 && before <= slack && after >= 0 && after <= slack
}

// amid puts p between random bytes.
func amid(p []byte) []byte { return slices.Concat(noise(5000), p, noise(5000)) }

func search(t *testing.T, x *Index, data []byte) []Run {
	t.Helper()
	runs, err := x.Search(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return runs
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func rsaKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	return must[*rsa.PrivateKey](t)(rsa.GenerateKey(rand.Reader, 2048))
}

func ecKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	return must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
}

// TestForms plants other people's encodings of a key and expects each to be
// found under its name.
func TestForms(t *testing.T) {
	r, e := rsaKey(t), ecKey(t)
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ns := must[[]Needle](t)(RSA("rsa", r))
	ns = append(ns, must[[]Needle](t)(EC("ec", e))...)
	ns = append(ns, must[[]Needle](t)(Ed25519("ed", ed))...)
	sshText := pem.EncodeToMemory(must[*pem.Block](t)(ssh.MarshalPrivateKey(ed, "a comment")))
	ns = append(ns, must[[]Needle](t)(OpenSSH("ed", ed, sshText))...)
	x := NewIndex(ns)

	text := func(k any) []byte {
		return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: must[[]byte](t)(x509.MarshalPKCS8PrivateKey(k))})
	}
	scalar := must[[]byte](t)(e.Bytes())
	jwk := must[[]byte](t)(json.Marshal(map[string]string{"kty": "EC", "d": base64.RawURLEncoding.EncodeToString(scalar)}))
	for _, c := range []struct {
		key, encoding string
		class         Class
		data          []byte
	}{
		{"rsa", "pem", Structure, text(r)},
		{"ec", "pem", Structure, text(e)},
		{"ed", "openssh-pem", Structure, sshText},
		{"rsa", "pem-utf16", Structure, widened(string(text(r)))},
		{"rsa", "pem-escaped", Structure, must[[]byte](t)(json.Marshal(string(text(r))))},
		{"ec", "der", Structure, must[[]byte](t)(x509.MarshalECPrivateKey(e))},
		{"rsa", "der", Structure, x509.MarshalPKCS1PrivateKey(r)},
		{"ed", "der", Structure, must[[]byte](t)(x509.MarshalPKCS8PrivateKey(ed))},
		{"ec", "jwk", Structure, jwk},
		{"ec", "jwk-utf16", Structure, widened(string(jwk))},
		{"rsa", "int-be", Plain, r.Primes[0].Bytes()},
		{"rsa", "int-le", Plain, reversed(r.D.Bytes())},
		{"ec", "hex", Plain, []byte(hex.EncodeToString(scalar))},
		{"ec", "hex", Plain, []byte(strings.ToUpper(hex.EncodeToString(scalar)))},
		{"rsa", "base64", Plain, []byte(base64.StdEncoding.EncodeToString(append([]byte("x"), r.D.Bytes()...)))},
		{"rsa", "radix-2^30", Derived, limbs(r.Primes[1], 30, 4)},
		{"ed", "int-be", Plain, ed.Seed()},
	} {
		runs := search(t, x, amid(c.data))
		if !slices.ContainsFunc(runs, func(r Run) bool { return r.Key == c.key && r.Encoding == c.encoding && r.Class == c.class }) {
			t.Errorf("%s as %s: found %+v", c.key, c.encoding, runs)
		}
		for _, r := range runs {
			if r.Key != c.key || r.Off < 5000-slack || r.Off+r.Len > int64(5000+len(c.data)+slack) {
				t.Errorf("%s as %s: stray run %+v", c.key, c.encoding, r)
			}
		}
	}
}

// TestPublic searches what anybody may see.
func TestPublic(t *testing.T) {
	r, e := rsaKey(t), ecKey(t)
	x := NewIndex(append(must[[]Needle](t)(RSA("rsa", r)), must[[]Needle](t)(EC("ec", e))...))
	public := must[[]byte](t)(x509.MarshalPKIXPublicKey(r.Public()))
	public = append(public, must[[]byte](t)(x509.MarshalPKIXPublicKey(e.Public()))...)
	public = append(public, r.N.Bytes()...)
	public = append(public, reversed(r.N.Bytes())...)
	public = append(public, base64.StdEncoding.EncodeToString(public)...)
	public = append(public, noise(1<<20)...)
	public = append(public, bytes.Repeat([]byte("[REDACTED:rsa-private-key#1]****"), 100)...)
	public = append(public, make([]byte, 10000)...)
	if runs := search(t, x, public); len(runs) > 0 {
		t.Errorf("found %+v", runs)
	}
}

// TestRedacted blanks the private parts of a key's DER and leaves the rest.
func TestRedacted(t *testing.T) {
	r := rsaKey(t)
	x := NewIndex(must[[]Needle](t)(RSA("rsa", r)))
	doc := x509.MarshalPKCS1PrivateKey(r)
	for _, v := range []*big.Int{r.D, r.Primes[0], r.Primes[1], r.Precomputed.Dp, r.Precomputed.Dq, r.Precomputed.Qinv} {
		off := bytes.Index(doc, v.Bytes())
		for i := range v.Bytes() {
			doc[off+i] = 0xdb
		}
	}
	if runs := search(t, x, doc); len(runs) > 0 {
		t.Errorf("found %+v", runs)
	}
}

// TestPieces keeps n bytes of a value: 16 are a leak, fewer are not claimed to be.
func TestPieces(t *testing.T) {
	r := rsaKey(t)
	x := NewIndex(must[[]Needle](t)(RSA("rsa", r)))
	p := reversed(r.Primes[0].Bytes())
	for _, n := range []int{piece - slack - 1, piece, 40} {
		runs := search(t, x, amid(p[30:30+n]))
		if n < piece {
			if len(runs) != 0 {
				t.Errorf("%d bytes: %+v", n, runs)
			}
			continue
		}
		if len(runs) != 1 || !at(runs[0], 5000, n) || runs[0].Part != "p" || runs[0].Encoding != "int-le" {
			t.Errorf("%d bytes: %+v", n, runs)
		}
	}
}

// TestBorders plants a value at every place around the border of two reads.
func TestBorders(t *testing.T) {
	p := noise(40)
	x := NewIndex(Opaque("key", "part", p, false))
	for off := chunk - 60; off <= chunk+20; off++ {
		data := make([]byte, chunk+200)
		copy(data[off:], p)
		runs := search(t, x, data)
		if len(runs) != 1 || runs[0].Off != int64(off) || runs[0].Len != 40 {
			t.Fatalf("at %d: %+v", off, runs)
		}
	}
}

// TestTwoKeys has two keys side by side: they are not one copy.
func TestTwoKeys(t *testing.T) {
	a, b := noise(32), noise(32)
	x := NewIndex(append(Opaque("a", "x", a, false), Opaque("b", "x", b, false)...))
	runs := search(t, x, slices.Concat(a, b, a))
	if len(runs) != 3 || runs[0].Key != "a" || runs[1].Key != "b" || runs[2].Key != "a" {
		t.Errorf("found %+v", runs)
	}
}

// TestExpand checks the schedules with the examples of FIPS 197, appendix A: the
// last round key of each key length.
func TestExpand(t *testing.T) {
	for _, c := range []struct{ key, last string }{
		{"2b7e151628aed2a6abf7158809cf4f3c", "d014f9a8c9ee2589e13f0cc8b6630ca6"},
		{"8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", "e98ba06f448c773c8ecc720401002202"},
		{"603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", "fe4890d1e6188d0b046df344706c631e"},
	} {
		k, _ := hex.DecodeString(c.key)
		w := expand(k)
		if got := hex.EncodeToString(w[len(w)-16:]); got != c.last {
			t.Errorf("%d bits: last round key %s, want %s", 8*len(k), got, c.last)
		}
		// The inner round keys of the inverse cipher are linear in the others:
		// applying InvMixColumns three times more gives the word back.
		inv := inverse(w)
		if !bytes.Equal(inv[:16], w[len(w)-16:]) || !bytes.Equal(inv[len(inv)-16:], w[:16]) {
			t.Errorf("%d bits: the inverse schedule has other ends", 8*len(k))
		}
		back := inverse(inverse(inverse(inv)))
		if !bytes.Equal(back, w) {
			t.Errorf("%d bits: InvMixColumns is not of order four", 8*len(k))
		}
	}
}

// TestSchedule finds a schedule whole and in part.
func TestSchedule(t *testing.T) {
	k := noise(32)
	x := NewIndex(append(octets("k", "key", "octets", Derived, k), Schedules("k", "key", k)...))
	w := expand(k)
	for _, c := range []struct {
		data     []byte
		encoding string
		class    Class
	}{
		{w, "schedule-enc", Structure},
		{w[100:160], "schedule-enc", Structure},
		{w[100:140], "schedule-enc-piece", Plain},
		{swapWords(inverse(w)), "schedule-dec-swapped", Structure},
		{k, "octets", Derived},
	} {
		runs := search(t, x, amid(c.data))
		if len(runs) != 1 || runs[0].Encoding != c.encoding || runs[0].Class != c.class || !at(runs[0], 5000, len(c.data)) {
			t.Errorf("%s: %+v", c.encoding, runs)
		}
	}
}

// TestTLS13 derives the record key of RFC 8448, section 3: the server's first
// application traffic key of the simple handshake. Published vector, no secret.
func TestTLS13(t *testing.T) {
	const secret = "a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643"
	const key = "9f02283b6c9c07efc26bb9f2ac92e356"
	log := fmt.Sprintf("# comment\nSERVER_TRAFFIC_SECRET_0 %064d %s\n", 0, secret)
	ns := must[[]Needle](t)(TLS13("tls", []byte(log), tls.TLS_AES_128_GCM_SHA256))
	x := NewIndex(ns)
	for part, s := range map[string]string{"server traffic secret 0": secret, "server traffic secret 0 key": key} {
		p, _ := hex.DecodeString(s)
		runs := search(t, x, amid(p))
		if len(runs) != 1 || runs[0].Part != part {
			t.Errorf("%s: %+v", part, runs)
		}
	}
	if _, err := TLS13("tls", []byte(log), tls.TLS_RSA_WITH_AES_128_CBC_SHA); err == nil {
		t.Error("a suite of TLS 1.2 is taken")
	}
}

// TestPRF compares with the vector for P_SHA256 that the TLS working group's list
// agreed on. No secret.
func TestPRF(t *testing.T) {
	unhex := func(s string) []byte { return must[[]byte](t)(hex.DecodeString(s)) }
	secret, seed := unhex("9bbe436ba940f017b17652849a71db35"), unhex("a0ba9f936cda311827a6f796ffd5198c")
	got := prf(sha256.New, secret, append([]byte("test label"), seed...), 32)
	if want := unhex("e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a"); !bytes.Equal(got, want) {
		t.Errorf("%x", got)
	}
}

// TestTLS12 finds the master secret and both keys of a connection.
func TestTLS12(t *testing.T) {
	master, client, server := noise(48), noise(32), noise(32)
	ns := must[[]Needle](t)(TLS12("tls", master, client, server, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA))
	parts := map[string]bool{}
	for _, n := range ns {
		parts[n.Part] = true
	}
	if len(parts) != 5 {
		t.Errorf("%v", parts)
	}
	if runs := search(t, NewIndex(ns), amid(master)); len(runs) != 1 || runs[0].Part != "master secret" {
		t.Errorf("%+v", runs)
	}
	if _, err := TLS12("tls", master, client, server, tls.TLS_AES_128_GCM_SHA256); err == nil {
		t.Error("a suite of TLS 1.3 is taken")
	}
}

// TestMontgomery multiplies back.
func TestMontgomery(t *testing.T) {
	n := elliptic.P256().Params().N
	v := must[*big.Int](t)(rand.Int(rand.Reader, n))
	for _, nd := range montgomery("k", "d", v, n) {
		if nd.Encoding != "int-be" {
			continue
		}
		ok := false
		for _, bits := range []uint{256, 260} {
			inv := new(big.Int).ModInverse(new(big.Int).Lsh(big.NewInt(1), bits), n)
			got := new(big.Int).SetBytes(nd.Data)
			ok = ok || got.Mul(got, inv).Mod(got, n).Cmp(v) == 0
		}
		if !ok {
			t.Error("not a Montgomery form")
		}
	}
}

// FuzzSearch plants a piece of a known value in arbitrary data: it is found at
// its place whatever surrounds it, and every run lies in the data.
func FuzzSearch(f *testing.F) {
	p := make([]byte, 64)
	for i := range p {
		p[i] = byte(i*i*7 + i*13 + 1)
	}
	x := NewIndex(Opaque("key", "part", p, true))
	f.Add([]byte("before"), []byte("after"), uint8(0), uint8(64))
	f.Add(make([]byte, 5000), make([]byte, 5000), uint8(3), uint8(20))
	f.Fuzz(func(t *testing.T, before, after []byte, from, n uint8) {
		start := int(from) % (len(p) - piece + 1)
		size := piece + int(n)%(len(p)-start-piece+1)
		data := slices.Concat(before, p[start:start+size], after)
		found := false
		for _, r := range search(t, x, data) {
			if r.Off < 0 || r.Len < piece || r.Off+r.Len > int64(len(data)) {
				t.Fatalf("run %+v in %d bytes", r, len(data))
			}
			found = found || r.Off <= int64(len(before)) && r.Off+r.Len >= int64(len(before)+size)
		}
		if !found {
			t.Fatalf("%d bytes from %d on are not found", size, start)
		}
	})
}
