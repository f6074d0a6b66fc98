package pqpair

import (
	"bytes"
	"crypto/mlkem"
	"crypto/rand"
	"slices"
	"testing"

	"github.com/cloudflare/circl/sign/mldsa/mldsa65"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// object puts a border in front of a key and zeros behind it.
func object(parts ...[]byte) []byte {
	return bytes.Join(slices.Concat([][]byte{make([]byte, 16)}, parts, [][]byte{make([]byte, 64)}), nil)
}

func find(t *testing.T, data []byte, n int) []search.Found {
	t.Helper()
	s, err := search.New([]probe.Detector{New()})
	if err != nil {
		t.Fatal(err)
	}
	return probetest.Matches(s, data, n)
}

func octets(n int) []byte {
	p := make([]byte, n)
	rand.Read(p)
	return p
}

// seedLike returns a seed that looks random, as nearly all do.
func seedLike(n int) []byte {
	for {
		p := octets(n)
		ok := soft(p)
		for i := 0; i < n; i += seedLen {
			ok = ok && random(p[i:i+seedLen])
		}
		if ok {
			return p
		}
	}
}

func TestMLKEM(t *testing.T) {
	seed := seedLike(64)
	k, err := mlkem.NewDecapsulationKey768(seed)
	if err != nil {
		t.Fatal(err)
	}
	ek := k.EncapsulationKey().Bytes()
	rho := ek[len(ek)-seedLen:]
	for name, data := range map[string][]byte{
		"Go":      object(seed, rho, octets(32)),
		"OpenSSL": object(seed[32:], seed[:32], make([]byte, 16), rho, octets(32)),
	} {
		fs := find(t, data, len(data))
		if len(fs) != 1 || fs[0].Kind != privkey.MLKEM || fs[0].Confidence != probe.Confirmed ||
			len(fs[0].Redact) != 1 || fs[0].Redact[0] != (probe.Range{Start: 16, End: 80}) {
			t.Errorf("%s: %d matches, or a wrong one", name, len(fs))
			continue
		}
		if one := find(t, data, 8); len(one) != 1 || one[0].Range != fs[0].Range {
			t.Errorf("%s: chunks of eight bytes give another result", name)
		}
		if left := find(t, probetest.Redact(data, fs), len(data)); len(left) > 0 {
			t.Errorf("%s: found again when redacted", name)
		}
	}
	data := object(seed, octets(64))
	if len(find(t, data, len(data))) > 0 {
		t.Error("found without its public seed")
	}
}

// TestVector holds that the secret vector goes where it lies behind the seed: s of the
// expanded key, decoded here bit by bit.
func TestVector(t *testing.T) {
	seed := seedLike(64)
	public, expanded, ok := privkey.MLKEM768.FromSeed(seed)
	if !ok {
		t.Fatal("no key")
	}
	var s []byte
	for i := range 3 * 256 {
		n := uint16(0)
		for b := range 12 {
			n |= uint16(expanded[(12*i+b)/8]>>((12*i+b)%8)&1) << b
		}
		s = append(s, byte(n), byte(n>>8))
	}
	data := object(seed, public[len(public)-seedLen:], octets(32), make([]byte, 512), s)
	fs := find(t, data, len(data))
	if len(fs) != 1 || bytes.Contains(probetest.Redact(data, fs), s[512:544]) || len(fs[0].Redact) != 4 {
		t.Errorf("%d matches, or the vector stays", len(fs))
	}
}

func TestMLDSA(t *testing.T) {
	seed := seedLike(32)
	k, _ := mldsa65.NewKeyFromSeed((*[32]byte)(seed))
	data := object(seed, k.Bytes())
	fs := find(t, data, len(data))
	if len(fs) != 1 || fs[0].Kind != privkey.MLDSA || fs[0].Redact[0] != (probe.Range{Start: 16, End: 48}) {
		t.Errorf("%d matches, or a wrong one", len(fs))
	}
}

func TestReject(t *testing.T) {
	probetest.Reject(t, New(), "random", octets(1<<16))
	probetest.Reject(t, New(), "noise", probetest.Noise(5, 1<<16))
}
