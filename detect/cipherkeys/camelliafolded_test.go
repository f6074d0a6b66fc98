package cipherkeys

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// foldedSchedule lays out the subkeys of a key; gap leaves a place between the first and the
// second one, as libgcrypt does.
func foldedSchedule(key []byte, f folding, gap bool) (p []byte) {
	whole := make([]byte, 32)
	copy(whole, key)
	kl, kr := wideOctets(whole), wideOctets(whole[16:])
	if len(key) == 24 {
		kr.lo = ^kr.hi
	}
	s := camelliaFold(camelliaSubkeys(nil, kl, kr, f.long))
	if gap {
		s[1] = 0
	} else {
		s = slices.Delete(s, 1, 2)
	}
	if f.reversed {
		slices.Reverse(s)
	}
	for _, k := range s {
		switch f.order {
		case 64:
			p = binary.LittleEndian.AppendUint64(p, k)
		case 32:
			p = binary.LittleEndian.AppendUint32(p, uint32(k>>32))
			p = binary.LittleEndian.AppendUint32(p, uint32(k))
		default:
			p = binary.BigEndian.AppendUint64(p, k)
		}
	}
	return p
}

// What nettle 3.8.1 and libgcrypt 1.10.1 keep of test keys, byte i of which is 37i+11i²+5, as digests.
func TestCamelliaFoldedLayout(t *testing.T) {
	for _, c := range []struct {
		n, order      int
		reversed, gap bool
		digest        string
	}{
		{16, 64, false, false, "f0b6006da1946d70"}, {16, 64, true, false, "383a5454fe9cbf29"},
		{24, 64, false, false, "73f1e665a9096b01"}, {24, 64, true, false, "b2d623859c5c7a1c"},
		{32, 64, false, false, "a46db2d1b74303d9"}, {32, 64, true, false, "80e7c392ad17d170"},
		{16, 32, false, true, "06b1445a5e5c9573"}, {24, 32, false, true, "63e08ec00927aadc"},
		{32, 32, false, true, "f39ab2e433974611"},
	} {
		key := make([]byte, c.n)
		for i := range key {
			key[i] = byte(37*i + 11*i*i + 5)
		}
		sum := sha256.Sum256(foldedSchedule(key, folding{c.order, c.reversed, c.n > 16}, c.gap))
		if hex.EncodeToString(sum[:8]) != c.digest {
			t.Errorf("%d bits, order %d, reversed %t: another layout", 8*c.n, c.order, c.reversed)
		}
	}
}

func TestCamelliaFolded(t *testing.T) {
	var cases []probetest.Case
	for i, f := range foldings() {
		sizes := []int{16}
		if f.long {
			sizes = []int{24, 32}
		}
		for _, n := range sizes {
			for _, gap := range []bool{false, true} {
				if gap && f.reversed {
					continue
				}
				p := foldedSchedule(randomBytes(uint64(700+i), n), f, gap)
				c := probetest.Case{
					Name: fmt.Sprintf("%d %+v gap %t", 8*n, f, gap), Data: p, Kind: Camellia,
					Encoding: direction(f.reversed), Confidence: probe.Confirmed, Private: [][]byte{p}, Cut: true,
				}
				if gap {
					c.Private = [][]byte{p[:8], p[16:]}
				}
				cases = append(cases, c)
			}
		}
	}
	probetest.Accept(t, NewCamelliaFolded(), cases...)
}

// Keys have the sizes that they have, are found at every place, and where free has overwritten the head.
func TestCamelliaFoldedParts(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	d := NewCamelliaFolded()
	for n := range 300 {
		f := foldings()[n%len(foldings())]
		key := randomBytes(uint64(8000+n), 16)
		if f.long {
			key = randomBytes(uint64(8000+n), 24+n/10%2*8)
		}
		p := foldedSchedule(key, f, false)
		lost := n % 3 * 8
		for k := range lost {
			p[k] ^= 0x11 // which might have been zero
		}
		at := r.IntN(200)
		data := slices.Concat(make([]byte, at), p, make([]byte, 300))
		m := only(t, d, data, key)
		if m.Start != at+lost || m.End != at+len(p) {
			t.Errorf("%d %+v, %d bytes lost: %d to %d of %d", 8*len(key), f, lost, m.Start-at, m.End-at, len(p))
		}
	}
}

func TestCamelliaFoldedReject(t *testing.T) {
	d := NewCamelliaFolded()
	for i, f := range foldings() {
		n := 16
		if f.long {
			n = 32
		}
		p := foldedSchedule(randomBytes(uint64(i), n), f, false)
		for k := 3; k < len(p); k += 16 {
			p[k] ^= 1
		}
		probetest.Reject(t, d, "damaged", p)
	}
}
