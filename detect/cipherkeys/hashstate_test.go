package cipherkeys

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// hashed is a context of a library after one block, laid out by hand from its header.
type hashed struct {
	name  string
	build func(state []byte) []byte
	size  int
}

func hashedContexts() []hashed {
	le := func(width int, n uint64) []byte { return binary.LittleEndian.AppendUint64(nil, n)[:width] }
	zero := func(n int) []byte { return make([]byte, n) }
	cat := func(ps ...[]byte) []byte { return bytes.Join(ps, nil) }
	return []hashed{
		{"SHA256_CTX", func(h []byte) []byte { return cat(h, le(4, 512), le(4, 0), zero(64), le(4, 0), le(4, 32)) }, 32},
		{"SHA256_CTX 224", func(h []byte) []byte { return cat(h, le(4, 512), le(4, 0), zero(64), le(4, 0), le(4, 28)) }, 32},
		{"SHA512_CTX", func(h []byte) []byte { return cat(h, le(8, 1024), le(8, 0), zero(128), le(4, 0), le(4, 64)) }, 64},
		{"SHA512_CTX 384", func(h []byte) []byte { return cat(h, le(8, 1024), le(8, 0), zero(128), le(4, 0), le(4, 48)) }, 64},
		{"SHA_CTX", func(h []byte) []byte { return cat(h, le(4, 512), le(4, 0), zero(64), le(4, 0)) }, 20},
		{"mbedtls_sha256", func(h []byte) []byte { return cat(le(4, 64), le(4, 0), h, zero(64), le(4, 0)) }, 32},
		{"mbedtls_sha512", func(h []byte) []byte { return cat(le(8, 128), le(8, 0), h, zero(128), le(4, 1)) }, 64},
		{"mbedtls_sha1", func(h []byte) []byte { return cat(le(4, 64), le(4, 0), h, zero(64)) }, 20},
		{"nettle sha256", func(h []byte) []byte { return cat(h, le(8, 1), le(4, 0), zero(68)) }, 32},
		{"nettle sha512", func(h []byte) []byte { return cat(h, le(8, 1), le(8, 0), le(4, 0), zero(132)) }, 64},
		{"nettle sha1", func(h []byte) []byte { return cat(h, le(4, 0), le(8, 1), le(4, 0), zero(68)) }, 20},
		{"gcrypt sha256", func(h []byte) []byte {
			return cat(zero(128), le(8, 1), le(8, 0), le(4, 0), le(4, 6), le(8, 0x7f0012345678), h)
		}, 32},
		{"gcrypt sha512", func(h []byte) []byte {
			return cat(zero(128), le(8, 1), le(8, 0), le(4, 0), le(4, 7), le(8, 0x7f0012345678), h)
		}, 64},
		{"gcrypt sha1", func(h []byte) []byte {
			return cat(zero(128), le(8, 1), le(8, 0), le(4, 0), le(4, 6), le(8, 0x7f0012345678), h, zero(12))
		}, 20},
		{"Go sha256", func(h []byte) []byte { return cat(h, zero(64), le(8, 0), le(8, 64), zero(8)) }, 32},
		{"Go sha512", func(h []byte) []byte { return cat(h, zero(128), le(8, 0), le(8, 128), le(8, 4)) }, 64},
		{"Go sha1", func(h []byte) []byte { return cat(h, zero(64), zero(4), le(8, 0), le(8, 64)) }, 20},
	}
}

// weak reports whether nothing but a count shows what it is.
func (c hashed) weak() bool {
	switch c.name {
	case "SHA_CTX", "mbedtls_sha1", "nettle sha1", "nettle sha256", "nettle sha512", "Go sha1", "Go sha512":
		return true
	}
	return false
}

// denseBytes returns random bytes that dense does not turn down.
func denseBytes(seed uint64, n int) []byte {
	for ; ; seed += 1000 {
		if p := randomBytes(seed, n); dense(p) && dense(p[:16]) {
			return p
		}
	}
}

