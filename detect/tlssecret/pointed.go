package tlssecret

import (
	"bytes"
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// wordsAround is how many words before and behind the pointer to a master secret those to its
	// randoms are looked for: Go's closure that exports keys has all three in a row of
	// twelve words (crypto/tls, ekmFromMasterSecret).
	wordsAround = 12
	// mostPointed is how many randoms are tried with each other.
	mostPointed = 6
	// lowestAddr is where no process has memory.
	lowestAddr = 4096
)

// pointed finds master secrets of TLS 1.2 that a structure points to. Where the structure
// points to randoms too, they are what proves the secret, however far it lies.
type pointed struct {
	prover
	memory func(addr uint64, p []byte) bool
	sure   bool // the dump has randoms of TLS 1.2 that are marked
}

// NewPointed returns the prover of master secrets that are pointed to, or nil when memory
// cannot be read by address.
func NewPointed(f probe.Facts) probe.Detector {
	if f.Secret == nil || f.Memory == nil {
		return nil
	}
	return &pointed{prover{secret: f.Secret}, f.Memory, anySure(f)}
}

func anySure(f probe.Facts) bool {
	for i := range f.Randoms {
		if f.Randoms[i].Sure {
			return true
		}
	}
	return false
}

// Spec implements [probe.Detector].
func (*pointed) Spec() probe.Spec {
	const most = 8 * (wordsAround + 3)
	return probe.Spec{
		ID:     "tls-master-pointer",
		About:  "master secrets of TLS 1.2 connections that a structure points to, with the randoms that it points to",
		Kinds:  []string{Kind},
		Before: most, After: most,
	}
}

// Depth implements [probe.Shallow].
func (*pointed) Depth() int { return 16 }

// wordForm is the size of a word and its byte order.
type wordForm struct {
	size int
	big  bool
}

func wordForms() [4]wordForm {
	return [...]wordForm{{8, false}, {4, false}, {8, true}, {4, true}}
}

// at returns the word at data[i], or false where the data ends.
func (f wordForm) at(data []byte, i int) (uint64, bool) {
	if i < 0 || i+f.size > len(data) {
		return 0, false
	}
	switch p := data[i:]; {
	case f.size == 8 && f.big:
		return binary.BigEndian.Uint64(p), true
	case f.size == 8:
		return binary.LittleEndian.Uint64(p), true
	case f.big:
		return uint64(binary.BigEndian.Uint32(p)), true
	default:
		return uint64(binary.LittleEndian.Uint32(p)), true
	}
}

// pair returns the pointer at data[i] when the word behind it is n.
func (f wordForm) pair(data []byte, i int, n uint64) (addr uint64, ok bool) {
	addr, ok = f.at(data, i)
	if length, there := f.at(data, i+f.size); !ok || !there || length != n || addr < lowestAddr {
		return 0, false
	}
	return addr, true
}

// Filter names the words that are followed by the length of a master secret. The length's only word that is not
// zero is the next one, the one behind that, or of eight bytes in big-endian order the third one.
func (d *pointed) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	const farthest = 3 * word
	i := lo + int(-(base+int64(lo))&(word-1)) // the first word that was not asked
	for k := i + word; k+word <= len(data) && k < hi+farthest; k += 2 * word {
		var w uint64
		if k+2*word <= len(data) {
			w = binary.LittleEndian.Uint64(data[k:])
		} else {
			w = uint64(binary.LittleEndian.Uint32(data[k:]))
		}
		if !eitherIs(w, masterLen) && !eitherIs(w, masterLen<<24) {
			continue
		}
		for i = max(i, k-farthest); i <= k && i < hi; i += word {
			if d.begins(data, base, i) {
				hit(i)
			}
		}
	}
}

// eitherIs reports whether a half of w is n. No other w passes: only what is n below may seem to be above.
func eitherIs(w uint64, n uint32) bool {
	const lowest, highest = 1<<32 | 1, 1<<63 | 1<<31
	x := w ^ (uint64(n)<<32 | uint64(n))
	return (x-lowest)&^x&highest != 0
}

// begins reports whether a pointer and the length begin at data[i].
func (d *pointed) begins(data []byte, base int64, i int) bool {
	for _, f := range wordForms() {
		if _, ok := f.pair(data, i, masterLen); ok && (base+int64(i))%int64(f.size) == 0 {
			return true
		}
	}
	return false
}

// Detect follows the pointer at v.At.
func (d *pointed) Detect(v probe.View, emit func(probe.Match)) {
	for _, f := range wordForms() {
		addr, ok := f.pair(v.Data, v.At, masterLen)
		if !ok {
			continue
		}
		var master [masterLen]byte
		if !d.memory(addr, master[:]) || privkey.Redacted(master[:]) || !dense(master[:]) {
			continue
		}
		if m, ok := d.match(f, v, master[:]); ok {
			m.Range = probe.Range{Start: v.At, End: v.At + 2*f.size}
			m.Redact, m.Remote = []probe.Range{}, []probe.Block{{Addr: addr, Len: masterLen}}
			emit(m)
		}
		clear(master[:])
		return
	}
}

// match proves the secret to which v.At points.
func (d *pointed) match(f wordForm, v probe.View, master []byte) (probe.Match, bool) {
	var p prf
	defer p.wipe()
	bare := &scan{bare: true}
	m := master[:masterLen:masterLen]
	randoms := d.randoms(f, v)
	for i, server := range randoms {
		for k, client := range randoms {
			if i == k {
				continue
			}
			for _, h := range [...]int{size256, size384} {
				p.set(m, h, server, client)
				for _, c := range suites() {
					if c.hash == h && d.makes(bare, &p, c, 0) {
						return c.match(&p, m, 0), true
					}
				}
			}
		}
	}
	// A slice of exactly this length, in a process that has such connections.
	if capacity, ok := f.at(v.Data, v.At+2*f.size); d.sure && ok && capacity == masterLen {
		return likely(m, 0, masterLen), true
	}
	return probe.Match{}, false
}

// randoms returns what could be randoms among what the words around v.At point to.
func (d *pointed) randoms(f wordForm, v probe.View) (out [][]byte) {
	for k := -wordsAround; k <= wordsAround && len(out) < mostPointed; k++ {
		addr, ok := f.pair(v.Data, v.At+k*f.size, randomLen)
		if !ok {
			continue
		}
		p := make([]byte, randomLen)
		if d.memory(addr, p) && couldBe(p) && !containsBytes(out, p) {
			out = append(out, p)
		}
	}
	return out
}

func containsBytes(list [][]byte, p []byte) bool {
	for _, q := range list {
		if bytes.Equal(p, q) {
			return true
		}
	}
	return false
}
