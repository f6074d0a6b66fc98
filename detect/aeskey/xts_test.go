package aeskey

import (
	"bytes"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// The two schedules of AES-XTS, of the data and of the tweak, are two keys, whether they
// touch or lie in contexts with room for the longest, and whichever way each goes.
func TestXTS(t *testing.T) {
	for _, n := range []int{16, 32} {
		data, tweak := testKey(61, n), testKey(62, n)
		for _, form := range []Form{{}, {Reversed: true, Mixed: true}, {Order: Swapped}} {
			for _, room := range []int{0, 4, 240 - 4*words(n/4) + 4, 256 - 4*words(n/4)} {
				first, second := mustEncode(t, data, form), mustEncode(t, tweak, Form{Order: form.Order})
				p := bytes.Join([][]byte{first, make([]byte, room), second}, nil)
				found := map[string]bool{}
				done := 0
				for _, f := range matches(t, p) {
					if f.Kind != Kind || f.Confidence != probe.Confirmed {
						t.Errorf("%d bits, %d bytes between: %s, %s", 8*n, room, f.Kind, f.Confidence)
					}
					found[string(f.Identity)] = true
					for _, r := range f.Redact {
						done += r.Len()
					}
				}
				if len(found) != 2 || !found[string(data)] || !found[string(tweak)] || done < len(first)+len(second) {
					t.Errorf("%d bits, %d bytes between: %d keys, %d bytes", 8*n, room, len(found), done)
				}
			}
		}
	}
}
