package pgp

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// expr is a key as a list of names and octets.
type expr struct {
	name, kind string
	head, algo string
	params     []param
	last       string // canonical text before the closing parentheses
}

type param struct {
	name   string
	value  []byte
	secret bool
}

func signed(n *big.Int) []byte {
	p := n.Bytes()
	if len(p) > 0 && p[0] >= 0x80 {
		p = append([]byte{0}, p...)
	}
	return p
}

func (e expr) canonical() []byte {
	var w bytes.Buffer
	fmt.Fprintf(&w, "(%d:%s(%d:%s", len(e.head), e.head, len(e.algo), e.algo)
	for _, p := range e.params {
		fmt.Fprintf(&w, "(%d:%s%d:%s)", len(p.name), p.name, len(p.value), p.value)
	}
	w.WriteString(e.last + "))")
	return w.Bytes()
}

// native writes e as libgcrypt keeps it on a little-endian machine.
func (e expr) native() []byte {
	var w bytes.Buffer
	atom := func(p string) {
		w.Write([]byte{1, byte(len(p)), byte(len(p) >> 8)})
		w.WriteString(p)
	}
	w.WriteByte(3)
	atom(e.head)
	w.WriteByte(3)
	atom(e.algo)
	for _, p := range e.params {
		w.WriteByte(3)
		atom(p.name)
		atom(string(p.value))
		w.WriteByte(4)
	}
	w.Write([]byte{4, 4, 0})
	return w.Bytes()
}

// advanced writes e with lines of digits, as GnuPG's key files have them.
func (e expr) advanced(width int) []byte {
	var w bytes.Buffer
	fmt.Fprintf(&w, "Key: (%s (%s ", e.head, e.algo)
	for _, p := range e.params {
		if len(p.name) > 1 {
			fmt.Fprintf(&w, "(%s %s)", p.name, p.value)
			continue
		}
		digits := strings.ToUpper(hex.EncodeToString(p.value))
		fmt.Fprintf(&w, "(%s #", p.name)
		for len(digits) > width {
			w.WriteString(digits[:width] + "\n ")
			digits = digits[width:]
		}
		fmt.Fprintf(&w, "%s#)", digits)
	}
	w.WriteString("))\n")
	return w.Bytes()
}

func (e expr) secrets(text bool) [][]byte {
	var out [][]byte
	for _, p := range e.params {
		switch {
		case p.secret && text:
			out = append(out, []byte(strings.ToUpper(hex.EncodeToString(p.value))))
		case p.secret:
			out = append(out, p.value)
		}
	}
	return out
}

func exprs(t testing.TB) []expr {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p, q := k.Primes[1], k.Primes[0]
	u := new(big.Int).ModInverse(p, q)
	n, e := param{"n", signed(k.N), false}, param{"e", []byte{1, 0, 1}, false}
	pk, sk, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	d, err := ec.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	point, err := ec.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	seed, scalar := new(big.Int).SetBytes(sk.Seed()), new(big.Int).SetBytes(d)
	return []expr{
		{name: "rsa", kind: privkey.RSA, head: sexpPlain, algo: "rsa", params: []param{
			n, e, {"d", signed(k.D), true}, {"p", signed(p), true}, {"q", signed(q), true}, {"u", signed(u), true},
		}},
		{name: "ed25519", kind: privkey.Ed25519, head: sexpPlain, algo: "ecc", params: []param{
			{"curve", []byte("Ed25519"), false}, {"flags", []byte("eddsa"), false},
			{"q", append([]byte{0x40}, pk...), false}, {"d", signed(seed), true},
		}},
		{name: "nistp256", kind: privkey.EC, head: sexpPlain, algo: "ecc", params: []param{
			{"curve", []byte("nistp256"), false}, {"q", point, false}, {"d", signed(scalar), true},
		}},
		{name: "protected", kind: privkey.Encrypted, head: sexpProtected, algo: "rsa", params: []param{n, e}},
	}
}

const protection = "(9:protected25:openpgp-s2k3-sha1-aes-cbc((4:sha18:saltsalt8:12345678)16:initializationve)48:%s)(12:protected-at15:20260101T000000)"

