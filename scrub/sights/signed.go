package sights

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// maxSigned bounds the tokens that are kept to choose from, mostSigned how many of them
	// candidates for their key are tried with: most processes have one key.
	maxSigned, mostSigned = 256, 8
	// mostHashed bounds their characters together, for hashing them is what a candidate costs.
	mostHashed = 2 << 10
)

// signedTokens are tokens that an HMAC signs. It is told of headers that none of them is tried, not
// of tokens.
var signedTokens = bound[probe.Signed]{
	most:    maxSigned,
	compare: func(a, b *probe.Signed) int { return bytes.Compare(a.Text, b.Text) },
	forget:  func(*probe.Signed) bool { return false },
}

// choose returns the tokens to try, the first one of each header before the second one of any: a
// header names the key, where there are several. It reports whether there are headers of which
// none is tried.
func choose(tokens []probe.Signed) (out []probe.Signed, untried bool) {
	seen := make(map[string]int)
	nth, last := make([]int, len(tokens)), 0
	for i, x := range tokens {
		nth[i] = seen[header(x)]
		last = max(last, nth[i])
		seen[header(x)]++
	}
	sum := 0
	for round := 0; round <= last; round++ {
		for i, x := range tokens {
			if nth[i] == round && len(out) < mostSigned && sum+len(x.Text) <= mostHashed {
				out = append(out, x)
				sum += len(x.Text)
				delete(seen, header(x))
			}
		}
	}
	return out, len(seen) > 0
}

func header(x probe.Signed) string {
	header, _, _ := bytes.Cut(x.Text, []byte{'.'})
	return string(header)
}
