package cipherkeys

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// HMACState is the identifier of the detector of HMAC's hash states.
const HMACState = "hmac-state"

type midstate struct{}

// NewHMACState returns the detector of the states that Go's crypto/hmac keeps in place of
// the pads once it has hashed them. With one for each pad anybody computes codes as with the key.
func NewHMACState() probe.Detector { return midstate{} }

// marshalled describes a state as the MarshalBinary methods of Go's crypto/sha1, sha256 and
// sha512 write it: four bytes that tell the function, the words of the state, a block of
// what is not hashed yet, and the number of bytes so far, all big-endian.
type marshalled struct {
	magic        string
	state, block int
}

func marshalledStates() [7]marshalled {
	return [7]marshalled{
		{"sha\x01", 20, 64}, {"sha\x02", 32, 64}, {"sha\x03", 32, 64},
		{"sha\x04", 64, 128}, {"sha\x05", 64, 128}, {"sha\x06", 64, 128}, {"sha\x07", 64, 128},
	}
}

// Spec implements [probe.Detector].
func (midstate) Spec() probe.Spec {
	s := probe.Spec{
		ID:    HMACState,
		About: "hash states of HMAC's inner and outer key, as Go keeps them",
		Kinds: []string{HMACKey},
		After: 4 + 64 + 128 + 8,
	}
	for _, m := range marshalledStates() {
		s.Anchors = append(s.Anchors, m.magic)
	}
	return s
}

// Detect emits the state behind the magic at v.At when exactly one block has gone into it,
// a pad's length, and nothing waits to be hashed. Nothing in it shows that the block was a
// pad: so it is Likely, and no more.
func (midstate) Detect(v probe.View, emit func(probe.Match)) {
	p := v.Data[v.At:]
	for _, m := range marshalledStates() {
		size := len(m.magic) + m.state + m.block + 8
		if len(p) < size || string(p[:len(m.magic)]) != m.magic {
			continue
		}
		state, rest := p[len(m.magic):len(m.magic)+m.state], p[len(m.magic)+m.state:size-8]
		if binary.BigEndian.Uint64(p[size-8:size]) != uint64(m.block) || !dense(state) {
			return
		}
		for _, b := range rest {
			if b != 0 {
				return
			}
		}
		r := probe.Range{Start: v.At + len(m.magic), End: v.At + len(m.magic) + m.state}
		emit(probe.Match{
			Kind: HMACKey, Encoding: probe.Expanded, Confidence: probe.Likely,
			Range: probe.Range{Start: v.At, End: v.At + size}, Redact: []probe.Range{r}, Identity: state,
		})
		return
	}
}