func TestSexpAccept(t *testing.T) {
	var binary, text []probetest.Case
	for _, e := range exprs(t) {
		c := probetest.Case{
			Name: e.name, Kind: e.kind, Encoding: encodingSexp, Confidence: probe.Confirmed, Private: e.secrets(false), Cut: true,
		}
		if e.kind == privkey.Encrypted {
			sealed := random(48)
			e.last = fmt.Sprintf(protection, sealed)
			c.Private = [][]byte{sealed}
			c.Data = e.canonical()
			binary = append(binary, c)
			c.Text, c.Private = true, [][]byte{[]byte(hex.EncodeToString(sealed))}
			head := bytes.TrimSuffix(e.advanced(1<<20), []byte("))\n"))
			c.Data = fmt.Appendf(head, "(protected openpgp-s2k3-ocb-aes ((sha1 #0102030405060708# \"12345678\")#%x#)#%x#)(protected-at \"20260101T000000\")))\n", random(12), sealed)
			text = append(text, c)
			continue
		}
		c.Data = e.canonical()
		binary = append(binary, c)
		c.Data, c.Text, c.Private = e.advanced(1<<20), true, e.secrets(true)
		text = append(text, c)
		c.Name, c.Data, c.Private = e.name+" in lines", e.advanced(64), nil
		text = append(text, c)
	}
	probetest.Accept(t, NewSexp(), binary...)
	probetest.Accept(t, NewSexpText(), text...)
}

// TestSexpQuotedSalt: a salt may be quoted, with escapes and octets that are no text.
func TestSexpQuotedSalt(t *testing.T) {
	sealed := random(48)
	data := fmt.Appendf(nil, "(protected-private-key (rsa (n #00%x#)(e #010001#)(protected openpgp-s2k3-ocb-aes ((sha1 \"\xa1z\\\"\xff\\\\)(\xe4\" \"12345678\")#%x#)#%x#)(protected-at \"20260101T000000\")))\n",
		random(256), random(12), sealed)
	s, err := search.New([]probe.Detector{NewSexpText()})
	if err != nil {
		t.Fatal(err)
	}
	fs := probetest.Matches(s, data, len(data))
	if len(fs) != 1 || fs[0].Kind != privkey.Encrypted || fs[0].Confidence != probe.Confirmed {
		t.Fatalf("%d matches", len(fs))
	}
	if bytes.Contains(probetest.Redact(data, fs), []byte(hex.EncodeToString(sealed))) {
		t.Error("the secret is left")
	}
}

// TestSexpNative: whole keys, and those that lost their first 32 octets.
func TestSexpNative(t *testing.T) {
	for _, e := range exprs(t)[:3] {
		c := probetest.Case{
			Name: e.name, Data: e.native(), Kind: e.kind, Encoding: encodingSexp, Confidence: probe.Confirmed, Private: e.secrets(false),
		}
		probetest.Accept(t, NewSexpNative(), c)
		c.Name, c.Data = e.name+" without its head", slices.Clone(c.Data)
		copy(c.Data, random(32))
		if e.kind != privkey.RSA {
			c.Kind, c.Confidence = privkey.Other, probe.Likely
		}
		probetest.Accept(t, NewSexpNative(), c)
		e.head = "public-key"
		e.params = slices.DeleteFunc(slices.Clone(e.params), func(p param) bool { return p.secret })
		probetest.Reject(t, NewSexpNative(), e.name+" public", e.native())
	}
	probetest.Reject(t, NewSexpNative(), "random", random(1<<20))
}

// TestSexpLines: no line of digits survives.
func TestSexpLines(t *testing.T) {
	for _, e := range exprs(t) {
		data := e.advanced(64)
		out := redact(t, NewSexpText(), data)
		for _, secret := range e.secrets(true) {
			for i := 0; i+32 <= len(secret); i += 16 {
				if bytes.Contains(out, secret[i:i+32]) {
					t.Errorf("%s: digits %d survive", e.name, i)
				}
			}
		}
		if len(out) != len(data) || bytes.Count(out, []byte("\n")) != bytes.Count(data, []byte("\n")) {
			t.Errorf("%s: lines are lost", e.name)
		}
	}
}

