package cipherkeys

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// desGroups returns the groups of each subkey, first bit highest, bit by bit as
// FIPS 46-3 has it.
func desGroups(key []byte) (groups [16][8]uint32) {
	n := binary.BigEndian.Uint64(key)
	var cd []uint64
	for i := range desPC1 {
		cd = append(cd, n>>(64-desPC1[i])&1)
	}
	c, d := cd[:28:28], cd[28:]
	for round := range 16 {
		times := 2
		if round == 0 || round == 1 || round == 8 || round == 15 {
			times = 1
		}
		c, d = append(bytesOf(c[times:]), c[:times]...), append(bytesOf(d[times:]), d[:times]...)
		both := append(bytesOf(c), d...)
		for i := range desPC2 {
			groups[round][i/6] = groups[round][i/6]<<1 | uint32(both[desPC2[i]-1])
		}
	}
	return groups
}

func bytesOf(p []uint64) []uint64 { return append([]uint64(nil), p...) }

// desSchedule returns the subkeys of a key as they lie in memory.
func desSchedule(key []byte, l desLayout, reversed bool) []byte {
	p := make([]byte, 128)
	groups := desGroups(key)
	for round, g := range groups {
		var a, b uint32
		for i := range 4 {
			if l.rotated {
				a |= uint32(bits.Reverse8(byte(g[2*i]))) << (8 * i)
				b |= uint32(bits.Reverse8(byte(g[2*i+1]))) << (8 * i)
			} else {
				a, b = a<<8|g[2*i], b<<8|g[2*i+1]
			}
		}
		switch {
		case l.rotated && l.even:
			a = bits.RotateLeft32(a, -4)
		case l.rotated:
			b = bits.RotateLeft32(b, 4)
		}
		if l.even {
			a, b = b, a
		}
		at := 8 * round
		if reversed {
			at = 120 - at
		}
		if l.big {
			binary.BigEndian.PutUint32(p[at:], a)
			binary.BigEndian.PutUint32(p[at+4:], b)
		} else {
			binary.LittleEndian.PutUint32(p[at:], a)
			binary.LittleEndian.PutUint32(p[at+4:], b)
		}
	}
	return p
}

func oddParity(key []byte) []byte {
	p := bytes.Clone(key)
	for i, b := range p {
		p[i] = b&^1 | byte(bits.OnesCount8(b&^1)+1)&1
	}
	return p
}

// A published test key and its first and last subkey (J. O. Grabbe, "The DES Algorithm Illustrated").
func TestDESExample(t *testing.T) {
	key := unhex(t, "133457799bbcdff1")
	groups := desGroups(key)
	if groups[0] != [8]uint32{0o06, 0o60, 0o13, 0o57, 0o77, 0o07, 0o01, 0o62} {
		t.Errorf("first subkey %o", groups[0])
	}
	if groups[15] != [8]uint32{0o62, 0o63, 0o66, 0o13, 0o03, 0o41, 0o37, 0o65} {
		t.Errorf("last subkey %o", groups[15])
	}
	only(t, NewDES(), desSchedule(key, desLayout{rotated: true}, false), key)
}

func TestDES(t *testing.T) {
	var cases []probetest.Case
	for i, l := range desLayouts() {
		for _, reversed := range []bool{false, true} {
			p := desSchedule(randomBytes(uint64(60+i), 8), l, reversed)
			cases = append(cases, probetest.Case{
				Name: fmt.Sprintf("%+v reversed %t", l, reversed), Data: p, Kind: DES,
				Encoding: direction(reversed), Confidence: probe.Confirmed, Private: [][]byte{p}, Cut: true,
			})
		}
	}
	probetest.Accept(t, NewDES(), cases...)
}

func TestTripleDES(t *testing.T) {
	key := oddParity(randomBytes(70, 24))
	for _, l := range desLayouts() {
		var p []byte
		for n := range 3 {
			p = append(p, desSchedule(key[8*n:8*n+8], l, n == 1)...)
		}
		values := map[string]bool{}
		redacted := 0
		NewDES().(probe.Filter).Filter(p, 0, 0, len(p), func(i int) {
			NewDES().Detect(probe.View{Data: p, At: i}, func(m probe.Match) {
				for _, v := range m.Values {
					values[string(v)] = true
				}
				redacted |= 1 << (m.Start / 128)
				if m.Len() != 128 || m.Start%128 != 0 {
					t.Errorf("a match of %d bytes at %d", m.Len(), m.Start)
				}
			})
		})
		if redacted != 7 || !values[string(key)] || !values[string(key[:16])] || !values[string(key[16:])] {
			t.Errorf("%+v: found %b, %d values", l, redacted, len(values))
		}
	}
}

// Any ten subkeys are found.
func TestDESParts(t *testing.T) {
	key := oddParity(randomBytes(71, 8))
	for _, l := range desLayouts() {
		p := desSchedule(key, l, false)
		for first := range 7 {
			for off := range 32 {
				data := append(bytes.Repeat([]byte{0xf7}, 100+off), p[8*first:8*first+80]...)
				data = append(data, bytes.Repeat([]byte{0xf7}, 100)...)
				if m := only(t, NewDES(), data, key); m.Confidence != probe.Likely || m.Len() != 80 {
					t.Errorf("from %d: %s, %d bytes", first, m.Confidence, m.Len())
				}
			}
		}
	}
}

// The zero bits alone are nothing, nor are weak keys, which regular data looks like.
func TestDESReject(t *testing.T) {
	p := randomBytes(72, 1<<16)
	for i := range p {
		p[i] &^= []byte{3, 0x30}[i/4&1]
	}
	probetest.Reject(t, NewDES(), "masks", p)
	for _, weak := range []string{"0101010101010101", "fefefefefefefefe", "e0e0e0e0f1f1f1f1", "01fe01fe01fe01fe"} {
		for _, l := range desLayouts() {
			probetest.Reject(t, NewDES(), weak, desSchedule(unhex(t, weak), l, false))
		}
	}
}
