package cipherkeys

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// camelliaSchedule lays out the subkeys of a key.
func camelliaSchedule(key []byte, a arrangement) []byte {
	be := binary.BigEndian
	kl, kr := wide{be.Uint64(key), be.Uint64(key[8:])}, wide{}
	switch len(key) {
	case 24:
		kr = wide{be.Uint64(key[16:]), ^be.Uint64(key[16:])}
	case 32:
		kr = wide{be.Uint64(key[16:]), be.Uint64(key[24:])}
	}
	subkeys := camelliaSubkeys(nil, kl, kr, len(key) > 16)
	p := make([]byte, 8*len(subkeys))
	for i, k := range subkeys {
		q := p[8*a.slot(i):]
		switch a.order {
		case 64:
			binary.LittleEndian.PutUint64(q, k)
		case 32:
			binary.LittleEndian.PutUint32(q, uint32(k>>32))
			binary.LittleEndian.PutUint32(q[4:], uint32(k))
		default:
			be.PutUint64(q, k)
		}
	}
	return p
}

// What OpenSSL 3.0.19 and Mbed TLS 2.28 keep of test keys, byte i of which is 37i+11i²+5, as digests.
func TestCamelliaLayout(t *testing.T) {
	for _, c := range camelliaExamples() {
		key := make([]byte, c.n)
		for i := range key {
			key[i] = byte(37*i + 11*i*i + 5)
		}
		sum := sha256.Sum256(camelliaSchedule(key, arrangement{order: c.order, reversed: c.reversed, long: c.n > 16}))
		if hex.EncodeToString(sum[:8]) != c.digest {
			t.Errorf("%d bits, order %d, reversed %t: another layout", 8*c.n, c.order, c.reversed)
		}
	}
}

func TestCamellia(t *testing.T) {
	var cases []probetest.Case
	for i, a := range arrangements() {
		sizes := []int{16}
		if a.long {
			sizes = []int{24, 32}
		}
		for _, n := range sizes {
			p := camelliaSchedule(randomBytes(uint64(400+i), n), a)
			cases = append(cases, probetest.Case{
				Name: fmt.Sprintf("%d order %d reversed %t", 8*n, a.order, a.reversed), Data: p, Kind: Camellia,
				Encoding: direction(a.reversed), Confidence: probe.Confirmed, Private: [][]byte{p}, Cut: true,
			})
		}
	}
	probetest.Accept(t, NewCamellia(), cases...)
}

// What free overwrites does not hide the rest, and a key is named as it is.
func TestCamelliaParts(t *testing.T) {
	for i, a := range arrangements() {
		n := 16
		if a.long {
			n = 32
		}
		key := randomBytes(uint64(500+i), n)
		p := camelliaSchedule(key, a)
		copy(p, make([]byte, 16))
		data := bytes.Join([][]byte{randomBytes(1, 301), p, randomBytes(2, 300)}, nil)
		if m := only(t, NewCamellia(), data, key); m.Confidence != probe.Likely || m.End != 301+len(p) || m.Start != 301+16 {
			t.Errorf("%+v: %s at %d to %d", a, m.Confidence, m.Start, m.End)
		}
		for i := 4; i < len(p); i += 16 {
			p[i] ^= 1
		}
		probetest.Reject(t, NewCamellia(), "damaged", p)
	}
}

func FuzzCamellia(f *testing.F) {
	for i, a := range arrangements() {
		n := 16
		if a.long {
			n = 32
		}
		f.Add(camelliaSchedule(randomBytes(uint64(i), n), a), uint16(i))
	}
	s, err := search.New([]probe.Detector{NewCamellia()})
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

type camelliaExample struct {
	n, order int
	reversed bool
	digest   string
}

func camelliaExamples() []camelliaExample {
	return []camelliaExample{
		{16, 64, false, "78e2d36bf547ae91"},
		{16, 32, false, "01317d3a28bd55df"},
		{16, 32, true, "77653798184fc4c2"},
		{24, 64, false, "00c5dd9bc1ff31fa"},
		{24, 32, false, "c4197462c0c3653a"},
		{24, 32, true, "e6b37db152a77605"},
		{32, 64, false, "6a07de71144cb526"},
		{32, 32, false, "1440a1f1fa98f486"},
		{32, 32, true, "56b922cf10a25bfb"},
	}
}
