package publickey

import (
	"encoding/binary"
	"math/big"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// CPython keeps an int as digits of 30 bits, the least significant first, behind its
// count of references, its type and its size (Include/cpython/longintrepr.h): the number
// of digits, since version 3.12 times eight, for positive ones.
const (
	digitBits  = 30
	digitsAt   = 8 // from the size on
	objectHead = 16
	tagShift   = 3
)

// intSizes are the sizes of moduli in bits that are looked for.
var intSizes = [...]int{1024, 1536, 2048, 3072, 4096, 6144, 7680, 8192}

// intDetector finds moduli among the ints of a Python process, whose programs compute
// with them without any other object. It reads 64-bit little-endian processes.
//
// Nothing but looks tells a modulus from another odd product of large primes; but a prime is
// none, and most exponents have small factors. One that is taken for a modulus costs time.
type intDetector struct{}

func (intDetector) Spec() probe.Spec {
	return spec("public-key-int", "RSA moduli as integers of CPython", objectHead, digitsAt+4*(mostDigits+1))
}

// mostDigits is how many the largest modulus has.
const mostDigits = (8192 + digitBits - 1) / digitBits

// Depth implements [probe.Shallow].
func (intDetector) Depth() int { return 0 }

// Filter names the sizes that such a modulus has, behind a type and a count.
func (intDetector) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	for i := lo + int(-(base+int64(lo))&7); i < hi && i+digitsAt <= len(data); i += 8 {
		if w := binary.LittleEndian.Uint64(data[i:]); w >= 35 && w <= mostDigits<<tagShift && intBits(data, i) > 0 {
			hit(i)
		}
	}
}

// intBits returns the size in bits of the int whose size is at data[i], or 0 when it is
// none that is looked for.
func intBits(data []byte, i int) int {
	le := binary.LittleEndian
	w := int(le.Uint64(data[i:]))
	for _, n := range intSizes {
		digits := (n + digitBits - 1) / digitBits
		if w != digits && w != digits<<tagShift {
			continue
		}
		end := i + digitsAt + 4*digits
		if i < objectHead || end > len(data) {
			return 0
		}
		count, kind := le.Uint64(data[i-16:]), le.Uint64(data[i-8:])
		top := le.Uint32(data[end-4:])
		if count == 0 || count>>40 != 0 || kind == 0 || kind>>47 != 0 || kind%8 != 0 ||
			top>>((n-1)%digitBits) != 1 || data[i+digitsAt]&1 == 0 {
			return 0
		}
		zeros := 0
		for k := i + digitsAt; k < end; k += 4 {
			d := le.Uint32(data[k:])
			if d>>digitBits != 0 {
				return 0
			}
			if d>>16 == 0 || d<<16 == 0 {
				zeros++
			}
		}
		if zeros > 2 {
			return 0
		}
		return n
	}
	return 0
}

func (intDetector) Detect(v probe.View, emit func(probe.Match)) {
	if v.At+digitsAt > len(v.Data) {
		return
	}
	bits := intBits(v.Data, v.At)
	if bits == 0 {
		return
	}
	start := v.At + digitsAt
	end := start + 4*((bits+digitBits-1)/digitBits)
	n, digit := new(big.Int), new(big.Int)
	for k := end - 4; k >= start; k -= 4 {
		n.Lsh(n, digitBits).Or(n, digit.SetUint64(uint64(binary.LittleEndian.Uint32(v.Data[k:]))))
	}
	b := n.Bytes()
	if privkey.Redacted(b) || smooth(b) || prime(b) {
		return
	}
	if spki := rsaSPKI(b, big.NewInt(ordinaryExponent).Bytes()); spki != nil {
		emit(match(spki, probe.Radix30, false, probe.Range{Start: start, End: end}))
	}
}
