package wrapped

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// IKESecret is the kind of secrets of IKEv2 from which keys and authenticators are made.
const IKESecret = "ike-secret"

// prfSize returns the bytes of what a pseudorandom function of IKEv2 gives, by its number (IANA, "Transform Type
// 2"), zero for others.
func prfSize(id uint64) uint64 {
	switch id {
	case 1: // HMAC with MD5
		return 16
	case 2: // SHA-1
		return 20
	case 4, 8: // AES-XCBC, AES-CMAC
		return 16
	case 5, 6, 7: // SHA-256, SHA-384, SHA-512
		return 16 * (id - 3)
	}
	return 0
}

const (
	ikeChunks = 3  // SK_d, and SK_pi and SK_pr by their use (RFC 7296, section 2.14)
	ikeChunk  = 16 // a chunk_t: pointer and length, of eight bytes each
	ikeSize   = 8 + ikeChunks*ikeChunk
	// The pointers before the number, to the algorithms in use: the last one is there as long as the number is.
	ikeBefore = 8
	ikeStep   = 2 * ikeChunk
	lowest    = 4096 // no process has memory below
)

// keymats is the prover of strongSwan's key material.
type keymats struct {
	memory func(addr uint64, p []byte) bool
}

// NewIKE returns the prover of the secrets of IKE_SAs to which strongSwan's keymat_v2_t points (keymat_v2.c), on
// 64-bit little-endian machines, or nil when memory cannot be read by address. Their keys for ciphers are found by
// schedules; of these three nothing is expanded, and what made them is wiped.
func NewIKE(f probe.Facts) probe.Detector {
	if f.Memory == nil {
		return nil
	}
	return keymats{f.Memory}
}

// Spec implements [probe.Detector].
func (keymats) Spec() probe.Spec {
	return probe.Spec{
		ID:     "strongswan-keymat",
		About:  "secrets of IKEv2 in the memory of strongSwan",
		Kinds:  []string{IKESecret},
		Before: ikeBefore, After: ikeSize,
	}
}

// Depth implements [probe.Shallow].
func (keymats) Depth() int { return 8 }

// Filter implements [probe.Filter]: it looks for one of the lengths where one of the three must stand.
func (d keymats) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	le := binary.LittleEndian
	next := lo // the first position that was not named
	for p := lo + int(-(base+int64(lo))&7); p < hi+ikeSize && p+ikeChunk <= len(data); p += ikeStep {
		for _, k := range [...]int{p, p + 8} {
			if n := le.Uint64(data[k:]); n > 64 || n < 16 || n&3 != 0 {
				continue
			}
			for i := k - (ikeChunks-1)*ikeChunk - ikeChunk; i <= k-ikeChunk; i += ikeChunk {
				if i >= next && i < hi && d.shaped(data, i) {
					hit(i)
					next = i + 1
				}
			}
		}
	}
}

// shaped reports whether a number and three pointers with its length stand at data[i].
func (keymats) shaped(data []byte, i int) bool {
	le := binary.LittleEndian
	if i < ikeBefore || i+ikeSize > len(data) || le.Uint64(data[i-ikeBefore:]) < lowest {
		return false
	}
	n := prfSize(le.Uint64(data[i:]))
	for k := range ikeChunks {
		c := data[i+8+k*ikeChunk:]
		if n == 0 || le.Uint64(c[8:]) != n || le.Uint64(c) < lowest {
			return false
		}
	}
	return true
}

// Detect implements [probe.Detector].
func (d keymats) Detect(v probe.View, emit func(probe.Match)) {
	if !d.shaped(v.Data, v.At) {
		return
	}
	p := v.Data[v.At:]
	le := binary.LittleEndian
	n := int(prfSize(le.Uint64(p)))
	m := probe.Match{
		Kind: IKESecret, Encoding: probe.Raw, Confidence: probe.Confirmed,
		Range: probe.Range{Start: v.At, End: v.At + ikeSize}, Redact: []probe.Range{},
	}
	for k := range ikeChunks {
		addr := le.Uint64(p[8+k*ikeChunk:])
		secret := make([]byte, n)
		if !d.memory(addr, secret) || !random(secret) {
			if privkey.Redacted(secret) {
				continue // the others may be there
			}
			return
		}
		m.Remote = append(m.Remote, probe.Block{Addr: addr, Len: n})
		m.Values = append(m.Values, secret)
	}
	if len(m.Values) == 0 {
		return
	}
	m.Identity = m.Values[0]
	emit(m)
}
