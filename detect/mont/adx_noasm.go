//go:build noasm || !amd64

package mont

func (Prime) products(_, _, _ []uint64, _ bool) bool { return false }

func (Prime) chords(_, _ []uint64, _ *[Limbs]uint64, _ int) bool { return false }

func (Prime) pairs(_, _, _ []uint64, _ []Sum) bool { return false }
