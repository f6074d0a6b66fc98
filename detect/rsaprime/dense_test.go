package rsaprime

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// TestDense compares what is known of words with what each says for itself, wherever the data begins and is cut.
func TestDense(t *testing.T) {
	var d dense // which is used again
	r := rand.New(rand.NewPCG(1, 8))
	for range 300 {
		data := noise(r.Uint64(), r.IntN(6000))
		for n := r.IntN(40); n > 0 && len(data) > 0; n-- {
			at := r.IntN(len(data))
			piece := data[at:min(len(data), at+r.IntN(300))]
			fill := []byte{0, probe.Fill, 0xcc, 0x41}[r.IntN(4)]
			for i := range piece {
				piece[i] = fill
			}
		}
		base, lo, hi := int64(r.IntN(100)), r.IntN(300)-lead, len(data)-r.IntN(300)+lead
		d.look(data, base, lo, hi)
		lo, hi = max(lo, 0), min(hi, len(data))
		is := func(k int) bool {
			at := d.first + 8*k
			return at >= 0 && at+8 <= max(hi, 0) && k >= 0 && random(binary.LittleEndian.Uint64(data[at:]))
		}
		if (base+int64(d.first))%8 != 0 || d.first > lo || d.first <= lo-8 {
			t.Fatalf("the first word begins at %d, for %d", d.first, lo)
		}
		var next hole
		for k := range d.n + 70 {
			if d.at(k) != is(k) || d.inside(k) != (is(k) || is(k-1) && is(k+1)) {
				t.Fatalf("word %d of %d: %v, %v, want %v", k, d.n, d.at(k), d.inside(k), is(k))
			}
			end := k
			for d.inside(end) {
				end++
			}
			if got := next.after(&d, k); got != end {
				t.Fatalf("behind word %d a run ends at %d, want %d", k, got, end)
			}
			i := 8*k + r.IntN(8)
			for b, tops := 0, d.topsAt(i); b < 64; b++ {
				at := d.first + i + b
				if top := at >= 0 && at < len(data) && data[at] > 0x7f; i+b < 8*d.n && (tops>>b&1 != 0) != top {
					t.Fatalf("the top of the byte at %d is %v", at, !top)
				}
			}
			n, want := 1+r.IntN(maxJudged), 0
			for i := k; i < k+n && k+n <= d.n; i++ {
				if at := d.first + 8*i; at >= 0 {
					if w := binary.LittleEndian.Uint64(data[at:]); w != 0 {
						want += entropy.Common(w)
					}
				}
			}
			if got := d.commonIn(k, n); got != want {
				t.Fatalf("%d words from %d on have %d common bytes, want %d", n, k, got, want)
			}
		}
	}
}
