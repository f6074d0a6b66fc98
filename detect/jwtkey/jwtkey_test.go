package jwtkey

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/jose"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

func hashOf(bits int) func() hash.Hash {
	return map[int]func() hash.Hash{256: sha256.New, 384: sha512.New384, 512: sha512.New}[bits]
}

// token returns a token as libraries write it.
func token(key []byte, bits int) []byte {
	enc := base64.RawURLEncoding
	head := enc.EncodeToString(fmt.Appendf(nil, `{"alg":"HS%d","typ":"JWT"}`, bits))
	text := head + "." + enc.EncodeToString(fmt.Appendf(nil, `{"sub":"%x","iat":1700000000}`, octetsOf(6)))
	h := hmac.New(hashOf(bits), key)
	h.Write([]byte(text))
	return []byte(text + "." + enc.EncodeToString(h.Sum(nil)))
}

func octetsOf(n int) []byte {
	p := make([]byte, n)
	rand.Read(p)
	return p
}

// randomKey is octets of which the filter says that they look random, as nearly all do.
func randomKey(n int) []byte {
	for {
		if p := octetsOf(n); random(p) && !plain(binary.LittleEndian.Uint64(p)) {
			return p
		}
	}
}

// factsOf returns what the detector of tokens sees in memory.
func factsOf(t testing.TB, memory ...[]byte) (f probe.Facts) {
	t.Helper()
	s, err := search.New([]probe.Detector{jose.JWT()})
	if err != nil {
		t.Fatal(err)
	}
	data := bytes.Join(memory, []byte{0})
	s.Search(search.Window{Data: data, Hi: len(data)}, func(m search.Found) {
		if m.HMAC != 0 {
			f.Signed = append(f.Signed, probe.Signed{Bits: m.HMAC, Text: bytes.Clone(m.Identity)})
		}
	})
	return f
}

// TestText holds that keys in text are found by every hash function and in every way in which
// configuration writes them.
func TestText(t *testing.T) {
	for _, bits := range []int{256, 384, 512} {
		for name, c := range map[string]struct {
			key      []byte
			encoding string
			format   string
			text     func([]byte) string
		}{
			"string":      {[]byte(hex.EncodeToString(octetsOf(9))), probe.ASCII, "\x00%s\x00", nil},
			"long":        {[]byte(hex.EncodeToString(octetsOf(62))), probe.ASCII, "\x00%s\x00", nil},
			"marks":       {[]byte("p@ss/w=rd-" + hex.EncodeToString(octetsOf(5))), probe.ASCII, "\x00%s\x00", nil},
			"phrase":      {[]byte("the " + hex.EncodeToString(octetsOf(3)) + " of words"), probe.ASCII, "\x00%s\x00", nil},
			"quoted":      {[]byte("the " + hex.EncodeToString(octetsOf(3)) + " of words"), probe.ASCII, "x: {\"s\": \"%s\"}", nil},
			"environment": {[]byte(hex.EncodeToString(octetsOf(9))), probe.ASCII, "\x00SECRET=%s\x00", nil},
			"list":        {[]byte(hex.EncodeToString(octetsOf(9))), probe.ASCII, "\nkeys = a,%s,b\n", nil},
			"base64url":   {octetsOf(32), probe.Base64, `{"kty":"oct","k":"%s"}`, base64.RawURLEncoding.EncodeToString},
			"base64":      {octetsOf(64), probe.Base64, "\x00%s\x00", base64.StdEncoding.EncodeToString},
			"hex":         {octetsOf(32), probe.Hex, "\x00%s\x00", hex.EncodeToString},
			"stale":       {[]byte(hex.EncodeToString(octetsOf(9))), probe.ASCII, "\x00\x00\x00\x00\x12\x00\x00\x00%sstale\x00", nil},
		} {
			f := factsOf(t, token(c.key, bits))
			if len(f.Signed) != 1 {
				t.Fatalf("%d tokens", len(f.Signed))
			}
			text := string(c.key)
			if c.text != nil {
				text = c.text(c.key)
			}
			data := fmt.Appendf(nil, c.format, text)
			probetest.Accept(t, Text(f), probetest.Case{
				Name: fmt.Sprintf("%s/%d", name, bits), Data: data, Kind: Kind, Encoding: c.encoding,
				Confidence: probe.Confirmed, Private: [][]byte{[]byte(text)},
			})
			if name == "stale" {
				continue
			}
			encoding := c.encoding
			if encoding == probe.ASCII {
				encoding = probe.UTF16LE
			}
			probetest.Accept(t, Wide(f), probetest.Case{
				Name: fmt.Sprintf("%s/%d/utf16", name, bits), Data: probetest.Widen(data), Kind: Kind, Encoding: encoding,
				Confidence: probe.Confirmed, Private: [][]byte{probetest.Widen([]byte(text))},
			})
		}
	}
}

