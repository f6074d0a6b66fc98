package publickey

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/tried"
)

// mpzDetector finds moduli that objects of GMP point to, wherever they lie: programs of many objects scatter
// the numbers of a key, as pycryptodome does. An mpz_t is how many limbs are allocated and how many used, as 32 bits
// each, and the address of the least significant one (gmp.h, __mpz_struct). It reads 64-bit little-endian processes.
//
// Nothing but looks tells a modulus from another odd product of large primes, see intDetector.
type mpzDetector struct {
	memory func(addr uint64, p []byte) bool
	tried  *tried.Set // what is none
}

const (
	mpzLen = 16
	// mpzTried is log2 of how many numbers are remembered that are no modulus.
	mpzTried = 12
	// mostSpare is how many times as many limbs are allocated as used, at most: results keep the room of
	// what they were computed from.
	mostSpare = 4
)

// Objects returns the detector of moduli that objects point to, a harvester for the second pass, or nil
// when memory cannot be read by address.
func Objects(f probe.Facts) probe.Detector {
	if f.Memory == nil || f.BigEndian {
		return nil
	}
	return mpzDetector{f.Memory, tried.New(mpzTried)}
}

func (mpzDetector) Spec() probe.Spec {
	return spec("public-key-mpz", "RSA moduli that integers of GMP point to", 0, mpzLen)
}

// Depth implements [probe.Shallow].
func (mpzDetector) Depth() int { return 0 }

// Filter names what could be such an object.
func (mpzDetector) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	hi = min(hi, len(data)-mpzLen+1)
	for i := lo + int(-(base+int64(lo))&7); i < hi; i += 8 {
		if used := data[i+4]; used < 16 || used > 128 || used%8 != 0 {
			continue
		}
		if mpz(data[i:]) > 0 {
			hit(i)
		}
	}
}

// mpz returns how many limbs the object at p uses, or 0 when it is none that holds a modulus.
func mpz(p []byte) int {
	le := binary.LittleEndian
	room, used, at := le.Uint32(p), le.Uint32(p[4:]), le.Uint64(p[8:])
	if !limbs(uint64(used)) || room < used || room > mostSpare*used || at%8 != 0 || at>>12 == 0 || at>>47 != 0 {
		return 0
	}
	return int(used)
}

func (d mpzDetector) Detect(v probe.View, emit func(probe.Match)) {
	if v.At+mpzLen > len(v.Data) {
		return
	}
	n := mpz(v.Data[v.At:])
	number := make([]byte, 8*n)
	defer clear(number)
	if n == 0 || !d.memory(binary.LittleEndian.Uint64(v.Data[v.At+8:]), number) {
		return
	}
	if number[0]&1 == 0 || number[8*n-1] < 0x80 || !dense(number) {
		return
	}
	digest := d.tried.Digest(number, 0)
	if d.tried.Has(digest) {
		return
	}
	spki := memory{data: number, order: binary.LittleEndian}.spki(probe.Range{End: 8 * n}, true)
	if spki == nil {
		d.tried.Add(digest)
		return
	}
	emit(match(spki, probe.LimbsLE, true, probe.Range{Start: v.At, End: v.At + mpzLen}))
}
