package tlssecret

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"fmt"
	"hash"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// connection is the key schedule of one, as the standard library computes it.
type connection struct {
	n                                  int
	handshake, salt, master            []byte
	hello, finished, done              []byte // hashes of the messages until then
	clientHS, serverHS, client, server []byte
	exporter, resumption               []byte
}

// deriveSecret is Derive-Secret (RFC 8446, section 7.1).
func deriveSecret(h func() hash.Hash, secret []byte, label string, sum []byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, uint16(len(secret)))
	b = append(append(append(b, byte(len(label))), label...), byte(len(sum)))
	k, err := hkdf.Expand(h, secret, string(append(b, sum...)), len(secret))
	if err != nil {
		panic(err)
	}
	return k
}

// connect returns a connection of which the filter takes all secrets for such.
func connect(n int, prefix string) connection {
	for {
		h := func() hash.Hash { return sha256.New() }
		if n == size384 {
			h = sha512.New384
		}
		c := connection{n: n, handshake: fresh(n), hello: fresh(n), finished: fresh(n), done: fresh(n)}
		c.salt = deriveSecret(h, c.handshake, prefix+"derived", h().Sum(nil))
		var err error
		if c.master, err = hkdf.Extract(h, make([]byte, n), c.salt); err != nil {
			panic(err)
		}
		c.clientHS = deriveSecret(h, c.handshake, prefix+"c hs traffic", c.hello)
		c.serverHS = deriveSecret(h, c.handshake, prefix+"s hs traffic", c.hello)
		c.client = deriveSecret(h, c.master, prefix+"c ap traffic", c.finished)
		c.server = deriveSecret(h, c.master, prefix+"s ap traffic", c.finished)
		c.exporter = deriveSecret(h, c.master, prefix+"exp master", c.finished)
		c.resumption = deriveSecret(h, c.master, prefix+"res master", c.done)
		if !slices.ContainsFunc([][]byte{c.salt, c.master, c.clientHS, c.serverHS, c.client, c.server}, func(p []byte) bool { return !dense(p) }) {
			return c
		}
	}
}

// TestFamily holds that a traffic secret proves its parent as runtimes and OpenSSL's rows have both, and that
// the parent is hunted for with everything that comes of it.
func TestFamily(t *testing.T) {
	for _, n := range []int{size256, size384} {
		for _, p := range []protocol{protocols()[0], protocols()[3]} {
			prefix := p.key[:len(p.key)-len("key")]
			c := connect(n, prefix)
			noise := func(k int) (out []byte) {
				for range k {
					out = append(out, fresh(n)...)
				}
				return out
			}
			array := func(ps ...[]byte) (out []byte) { // of Java, with a mark, a class and a length
				for _, p := range ps {
					out = append(out, 1, 0, 0, 0, 0, 0, 0, 0, 0x38, 0x68, 0, 0, byte(n), 0, 0, 0)
					out = append(append(out, p...), make([]byte, 40)...)
				}
				return out
			}
			for _, x := range []struct {
				name          string
				traffic, data []byte
				found, hunted [][]byte
			}{
				{"Go, master secret", c.server, join(c.master, c.finished, c.client, c.client, c.finished, c.server),
					[][]byte{c.master}, [][]byte{c.client, c.server, c.exporter}},
				{"Go, in a heap with gaps", c.client, join(noise(3), c.master, noise(6), c.finished, noise(7), c.client, noise(2)),
					[][]byte{c.master}, [][]byte{c.client, c.server, c.exporter}},
				{"Go, handshake secret", c.serverHS, join(c.handshake, c.hello, c.serverHS, c.serverHS),
					[][]byte{c.handshake}, [][]byte{c.clientHS, c.serverHS, c.salt, c.master}},
				{"Go, all", c.server, join(c.handshake, c.hello, c.serverHS, c.clientHS, c.salt, c.master, c.finished, c.client, c.server, c.exporter, c.done, c.resumption),
					[][]byte{c.handshake, c.master}, [][]byte{c.clientHS, c.serverHS, c.salt, c.client, c.server, c.exporter, c.resumption}},
				{"Java", c.client, array(c.handshake, c.master, noise(2), c.finished, c.client), [][]byte{c.handshake, c.master}, [][]byte{c.exporter}},
				{"OpenSSL", c.client, slots(c.handshake, c.master, noise(1), c.finished, c.client), [][]byte{c.handshake, c.master}, [][]byte{c.exporter}},
				{"nothing of it", c.client, join(noise(4), c.client, noise(4)), nil, nil},
				{"the hash alone", c.client, join(noise(4), c.finished, c.client, noise(4)), nil, nil},
				{"another connection's", c.client, join(connect(n, prefix).master, c.finished, c.client), nil, nil},
			} {
				name := fmt.Sprintf("%s, %s of %d bytes", x.name, prefix, n)
				d := New(knows(derive(x.traffic, p.key, longKey)))
				var values [][]byte
				for _, f := range find(t, d, x.data) {
					if f.Confidence == probe.Confirmed && !bytes.Equal(f.Identity, x.traffic) {
						values = append(values, f.Identity)
					}
				}
				if !sameSet(values, x.found) {
					t.Errorf("%s: %d relatives proven, want %d", name, len(values), len(x.found))
				}
				values = nil
				d.Detect(probe.View{Data: x.data, At: bytes.Index(x.data, x.traffic)}, func(m probe.Match) { values = append(values, m.Values...) })
				for _, w := range x.hunted {
					if !containsBytes(values, w) {
						t.Errorf("%s: something is not hunted for", name)
					}
				}
			}
		}
	}
}

// TestTwins holds that what Go's HKDF left twice is likely a secret near one that it left twice and that is
// proven, and is nothing elsewhere.
func TestTwins(t *testing.T) {
	for _, n := range []int{size256, size384} {
		proven, other := fresh(n), fresh(n)
		gap := func() []byte { return join(fresh(n), fresh(n), fresh(n)) }
		for name, x := range map[string]struct {
			data []byte
			want int
		}{
			"behind":                {join(proven, proven, gap(), other, other, gap()), 2},
			"before":                {join(gap(), other, other, gap(), proven, proven), 2},
			"the proven one single": {join(gap(), other, other, gap(), proven, gap()), 0},
			"the other one single":  {join(proven, proven, gap(), other, gap()), 0},
			"far away":              {join(proven, proven, bytes.Repeat(gap(), around/n), other, other), 0},
		} {
			likely := 0
			for _, f := range find(t, New(knows(derive(proven, "tls13 key", longKey))), x.data) {
				if f.Confidence == probe.Likely {
					if likely++; !bytes.Equal(f.Identity, other) {
						t.Errorf("%s, %d bytes: another window", name, n)
					}
				}
			}
			if likely != x.want {
				t.Errorf("%s, %d bytes: %d are likely, want %d", name, n, likely, x.want)
			}
		}
	}
}

// slots puts secrets into arrays of 64 bytes.
func slots(ps ...[]byte) (out []byte) {
	for _, p := range ps {
		out = append(append(out, p...), make([]byte, line-len(p))...)
	}
	return out
}

// sameSet reports whether both hold the same values, each as often as it likes.
func sameSet(a, b [][]byte) bool {
	within := func(a, b [][]byte) bool {
		return !slices.ContainsFunc(a, func(p []byte) bool { return !containsBytes(b, p) })
	}
	return within(a, b) && within(b, a)
}