// TestSexpHeadless: a key that lost its first 32 octets is still found, once.
func TestSexpHeadless(t *testing.T) {
	for _, e := range exprs(t)[:3] {
		damaged := e.canonical()
		whole, ok := parseSexp(textOf(damaged), damaged, 0, canonicalForm)
		if !ok {
			t.Fatal("whole key not found")
		}
		k, _ := whole.key(probe.Range{Start: 0, End: len(damaged)})
		s, err := search.New([]probe.Detector{NewSexp()})
		if err != nil {
			t.Fatal(err)
		}
		if fs := probetest.Matches(s, damaged, len(damaged)); len(fs) != 1 {
			t.Errorf("%s: %d matches, want 1", e.name, len(fs))
		}
		copy(damaged, random(32))
		c := probe.Likely
		kind := privkey.Other
		if e.kind == privkey.RSA {
			c, kind = probe.Confirmed, privkey.RSA
		}
		probetest.Accept(t, NewSexp(), probetest.Case{
			Name: e.name, Data: damaged, Kind: kind, Encoding: encodingSexp, Confidence: c, Private: e.secrets(false),
		})
		for _, f := range probetest.Matches(s, damaged, len(damaged)) {
			if e.kind == privkey.RSA && !bytes.Equal(f.Identity, k.Identity) {
				t.Errorf("%s: the damaged copy has another identity", e.name)
			}
		}
	}
}

func textOf(data []byte) probe.Text {
	t, _ := probe.TextOf(probe.View{Data: data})
	return t
}

func TestSexpReject(t *testing.T) {
	for _, d := range []probe.Detector{NewSexp(), NewSexpText()} {
		for _, e := range exprs(t) {
			e.head = "public-key"
			var pub []param
			for _, p := range e.params {
				if !p.secret {
					pub = append(pub, p)
				}
			}
			e.params = pub
			probetest.Reject(t, d, e.name+" public", e.canonical())
			probetest.Reject(t, d, e.name+" public text", e.advanced(64))
			e.head = "shadowed-private-key"
			probetest.Reject(t, d, e.name+" stub", e.canonical())
		}
		probetest.Reject(t, d, "template", []byte("(private-key(rsa(n%m)(e%m)(d%m)(p%m)(q%m)(u%m)))\x00(private-key (ecc (d %b)))"))
		probetest.Reject(t, d, "name in a program", []byte("(11:private-key(3:rsa\x00(1:d\x00(1:d4096:\x00"+strings.Repeat("(1:d", 500)))
		probetest.Reject(t, d, "random", random(1<<20))
		probetest.Reject(t, d, "nested", []byte("(private-key "+strings.Repeat("(", 20000)))
	}
}

// FuzzSexp: what is found lies inside the data, in order, and is not found again
// once it is redacted.
func FuzzSexp(f *testing.F) {
	for _, e := range exprs(f) {
		f.Add(e.canonical(), false)
		f.Add(e.native(), false)
		f.Add(e.advanced(64), true)
	}
	f.Fuzz(func(t *testing.T, b []byte, text bool) {
		d := NewSexp()
		if text {
			d = NewSexpText()
		}
		s, err := search.New([]probe.Detector{d, NewSexpNative()})
		if err != nil {
			t.Fatal(err)
		}
		fs := probetest.Matches(s, b, len(b))
		for _, m := range fs {
			last := 0
			for _, r := range m.Redact {
				if r.Start < last || r.End <= r.Start || r.End > len(b) {
					t.Fatalf("range %v in %d octets", r, len(b))
				}
				last = r.End
			}
			if len(m.Identity) == 0 || len(m.Redact) == 0 {
				t.Fatal("a match without identity or private part")
			}
		}
		red := probetest.Redact(b, fs)
		if again := probetest.Matches(s, red, len(red)); len(again) > 0 {
			t.Fatalf("found again after redaction: %v, first %v", again[0].Redact, fs[0].Redact)
		}
	})
}
