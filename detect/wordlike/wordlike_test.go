package wordlike

import (
	"math/rand/v2"
	"testing"
)

// TestDisorder compares identifiers of programs with what generators make.
func TestDisorder(t *testing.T) {
	for _, s := range []string{
		"calculate_ebb_live_in_for_debugERNS0_10build_info", "secret_sha256ApplicationUrlDispatchRulespendingManagedCert",
		"InternationalizationConfigurationBuilder", "std::basic_string_char_traits", "org.springframework.beans.factory",
	} {
		if d := Disorder([]byte(s)); 4*d >= -len(s) {
			t.Errorf("%s: %d, want less than a quarter for each character", s, d)
		}
	}
	r := rand.New(rand.NewPCG(7, 7))
	for _, set := range []string{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "abcdefghijklmnopqrstuvwxyz0123456789", "0123456789abcdef"} {
		const trials = 20000
		low := 0
		for range trials {
			p := make([]byte, 32)
			for i := range p {
				p[i] = set[r.IntN(len(set))]
			}
			if 4*Disorder(p) < -len(p) {
				low++
			}
		}
		if low > trials/5000 {
			t.Errorf("%s: %d of %d are like words", set, low, trials)
		}
	}
}
