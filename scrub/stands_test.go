package scrub

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"slices"
	"testing"
)

// Where two detectors say different values of the same bytes, both are hunted for.
func TestBothValuesAreHunted(t *testing.T) {
	plain := letters(9) + "+" + letters(9) + "/" + letters(3)
	inner := letters(24)
	pair := base64.StdEncoding.EncodeToString([]byte("me:" + inner))
	coded := base64.StdEncoding.EncodeToString([]byte(inner))
	for name, c := range map[string]struct{ text, value string }{
		"percent": {"\x00POST /login?password=" + url.QueryEscape(plain) + "&x=1\x00", plain},
		"base64":  {"\x00apiVersion: v1\nkind: Secret\ndata:\n  password: " + coded + "\n\x00", inner},
		"docker":  {`{"auths":{"r.example":{"auth":"` + pair + `"}}}`, inner}, // a rule knows the digits, a name the pair
	} {
		dump := core(segment{0x10000, slices.Concat(noise(3000), []byte(c.text), noise(3000), []byte("\x00"+c.value+"\x00"), noise(300), widen([]byte(c.value)), noise(99))})
		_, out := scrubbed(t, job(t, file(t, dump)))
		if bytes.Contains(out, []byte(c.value)) || bytes.Contains(out, widen([]byte(c.value))) {
			t.Errorf("%s: the decoded value is left", name)
		}
	}
}
