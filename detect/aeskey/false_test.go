package aeskey

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// Nothing is found in memory without schedules, however regular it is.
func TestReject(t *testing.T) {
	for _, s := range samples() {
		size := 1 << 20
		if s.name == "random" {
			size = 64 << 20
		}
		if racing {
			size /= 8
		}
		probetest.Reject(t, New(), s.name, s.make(size))
	}
	for n := 1; n < 64; n++ {
		probetest.Reject(t, New(), fmt.Sprintf("period %d", n), bytes.Repeat(randomBytes(uint64(n), n), 1000))
	}
	for step := 1; step < 256; step++ {
		p := make([]byte, 4096)
		for i := range p {
			p[i] = byte(i * step >> 3)
		}
		probetest.Reject(t, New(), fmt.Sprintf("ramp %d", step), p)
	}
}

// A schedule of which one bit is wrong in every round key is none: it
// is the columns that are not linear which decide.
func TestRejectDamaged(t *testing.T) {
	for _, f := range Forms() {
		for _, n := range sizes {
			data := mustEncode(t, testKey(51, n), f)
			for i := 0; i < len(data); i += 8 {
				data[i+i/8%8] ^= 4
			}
			probetest.Reject(t, New(), fmt.Sprintf("%d/%s", 8*n, f), data)
		}
	}
}

// Data that obeys the linear relation everywhere costs a bounded look, and gives no hits.
func TestLinearHits(t *testing.T) {
	for _, s := range samples() {
		data := s.make(1 << 16)
		hits := 0
		New().(probe.Filter).Filter(data, 3, 0, len(data), func(int) { hits++ })
		if hits > 0 {
			t.Errorf("%s: %d hits", s.name, hits)
		}
	}
}
