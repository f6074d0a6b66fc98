package cipherkeys

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// ariaSchedule lays out the round keys of a key.
func ariaSchedule(key []byte, o ariaOrder) (p []byte) {
	b, rounds := newARIABoxes(), len(key)/4+8
	whole := make([]byte, 32)
	copy(whole, key)
	var w ariaWords
	w[0] = wideOctets(whole)
	w[1] = b.odd(w[0], (rounds-ariaFewest)/2).xor(wideOctets(whole[16:]))
	b.complete(&w, 0, rounds)
	for i := range rounds + 1 {
		k := w.roundKey(i)
		if o.reversed {
			k = w.decryptionKey(i, rounds)
		}
		if o.swapped {
			k.hi, k.lo = swapWords(k.hi), swapWords(k.lo)
		}
		octets := k.octets()
		p = append(p, octets[:]...)
	}
	return p
}

func ariaOrders() []ariaOrder {
	return []ariaOrder{{false, false}, {true, false}, {false, true}, {true, true}}
}

// The round keys of test keys, byte i of which is 37i+11i²+5, as digests: from a program that
// computes them as the standard writes it and agrees with OpenSSL 3.0 in what it encrypts.
func TestARIALayout(t *testing.T) {
	digests := map[int][4]string{
		16: {"aad5ea652786fd94", "a50d209491ed84da", "3d1235e74eaa1f0c", "83d70ca10cba9c7e"},
		24: {"0c160e131a1c62f4", "94a69a69b23b9fef", "a150ea0ed1921351", "b9b8af10b9016cad"},
		32: {"eaf3a25f1f282686", "5bcddde0b7a5b20d", "882f4718b1464596", "4129e2ed674072fa"},
	}
	for n, want := range digests {
		key := make([]byte, n)
		for i := range key {
			key[i] = byte(37*i + 11*i*i + 5)
		}
		for i, o := range ariaOrders() {
			sum := sha256.Sum256(ariaSchedule(key, o))
			if hex.EncodeToString(sum[:8]) != want[i] {
				t.Errorf("%d bits, %+v: another layout", 8*n, o)
			}
		}
	}
}

func TestARIA(t *testing.T) {
	var cases []probetest.Case
	for _, n := range []int{16, 24, 32} {
		for i, o := range ariaOrders() {
			p := ariaSchedule(randomBytes(uint64(600+10*n+i), n), o)
			cases = append(cases, probetest.Case{
				Name: fmt.Sprintf("%d %+v", 8*n, o), Data: p, Kind: ARIA,
				Encoding: direction(o.reversed), Confidence: probe.Confirmed, Private: [][]byte{p}, Cut: true,
			})
		}
	}
	probetest.Accept(t, NewARIA(), cases...)
}

// Keys have the sizes that they have, and are found at every place, between zeros and where
// free has overwritten the head.
func TestARIAParts(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	for n := range 300 {
		o := ariaOrders()[n%4]
		key := randomBytes(uint64(9000+n), 16+8*(n%3))
		p := ariaSchedule(key, o)
		lost := n % 33
		for k := range lost {
			p[k] ^= 0x11 // which might have been zero
		}
		at := r.IntN(200)
		data := slices.Concat(make([]byte, at), p, make([]byte, 300))
		m := only(t, NewARIA(), data, key)
		if whole := (lost + 15) &^ 15; m.Start != at+whole || m.End != at+len(p) {
			t.Errorf("%d %+v, %d bytes lost: %d to %d of %d", 8*len(key), o, lost, m.Start-at, m.End-at, len(p))
		}
	}
}

// A schedule of which one bit in each round key is wrong is none, nor are sums that agree.
func TestARIAReject(t *testing.T) {
	for i, o := range ariaOrders() {
		p := ariaSchedule(randomBytes(uint64(i), 32), o)
		for k := 3; k < len(p); k += 16 {
			p[k] ^= 1
		}
		probetest.Reject(t, NewARIA(), "damaged", p)
	}
	repeated := bytes.Repeat(randomBytes(3, 128), 20)
	probetest.Reject(t, NewARIA(), "equal sums", repeated)
}

func FuzzARIA(f *testing.F) {
	for i, o := range ariaOrders() {
		f.Add(ariaSchedule(randomBytes(uint64(i), 16+8*(i%3)), o), uint16(i))
	}
	s, err := search.New([]probe.Detector{NewARIA(), NewCamelliaFolded()})
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
