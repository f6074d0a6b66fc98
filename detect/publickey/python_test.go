package publickey

import (
	"encoding/binary"
	"math/big"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// pyInt lays n out as CPython 3.11 does, or 3.12 with shift 3.
func pyInt(n *big.Int, shift uint) []byte {
	var digits []byte
	count := uint64(0)
	for x := new(big.Int).Set(n); x.Sign() > 0; x.Rsh(x, 30) {
		digits = binary.LittleEndian.AppendUint32(digits, uint32(x.Uint64()&(1<<30-1)))
		count++
	}
	b := binary.LittleEndian.AppendUint64(nil, 3)
	b = binary.LittleEndian.AppendUint64(b, 0x7f48bf5d4078)
	b = binary.LittleEndian.AppendUint64(b, count<<shift)
	return append(append(b, digits...), 0, 0, 0, 0)
}

func TestPythonInt(t *testing.T) {
	k := rsaKey()
	for _, shift := range []uint{0, tagShift} {
		one := pyInt(k.N, shift)
		data := slices.Concat(make([]byte, 64), one, make([]byte, 64))
		for _, n := range []int{len(data), 100, 1} {
			if fs := found(t, data, n, intDetector{}); len(fs) != 1 || !has(fs, spkiOf(t, &k.PublicKey), probe.Confirmed) {
				t.Errorf("chunks of %d: %d keys", n, len(fs))
			}
		}
		// A digit of 31 bits, no type, a number too large.
		for at, v := range map[int]byte{24 + 3: 0x40, 8: 1, 16: 1} {
			bad := slices.Clone(one)
			bad[at] ^= v
			if fs := found(t, bad, len(bad), intDetector{}); len(fs) > 0 {
				t.Errorf("found with byte %d changed", at)
			}
		}
	}
	for what, n := range map[string]*big.Int{
		"prime": k.Primes[0], "even": even(k.N), "multiple": new(big.Int).Mul(k.Primes[0], big.NewInt(3)),
	} {
		if fs := found(t, pyInt(n, 0), 1<<20, intDetector{}); len(fs) > 0 {
			t.Errorf("a %s is found", what)
		}
	}
}
