package scrub

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
)

// letters returns n random letters and digits.
func letters(n int) string {
	p := make([]byte, 2*n)
	rand.Read(p)
	return strings.Map(func(r rune) rune {
		if r == '+' || r == '/' {
			return 'x'
		}
		return r
	}, base64.StdEncoding.EncodeToString(p))[:n]
}

// A token that runs on into the stale rest of another one has no end, so no rule finds it,
// until that rest is cut out. It goes too, and the run does not fail.
func TestLaidBare(t *testing.T) {
	old := "ghp_" + letters(36)
	key := "AIza" + letters(35)
	dump := core(segment{0x10000, slices.Concat(noise(5000), []byte("\x00"+old+"\x00"), noise(70000), []byte("\x00"+key+old[20:]+"\x00"), noise(300))})
	packed := &bytes.Buffer{}
	w := gzip.NewWriter(packed)
	w.Write(dump)
	w.Close()
	for name, data := range map[string][]byte{"plain": dump, "packed": packed.Bytes()} {
		r, out := scrubbed(t, job(t, file(t, data)))
		if name == "packed" {
			zr, err := gzip.NewReader(bytes.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			b := &bytes.Buffer{}
			if _, err := b.ReadFrom(zr); err != nil {
				t.Fatal(err)
			}
			out = b.Bytes()
		}
		if len(out) != len(dump) || bytes.Contains(out, []byte(key[:12])) || bytes.Contains(out, []byte(old[24:])) {
			t.Errorf("%s: the key or the rest behind it is left", name)
		}
		i := slices.IndexFunc(r.Wiped, func(w ReportWiped) bool { return w.Class == wipeBared })
		if i < 0 || r.Wiped[i].Bytes != int64(len(key)) || !r.Verified {
			t.Errorf("%s: the report says %+v of what was laid bare", name, r.Wiped)
		}
	}
}
