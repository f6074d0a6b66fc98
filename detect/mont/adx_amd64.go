//go:build amd64 && !noasm

package mont

import "golang.org/x/sys/cpu"

var hasADX = cpu.X86.HasBMI2 && cpu.X86.HasADX // never written again

func (p Prime) products(z, x, y []uint64, down bool) bool {
	if !hasADX {
		return false
	}
	first, step := 0, 8*Limbs
	if down {
		first, step = len(z)-Limbs, -step
	}
	n := len(z) / Limbs
	switch p {
	case P256:
		productsP256(&z[first], &x[first], &y[first], n, step)
	case Secp256k1:
		productsK256(&z[first], &x[first], &y[first], n, step)
	default:
		productsP25519(&z[first], &x[first], &y[first], n, step)
	}
	return true
}

func (p Prime) chords(pairs, inv []uint64, a *[Limbs]uint64, n int) bool {
	if !hasADX {
		return false
	}
	switch p {
	case P256:
		chordsP256(&pairs[0], &inv[0], &a[0], n)
	case Secp256k1:
		chordsK256(&pairs[0], &inv[0], &a[0], n)
	default:
		chordsP25519(&pairs[0], &inv[0], &a[0], n)
	}
	return true
}

func (p Prime) pairs(pairs, den, points []uint64, sums []Sum) bool {
	if !hasADX || !cpu.X86.HasAVX2 {
		return false
	}
	switch p {
	case P256:
		pairsP256(&pairs[0], &den[0], &points[0], &sums[0].Owner, len(sums))
	case Secp256k1:
		pairsK256(&pairs[0], &den[0], &points[0], &sums[0].Owner, len(sums))
	default:
		pairsP25519(&pairs[0], &den[0], &points[0], &sums[0].Owner, len(sums))
	}
	return true
}
