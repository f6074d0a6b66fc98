package sights

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// TestChosenTokens holds that every header is tried before one is tried twice, whatever was
// found first, and that what is not tried is told.
func TestChosenTokens(t *testing.T) {
	text := func(kid, n int) []byte { return fmt.Appendf(nil, "header%d.token%d", kid, n) }
	for _, headers := range []int{1, 3, mostSigned, mostSigned + 1} {
		var a, b Record
		for i := range 4 * maxSigned {
			kid := 0
			if i%100 == 99 {
				kid = i / 100 % headers
			}
			x := &a
			if i%3 == 0 {
				x = &b
			}
			x.Signed(256, text(kid, i/2), int64(i))
		}
		for kid := range headers {
			a.Signed(256, text(kid, -1), -1)
		}
		b.Merge(&a)
		var f probe.Facts
		more := b.Facts(&f)
		seen := make(map[string]int)
		for _, x := range f.Signed {
			head, _, _ := bytes.Cut(x.Text, []byte{'.'})
			seen[string(head)]++
		}
		if len(f.Signed) != mostSigned || len(seen) != min(headers, mostSigned) || more != (headers > mostSigned) {
			t.Errorf("%d headers: %d tokens of %d, more %v", headers, len(f.Signed), len(seen), more)
		}
	}
	var long Record
	for i := range 3 {
		long.Signed(256, append(text(i, i), make([]byte, mostHashed/2-40)...), int64(i))
	}
	var f probe.Facts
	if more := long.Facts(&f); len(f.Signed) != 2 || !more {
		t.Errorf("%d long tokens, more %v", len(f.Signed), more)
	}
}

// TestLongToken holds that a token that is too long to be tried is told.
func TestLongToken(t *testing.T) {
	var r Record
	r.Signed(256, make([]byte, mostHashed+1), 0)
	var f probe.Facts
	if more := r.Facts(&f); len(f.Signed) != 0 || !more {
		t.Errorf("%d tokens, more %v", len(f.Signed), more)
	}
}
