package sweep

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"testing"
)

func TestHiddenRuns(t *testing.T) {
	random := func(n int) []byte { p := make([]byte, n); rand.Read(p); return p }
	std := func(p []byte) []byte { return base64.StdEncoding.AppendEncode(nil, p) }
	user := std([]byte("\xcd Build Seven <build7@example.org>"))
	if runs := hiddenRuns(user); len(bytes.Join(runs, nil)) != 0 {
		t.Error("the name of a user is hunted for")
	}
	if runs := hiddenRuns(std([]byte("x@example.org>"))); len(bytes.Join(runs, nil)) != 0 {
		t.Error("the rest of a name is hunted for")
	}
	ssh := append([]byte("\x00\x00\x00\x13ecdsa-sha2-nistp256\x00\x00\x00\x08nistp256\x00\x00\x00\x41\x04"), random(64)...)
	for skip := range 3 {
		if runs := hiddenRuns(std(ssh)[skip:]); len(runs[0]) != 0 {
			t.Errorf("from character %d on: the name of a curve is hunted for", skip)
		}
	}
	lost := 0
	for range 2000 {
		p := random(96)
		for _, text := range [][]byte{std(p), std(p)[1:], std(p)[2:], hex.AppendEncode(nil, p), fmt.Appendf(nil, "%X", p), base64.RawURLEncoding.AppendEncode(nil, p)} {
			if runs := hiddenRuns(text); len(runs) != 1 || !bytes.Equal(runs[0], text) {
				lost++
			}
		}
	}
	if lost > 12 {
		t.Errorf("%d of 12000 encodings of random octets are not hunted for", lost)
	}
	mixed := bytes.Join([][]byte{std(random(48)), std(bytes.Repeat([]byte("a line of text. "), 3)), std(random(96))}, nil)
	if runs := hiddenRuns(mixed); len(runs) != 2 || len(runs[0]) != 64 || len(runs[1]) != 128 {
		t.Errorf("%d runs", len(runs))
	}
}