func TestHashState(t *testing.T) {
	for i, c := range hashedContexts() {
		inner, outer := denseBytes(uint64(2*i), c.size), denseBytes(uint64(2*i+1), c.size)
		data := bytes.Join([][]byte{c.build(inner), make([]byte, 16), c.build(outer)}, nil)
		if strings.HasPrefix(c.name, "nettle") {
			data = append(c.build(inner), c.build(outer)...)
		}
		probetest.Accept(t, NewHashState(), probetest.Case{
			Name: c.name, Data: data, Kind: HMACKey, Encoding: probe.Expanded,
			Confidence: probe.Likely, Private: [][]byte{inner, outer},
		})
	}
}

// One alone, or one and its copy, may be the hash of anything.
func TestHashStateAlone(t *testing.T) {
	s, err := search.New([]probe.Detector{NewHashState()})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range hashedContexts() {
		p := c.build(denseBytes(uint64(100+i), c.size))
		other := c.build(denseBytes(uint64(200+i), c.size))
		for name, data := range map[string][]byte{
			"alone": p, "a copy": append(bytes.Clone(p), p...),
			"far": bytes.Join([][]byte{p, make([]byte, 2*stateReach), other}, nil),
		} {
			fs := probetest.Matches(s, data, len(data))
			if (len(fs) == 0) != c.weak() {
				t.Errorf("%s %s: %d matches", c.name, name, len(fs))
			}
			for _, f := range fs {
				if f.Confidence != probe.Possible {
					t.Errorf("%s %s: %s", c.name, name, f.Confidence)
				}
			}
		}
	}
}

// A context is none when anything but the state differs.
func TestHashStateReject(t *testing.T) {
	for i, c := range hashedContexts() {
		state := denseBytes(uint64(300+i), c.size)
		good := c.build(state)
		zeroed := c.build(make([]byte, c.size))
		probetest.Reject(t, NewHashState(), c.name+" without a state", zeroed)
		probetest.Reject(t, NewHashState(), c.name+" of text", c.build(bytes.Repeat([]byte("text"), 16)[:c.size]))
		probetest.Reject(t, NewHashState(), c.name+" of pointers", c.build(bytes.Repeat([]byte("\x10\x32\x54\x76\x98\x7f\x00\x00"), 8)[:c.size]))
		at := bytes.IndexFunc(zeroed, func(r rune) bool { return r != 0 })
		if at < 0 {
			t.Fatal("no count")
		}
		for b := range 8 {
			bad := bytes.Clone(good)
			bad[at] ^= 1 << b
			// One bit can turn one library's count into another's, with less to check.
			if n := bad[at]; n&(n-1) != 0 {
				probetest.Reject(t, NewHashState(), fmt.Sprintf("%s bit %d of the count", c.name, b), bad)
			}
		}
	}
	// Points of P-521 as OpenSSL's tables have them: coordinates of nine digits, of which the third is 1.
	var table []byte
	for i := range 16 {
		p := randomBytes(uint64(700+i), 144)
		for k := 0; k < len(p); k += 8 {
			p[k+7] &= 3
		}
		table = append(append(table, p...), append([]byte{1}, make([]byte, 71)...)...)
	}
	probetest.Reject(t, NewHashState(), "table of P-521", append(table, make([]byte, 216)...))
	probetest.Reject(t, NewHashState(), "random", randomBytes(1, 16<<20))
	probetest.Reject(t, NewHashState(), "noise", probetest.Noise(3, 16<<20))
}

func FuzzHashState(f *testing.F) {
	for i, c := range hashedContexts() {
		p := c.build(denseBytes(uint64(i), c.size))
		f.Add(append(bytes.Clone(p), c.build(denseBytes(uint64(50+i), c.size))...), uint16(i))
	}
	s, err := search.New([]probe.Detector{NewHashState()})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, p []byte, cut uint16) {
		if len(p) > 1024 {
			return
		}
		k := min(int(cut), len(p))
		probetest.Chunks(t, s, bytes.Join([][]byte{p[k:], p, p[:k]}, nil), 37)
	})
}
