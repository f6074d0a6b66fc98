package scrub

import (
	"bytes"
	"crypto/aes"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/aeskey"
	"github.com/dumpscrub/dumpscrub/scrub/policy"
)

// schedule returns an AES-128 key schedule as encryption has it.
func schedule(t *testing.T, key []byte) []byte {
	t.Helper()
	if _, err := aes.NewCipher(key); err != nil {
		t.Fatal(err)
	}
	p, err := aeskey.Encode(key, aeskey.Forms()[0])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Published keys stay under the standard policy and go under strict; another key
// in the same place goes.
func TestTestKeys(t *testing.T) {
	ramp := make([]byte, 16)
	for i := range ramp {
		ramp[i] = byte(i)
	}
	other := slices.Clone(ramp)
	copy(other, "another key here")
	for name, c := range map[string]struct {
		key    []byte
		policy policy.Policy
		stays  bool
	}{
		"standard": {ramp, policy.Standard(), true}, "strict": {ramp, policy.Strict(), false}, "other": {other, policy.Standard(), false},
	} {
		dump := core(segment{0x1000, slices.Concat(noise(400), schedule(t, c.key), noise(400))})
		j := job(t, file(t, dump))
		j.Policy = c.policy
		r, out := scrubbed(t, j)
		if r.Findings.Len() == 0 {
			t.Errorf("%s: nothing is found", name)
		}
		for f := range r.Findings.All() {
			if f.Redacted == c.stays || f.TestKey != bytes.Equal(c.key, ramp) {
				t.Errorf("%s: %+v", name, f)
			}
		}
		if bytes.Equal(dump, out) != c.stays {
			t.Errorf("%s: the copy equals the input: %t", name, !c.stays)
		}
	}
}
