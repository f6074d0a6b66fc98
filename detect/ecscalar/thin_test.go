package ecscalar

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// TestChunkAmidNumbers holds that a scalar in a chunk of its own is found where all the heap around
// it is numbers that look random, as an array of doubles does.
func TestChunkAmidNumbers(t *testing.T) {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	d, err := k.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	spki, err := x509.MarshalPKIXPublicKey(k.Public())
	if err != nil {
		t.Fatal(err)
	}
	s, err := search.New([]probe.Detector{New(probe.Facts{SPKI: [][]byte{spki}, Roots: 1})})
	if err != nil {
		t.Fatal(err)
	}
	noise := func() []byte {
		p := make([]byte, 8<<10)
		rand.Read(p)
		return p
	}
	size := func(n byte) []byte { return []byte{0, 0, 0, 0, 0, 0, 0, 0, n, 0, 0, 0, 0, 0, 0, 0} }
	// Of each line of 64 bytes, six words look random.
	data := bytes.Join([][]byte{noise()[:8<<10-16], size(0x31), d, size(0x21), noise()}, nil)
	for _, n := range []int{len(data), 1 << 10} {
		fs := probetest.Matches(s, data, n)
		if len(fs) != 1 || fs[0].Start != 8<<10 {
			t.Errorf("%d matches in chunks of %d bytes, want 1", len(fs), n)
		}
	}
}

// TestHeadOfZeros holds that a big-endian number of P-521 is found whose first two octets are zero.
func TestHeadOfZeros(t *testing.T) {
	for range 4 {
		d := make([]byte, 66)
		rand.Read(d[2:])
		d[2] |= 1
		k, err := ecdsa.ParseRawPrivateKey(elliptic.P521(), d)
		if err != nil {
			t.Fatal(err)
		}
		spki, err := x509.MarshalPKIXPublicKey(k.Public())
		if err != nil {
			t.Fatal(err)
		}
		s, err := search.New([]probe.Detector{New(probe.Facts{SPKI: [][]byte{spki}, Roots: 1})})
		if err != nil {
			t.Fatal(err)
		}
		gap := make([]byte, 64)
		fs := probetest.Matches(s, bytes.Join([][]byte{gap, d, make([]byte, 6), gap}, nil), 64)
		if len(fs) != 1 || fs[0].Start != len(gap) || fs[0].End != len(gap)+66 {
			t.Errorf("%d matches, want 1", len(fs))
		}
	}
}
