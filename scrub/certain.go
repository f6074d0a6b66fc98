package scrub

import (
	"bytes"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// certain reports whether m is proven by the private numbers that it holds. A
// structure that is only parsed to its end may have found that end in memory
// that has nothing to do with it.
func certain(m probe.Match) bool { return m.Confidence == probe.Confirmed && len(m.Values) > 0 }

// borneOut returns f, which lies in data, without the private parts at its end that are not what the rest of
// the key proves: behind a break in memory the octets of others stand there, however much the header claims.
func borneOut(f search.Found, data []byte) search.Found {
	if f.Text || !slices.Contains([]string{probe.DER, probe.OpenSSH, probe.PGP, probe.CNG, probe.CAPI}, f.Encoding) {
		return f // its private parts are no numbers as they lie
	}
	n := len(f.Redact)
	for ; n > 0 && n > len(f.Redact)-f.Loose; n-- {
		r := f.Redact[n-1] // what nothing confirms is not hunted for either
		f.Values = slices.DeleteFunc(slices.Clone(f.Values), func(v []byte) bool { return isValue(data[r.Start:r.End], [][]byte{v}) })
	}
	for n > 0 && !isValue(data[f.Redact[n-1].Start:f.Redact[n-1].End], f.Values) {
		n--
	}
	f.Redact = f.Redact[:n]
	return f
}

// isValue reports whether p is one of values, in either order of octets.
func isValue(p []byte, values [][]byte) bool {
	back := bytes.Clone(p)
	defer clear(back)
	slices.Reverse(back)
	for _, v := range values {
		if bytes.Equal(bytes.TrimLeft(p, "\x00"), v) || bytes.Equal(bytes.TrimLeft(back, "\x00"), v) {
			return true
		}
	}
	return false
}
