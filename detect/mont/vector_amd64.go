//go:build amd64 && !noasm

package mont

import "golang.org/x/sys/cpu"

var hasVectors = cpu.X86.HasAVX2 // never written again

func (p Prime) climb(points []uint64, sums []Sum, d, s []uint64) {
	blocks := len(sums) / vectorLanes
	switch p {
	case P256:
		climbP256(&points[0], &sums[0].Owner, &d[0], &s[0], blocks)
	case Secp256k1:
		climbK256(&points[0], &sums[0].Owner, &d[0], &s[0], blocks)
	default:
		climbP25519(&points[0], &sums[0].Owner, &d[0], &s[0], blocks)
	}
}

func (p Prime) finish(out, points []uint64, sums []Sum, d, s, room []uint64) {
	blocks := len(sums) / vectorLanes
	switch p {
	case P256:
		finishP256(&out[0], &points[0], &sums[0].Owner, &d[0], &s[0], &room[0], blocks)
	case Secp256k1:
		finishK256(&out[0], &points[0], &sums[0].Owner, &d[0], &s[0], &room[0], blocks)
	default:
		finishP25519(&out[0], &points[0], &sums[0].Owner, &d[0], &s[0], &room[0], blocks)
	}
}
