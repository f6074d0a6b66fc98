//go:build amd64 && !noasm

package lanes

import "golang.org/x/sys/cpu"

// Never written again.
var (
	hasSHA  = cpu.X86.HasAVX && features()>>29&1 != 0 // Intel's manual, volume 2, CPUID, leaf 7
	hasAVX2 = cpu.X86.HasAVX2
)

func pair256(states *[2]State256, blocks *[2]Block256) bool {
	if hasSHA {
		pair256SHA(&states[0][0], &blocks[0][0])
	}
	return hasSHA
}

func quad512(states *[8]Lanes512, blocks *[16]Lanes512) bool {
	if hasAVX2 {
		quad512AVX2(&states[0][0], &blocks[0][0])
	}
	return hasAVX2
}
