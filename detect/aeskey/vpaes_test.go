package aeskey

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

func vpaesSearcher(t testing.TB) *search.Searcher {
	t.Helper()
	s, err := search.New([]probe.Detector{NewVPAES()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustVPAES(t testing.TB, key []byte, dec bool) []byte {
	t.Helper()
	p, err := EncodeVPAES(key, dec)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What vpaes_set_encrypt_key and vpaes_set_decrypt_key of OpenSSL 3.0.19 on x86-64 write for
// the published test keys 00 01 02 …, as digests.
func TestVPAESLayout(t *testing.T) {
	for n, want := range map[int][2]string{
		16: {"162b4d5249200f3900b4f547a8b11c2de6297c4cbdb9b7f55aaef1a36e99475d", "6e5b845f314e27dd05b20dfd5fc7f352e972f4291c21bb03b995896cfe6ce4c6"},
		24: {"52d9bd3dafd421848af49122bba8c484a69157517f159c9a920d0cf690a30c92", "b006ef8a3bc9e5ecc8878c409a213b22aa15d20800316be2dfb0e0dadb016876"},
		32: {"21c18b0d4f58cda7bdbd878536a5a9f00741cb4c52a779f40351c4a350360821", "621d90a1c7927d8b473feebf7d4f45d68336fe5bc33f774087c6838f2a84107c"},
	} {
		key := make([]byte, n)
		for i := range key {
			key[i] = byte(i)
		}
		for i, dec := range []bool{false, true} {
			sum := sha256.Sum256(mustVPAES(t, key, dec))
			if hex.EncodeToString(sum[:]) != want[i] {
				t.Errorf("%d bits, decrypting %t: another layout", 8*n, dec)
			}
		}
	}
	if _, err := EncodeVPAES(make([]byte, 17), false); err != ErrKeySize {
		t.Errorf("17 bytes: %v", err)
	}
}

func TestVPAES(t *testing.T) {
	var cases []probetest.Case
	for i, n := range []int{16, 24, 32, 16, 24, 32} {
		dec := i >= 3
		p := mustVPAES(t, testKey(uint64(70+i), n), dec)
		encoding := probe.SchedEnc
		if dec {
			encoding = probe.SchedDec
		}
		cases = append(cases, probetest.Case{
			Name: fmt.Sprintf("%d decrypting %t", 8*n, dec), Data: p, Kind: Kind, Encoding: encoding,
			Confidence: probe.Confirmed, Private: [][]byte{p}, Cut: true,
		})
	}
	probetest.Accept(t, NewVPAES(), cases...)
}

// Every key is found, at every address, and redacted to the last byte.
func TestVPAESKeys(t *testing.T) {
	s := vpaesSearcher(t)
	seeds := 400
	if racing {
		seeds = 20
	}
	for _, n := range sizes {
		for seed := range seeds {
			key := testKey(uint64(1000+seed), n)
			p := mustVPAES(t, key, seed&1 != 0)
			off := 40 + seed%80
			data := bytes.Join([][]byte{randomBytes(2, off), p, randomBytes(3, 99)}, nil)
			fs := probetest.Matches(s, data, len(data))
			if len(fs) != 1 || fs[0].Start > off || fs[0].End < off+len(p) || fs[0].Confidence != probe.Confirmed ||
				!bytes.Equal(fs[0].Identity, key) {
				t.Fatalf("%d bits, seed %d: %d matches", 8*n, seed, len(fs))
			}
		}
	}
}

// Pieces of which the filter's step meets a run are found; a half always is.
func TestVPAESParts(t *testing.T) {
	s := vpaesSearcher(t)
	for _, dec := range []bool{false, true} {
		for _, n := range sizes {
			p := mustVPAES(t, testKey(81, n), dec)
			found, tried := 0, 0
			for keys := 3; keys <= len(p)/16; keys++ {
				for at := 0; at+16*keys <= len(p); at += 16 {
					for off := range 40 {
						data := bytes.Join([][]byte{randomBytes(4, 300+off), p[at : at+16*keys], randomBytes(5, 300)}, nil)
						fs := probetest.Matches(s, data, len(data))
						if keys == 6 {
							tried++
							found += min(1, len(fs))
						}
						for _, f := range fs {
							if f.Start > 300+off || f.End < 300+off+16*keys {
								t.Fatalf("%d bits: a piece of %d is redacted in part", 8*n, keys)
							}
						}
						if (keys >= 10 && !(dec && n == 24) || keys >= 12) && len(fs) == 0 {
							t.Fatalf("%d bits, decrypting %t: %d round keys from %d are not found", 8*n, dec, keys, at/16)
						}
					}
				}
			}
			t.Logf("%d bits, decrypting %t: %d of %d pieces of six round keys", 8*n, dec, found, tried)
		}
	}
}

func TestVPAESReject(t *testing.T) {
	for _, s := range samples() {
		size := 1 << 20
		if s.name == "random" && !racing {
			size = 64 << 20
		}
		probetest.Reject(t, NewVPAES(), s.name, s.make(size))
	}
	for n := 1; n < 64; n++ {
		probetest.Reject(t, NewVPAES(), fmt.Sprintf("period %d", n), bytes.Repeat(randomBytes(uint64(n), n), 1000))
	}
	for _, n := range sizes {
		for _, f := range Forms() {
			probetest.Reject(t, NewVPAES(), "a schedule in the standard basis", mustEncode(t, testKey(91, n), f))
		}
		for _, dec := range []bool{false, true} {
			p := mustVPAES(t, testKey(92, n), dec)
			for i := 5; i < len(p); i += 16 {
				p[i] ^= 4
			}
			probetest.Reject(t, NewVPAES(), "damaged", p)
			probetest.Reject(t, New(), "another basis", mustVPAES(t, testKey(93, n), dec))
		}
	}
}

// Matches do not depend on where data is cut.
func FuzzVPAES(f *testing.F) {
	for i, n := range sizes {
		f.Add(mustVPAES(f, testKey(uint64(i), n), false), uint16(n))
		f.Add(mustVPAES(f, testKey(uint64(i), n), true), uint16(3))
	}
	s := vpaesSearcher(f)
	f.Fuzz(func(t *testing.T, p []byte, cut uint16) {
		if len(p) > 2048 {
			return
		}
		k := min(int(cut), len(p))
		probetest.Chunks(t, s, bytes.Join([][]byte{p[k:], p, p[:k]}, nil), 29)
	})
}

func BenchmarkVPAES(b *testing.B) {
	d := NewVPAES().(probe.Filter)
	for _, s := range samples() {
		data := s.make(4 << 20)
		b.Run(s.name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				d.Filter(data, 0, 0, len(data), func(int) {})
			}
		})
	}
}
