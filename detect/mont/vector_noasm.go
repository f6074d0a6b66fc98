//go:build noasm || !amd64

package mont

const hasVectors = false

func (Prime) climb([]uint64, []Sum, []uint64, []uint64) {}

func (Prime) finish(_, _ []uint64, _ []Sum, _, _, _ []uint64) {}
