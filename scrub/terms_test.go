package scrub

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// assigned finds what stands behind secret=, as likely.
type assigned struct{}

func (assigned) Spec() probe.Spec {
	return probe.Spec{ID: "assigned", About: "test", Kinds: []string{"token"}, Anchors: []string{"secret="}, Text: true, After: 300}
}

func (assigned) Detect(v probe.View, emit func(probe.Match)) {
	t, at := probe.TextOf(v)
	at += len("secret=")
	end := at
	for c := t.At(end); c > ' ' && c < 0x7f && c != '[' && c != '*'; c = t.At(end) {
		end++
	}
	if end > at {
		emit(probe.Match{
			Kind: "token", Encoding: t.Encoding(probe.ASCII), Confidence: probe.Likely,
			Range: t.Range(at, end), Text: true, Identity: t.Append(nil, at, end),
		})
	}
}

func randomToken(n int) string {
	p := make([]byte, n)
	rand.Read(p)
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	for i := range p {
		p[i] = alphabet[int(p[i])%len(alphabet)]
	}
	return string(p)
}

// huntFor scrubs a core that holds secret=TOKEN and, far from it, rest, and returns
// what became of rest.
func huntFor(t *testing.T, token string, rest []byte) (*Report, []byte) {
	t.Helper()
	front := slices.Concat(noise(400), []byte("secret="+token+"\x00"), noise(3000))
	dump := core(segment{0x1000, slices.Concat(front, rest, noise(400))})
	j := job(t, file(t, dump))
	j.Detectors = append(detect.Default(), assigned{})
	r, out := scrubbed(t, j)
	at := bytes.Index(dump, front) + len(front)
	return r, out[at : at+len(rest)]
}

// rareToken returns a token of n characters behind its prefix all pieces of which are hunted for: one random piece of
// twelve characters in two hundred looks as if somebody had written it.
func rareToken(n int) string {
	for {
		token, rare := []byte("tk_"+randomToken(n)), true
		for i := range len(token) - 11 {
			rare = rare && sweep.Rare(token[i:i+12])
		}
		if rare {
			return string(token)
		}
	}
}

func TestEveryCopyOfAToken(t *testing.T) {
	token := rareToken(37)
	b64 := base64.StdEncoding.EncodeToString
	for name, rest := range map[string]string{
		"raw": token, "utf16": string(widen([]byte(token))), "hex": hex.EncodeToString([]byte(token)),
		"HEX":      strings.ToUpper(hex.EncodeToString([]byte(token))),
		"base64/0": b64([]byte(token)), "base64/1": b64([]byte("x" + token + "y")), "base64/2": b64([]byte("xy" + token)),
		"percent": url.QueryEscape("q=" + token),
		"head":    token[:14], "tail": token[len(token)-12:], "middle": token[9:23], "odd middle": "\x01" + token[10:22],
		"wide middle": string(widen([]byte(token[11:24]))), "piece as hex": hex.EncodeToString([]byte(token[5:18])),
		"piece as base64": b64([]byte("before " + token[6:26] + " and behind")),
	} {
		r, out := huntFor(t, token, []byte("\x00"+rest+"\x00"))
		if r.Secrets.Len() != 1 {
			t.Errorf("%s: %d secrets, want 1", name, r.Secrets.Len())
		}
		left := 0
		for i := range rest {
			if rest[i] != 0 && rest[i] != '*' && out[i+1] == rest[i] {
				left++
			}
		}
		limit := 5 + len(rest)/20
		if strings.Contains(name, "base64") {
			limit += 5
		}
		if name == "piece as base64" {
			limit = len(rest) - 20
		}
		if left > limit {
			t.Errorf("%s: %d of %d bytes are left", name, left, len(rest))
		}
	}
}

// What a secret shares with what is no secret is not hunted for.
func TestCommonPiecesStay(t *testing.T) {
	const header = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9" // {"alg":"HS256","typ":"JWT"}
	claims := base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"https://login.example.com/","aud":"api","sub":"alice@example.com"}`))
	for name, c := range map[string]struct {
		token string
		rest  string
	}{
		"jwt header":        {header + "." + claims + "." + randomToken(43), header + ".cut"},
		"jwt claims":        {header + "." + claims + "." + randomToken(43), "." + claims[4:60]},
		"connection string": {"postgres://app:" + randomToken(16) + "@db.internal.example.com:5432/production", "db.internal.example.com:5432/production and postgres://app:other@"},
		"webhook":           {"https://hooks.example.com/services/T00000000/B00000000/" + randomToken(24), "https://hooks.example.com/services/"},
		"azure":             {"DefaultEndpointsProtocol=https;AccountName=files;AccountKey=" + randomToken(86) + "==;EndpointSuffix=core.windows.net", "DefaultEndpointsProtocol=https;AccountName=other;EndpointSuffix=core.windows.net"},
		"a name":            {"production", "the production of other things"},
		"a word in a word":  {"hunter22", "xhunter22 hunter223"},
		"path":              {"/usr/lib/x86_64-linux-gnu/libcrypto.so.3", "/usr/lib/x86_64-linux-gnu/libssl.so.3"},
		"a piece below 12":  {randomToken(40), ""},
	} {
		rest := c.rest
		if rest == "" {
			rest = c.token[7:18]
		}
		if _, out := huntFor(t, c.token, []byte("\x00"+rest+"\x00")); string(out) != "\x00"+rest+"\x00" {
			t.Errorf("%s: %q became %q", name, rest, out)
		}
	}
}

func TestShortSecretsAreHuntedWhole(t *testing.T) {
	for _, rest := range []string{" hunter22 ", "\"hunter22\"", base64.StdEncoding.EncodeToString([]byte("user:hunter22")), "h\x00u\x00n\x00t\x00e\x00r\x002\x002\x00\x00\x00"} {
		if _, out := huntFor(t, "hunter22", []byte(rest)); bytes.Equal(out, []byte(rest)) {
			t.Errorf("%q is left", rest)
		}
	}
}
