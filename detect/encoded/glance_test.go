package encoded

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// TestGlance looks for digits that a slow look takes for text and the quick one does not.
func TestGlance(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	text, no := 0, 0
	for range 300_000 {
		p := make([]byte, 6+r.IntN(30))
		for i := range p {
			p[i] = byte(0x20 + r.IntN(0x60))
			if r.IntN(30) == 0 {
				p[i] = byte(r.Uint32())
			}
		}
		if r.IntN(3) == 0 {
			p = probetest.Widen(p)[r.IntN(2):]
		}
		var q []byte
		switch r.IntN(4) {
		case 0:
			q = []byte(hex.EncodeToString(p))
		case 1:
			q = p
		default:
			q = []byte(base64.URLEncoding.EncodeToString(p))
		}
		q = q[r.IntN(3):]
		for n := r.IntN(3); n > 0; n-- {
			q[r.IntN(len(q))] = byte(r.Uint32())
		}
		want := textPhases(q) != 0
		hexRuns(q, func(start, end int) { want = want || hexText(q[start:end]) != 0 })
		may, _, _ := glance(q)
		if want && !may {
			t.Fatalf("%q is text", q)
		}
		if want {
			text++
		} else if !may {
			no++
		}
	}
	if text < 30_000 || no < 30_000 {
		t.Errorf("%d texts, %d that are none", text, no)
	}
	if _, breaks, escapes := glance([]byte("ab\ncd")); !breaks || escapes {
		t.Error("a line feed")
	}
	if _, breaks, escapes := glance([]byte(`ab\u00`)); breaks || !escapes {
		t.Error("a backslash")
	}
}