// TestOctets holds that keys of random bytes are found as programs of several languages keep them,
// however memory is cut.
func TestOctets(t *testing.T) {
	word := func(size int, n uint64) []byte {
		return binary.LittleEndian.AppendUint64(nil, n)[:size]
	}
	for _, bits := range []int{256, 384, 512} {
		for name, c := range map[string]struct {
			n      int
			before []byte
		}{
			"Java":             {32, append(make([]byte, 12), word(4, 32)...)},
			"Java, 12 bytes":   {20, append(make([]byte, 8), word(4, 20)...)},
			".NET":             {64, append(make([]byte, 8), word(8, 64)...)},
			"CPython":          {24, append(word(8, 24), 1, 2, 3, 4, 5, 6, 7, 0xff)},
			"malloc":           {64, append(make([]byte, 8), word(8, 81)...)},
			"malloc, 32 bytes": {32, append(make([]byte, 8), word(8, 49)...)},
			"malloc, 16 bytes": {16, append(make([]byte, 8), word(8, 33)...)},
			"Go":               {32, make([]byte, 32)},
		} {
			key := randomKey(c.n)
			d := Octets(factsOf(t, token(key, bits)))
			s, err := search.New([]probe.Detector{d})
			if err != nil {
				t.Fatal(err)
			}
			data := append(append(bytes.Clone(c.before), key...), make([]byte, 40)...)
			for off := 0; off < 64; off += 16 {
				memory := append(make([]byte, off), data...)
				fs := probetest.Matches(s, memory, len(memory))
				at := off + len(c.before)
				if name == "Java, 12 bytes" && at&3 != 0 {
					t.Fatal("not aligned")
				}
				if len(fs) != 1 || fs[0].Range != (probe.Range{Start: at, End: at + c.n}) {
					t.Fatalf("%s at %d: %d findings", name, off, len(fs))
				}
				if one := probetest.Matches(s, memory, 1); len(one) != 1 || one[0].Range != fs[0].Range {
					t.Errorf("%s: %d findings in chunks of one byte", name, len(one))
				}
				if again := probetest.Redact(memory, fs); len(probetest.Matches(s, again, len(again))) != 0 {
					t.Errorf("%s: found in what was redacted", name)
				}
			}
		}
	}
}

// TestOthers holds that nothing but the key of a token in the dump is a key, and that
// there is no prover without one.
func TestOthers(t *testing.T) {
	key := []byte(hex.EncodeToString(octetsOf(16)))
	tok := token(key, 256)
	f := factsOf(t, tok, token(octetsOf(32), 512))
	if len(f.Signed) != 2 {
		t.Fatalf("%d tokens", len(f.Signed))
	}
	s, err := search.New([]probe.Detector{Text(f), Wide(f), Octets(f)})
	if err != nil {
		t.Fatal(err)
	}
	memory := append(append(probetest.Noise(3, 1<<16), tok...), octetsOf(1<<16)...)
	for range 1000 {
		memory = fmt.Appendf(memory, "\x00%x\x00\"%s\"", octetsOf(16), base64.StdEncoding.EncodeToString(octetsOf(30)))
	}
	if fs := probetest.Matches(s, memory, len(memory)); len(fs) != 0 {
		t.Errorf("%d keys where there is none", len(fs))
	}
	if fs := probetest.Matches(s, append(append(memory, 'x'), key...), len(memory)+len(key)+1); len(fs) != 0 {
		t.Errorf("%d keys that are glued to text", len(fs))
	}
	if Text(probe.Facts{}) != nil || Wide(probe.Facts{}) != nil || Octets(probe.Facts{}) != nil {
		t.Error("provers without a token")
	}
	if c := &tok[len(tok)-9]; *c == 'A' {
		*c = 'B'
	} else {
		*c = 'A'
	}
	bad := probe.Facts{Signed: []probe.Signed{{Bits: 256, Text: tok}, {Bits: 512, Text: tok}, {Bits: 256, Text: []byte("x")}}}
	s, err = search.New([]probe.Detector{Text(bad)})
	if err != nil {
		t.Fatal(err)
	}
	if fs := probetest.Matches(s, append(key, 0), len(key)+1); len(fs) != 0 {
		t.Error("a key of a code that it does not make")
	}
}

func BenchmarkProves(b *testing.B) {
	p := newProver(factsOf(b, token(octetsOf(32), 256)))
	key := octetsOf(32)
	for i := range b.N {
		binary.LittleEndian.PutUint64(key, uint64(i))
		if p.proves(key) {
			b.Fatal("a key")
		}
	}
}
