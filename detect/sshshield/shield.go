package sshshield

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/detect/openssh"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// prover finds holders by the pre-key's length and follows their pointers.
type prover struct {
	memory func(addr uint64, p []byte) bool
}

// New returns the prover of shielded keys, nil when memory cannot be read by
// address.
func New(f probe.Facts) probe.Detector {
	if f.Memory == nil {
		return nil
	}
	return prover{f.Memory}
}

// before and after reach from the one byte of the pre-key's length that is not
// zero over the largest holder: three words and, in big-endian order, six bytes
// in front of it; in little-endian order six bytes behind it.
const before, after = 3*8 + 6, 1 + 6

// Spec implements [probe.Detector].
func (prover) Spec() probe.Spec {
	return probe.Spec{
		ID:     "openssh-shielded-key",
		About:  "private keys that ssh-agent and sshd hold shielded, with their pre-key",
		Kinds:  openssh.NewSection().Spec().Kinds,
		Before: before, After: after,
	}
}

// Filter implements [probe.Filter]: a candidate is a byte 0x40 that is the second
// of 0x00004000 in one of the byte orders, with a pointer that is not zero in
// front of it.
func (prover) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	for i := lo; i < hi; i++ {
		k := bytes.IndexByte(data[i:hi], prekeyLen>>8)
		if k < 0 {
			return
		}
		i += k
		if i < 1 || i+1 >= len(data) || data[i-1] != 0 || data[i+1] != 0 {
			continue
		}
		for _, f := range forms {
			if _, ok := f.at(data, i); ok {
				hit(i)
				break
			}
		}
	}
}

// Detect implements [probe.Detector].
func (p prover) Detect(v probe.View, emit func(probe.Match)) {
	for _, f := range forms {
		h, ok := f.at(v.Data, v.At)
		if !ok {
			continue
		}
		plain := p.open(h)
		if plain == nil {
			continue
		}
		judge(plain, func(m probe.Match) {
			m.Encoding = probe.Shielded
			m.Range, m.Redact = h.at, []probe.Range{}
			m.Remote = []probe.Block{h.prekey, h.blob}
			emit(m)
		})
		clear(plain)
		return
	}
}
