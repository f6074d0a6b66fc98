package hpack_test

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	reference "golang.org/x/net/http2/hpack"

	"github.com/dumpscrub/dumpscrub/detect/context"
	"github.com/dumpscrub/dumpscrub/detect/hpack"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
	"github.com/dumpscrub/dumpscrub/detect/tokens"
)

func detectors(t testing.TB) []probe.Detector {
	t.Helper()
	ds, err := hpack.New(slices.Concat(tokens.Detectors(), context.Detectors()))
	if err != nil {
		t.Fatal(err)
	}
	return ds
}

// block returns fields as another encoder writes them.
func block(t testing.TB, fields ...[2]string) []byte {
	t.Helper()
	var b bytes.Buffer
	e := reference.NewEncoder(&b)
	for _, f := range fields {
		if err := e.WriteField(reference.HeaderField{Name: f[0], Value: f[1], Sensitive: f[0] == "authorization"}); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// frame returns a HEADERS frame.
func frame(flags byte, p []byte) []byte {
	return slices.Concat([]byte{0, byte(len(p) >> 8), byte(len(p)), 1, flags, 0, 0, 0, 13}, p)
}

func word(r *rand.Rand, n int) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

// Fields that hold a secret, which the last argument is.
func fields(r *rand.Rand) [][3]string {
	n := 24 + r.IntN(60)
	s := word(r, n)
	basic := base64.StdEncoding.EncodeToString([]byte("admin:" + word(r, 16)))
	return [][3]string{
		{"authorization", "Bearer " + s, s},
		{"authorization", "Basic " + basic, basic},
		{"authorization", "token " + s, s},
		{"proxy-authorization", "Basic " + basic, basic},
		{"x-api-key", s, s},
		{"x-auth-token", s, s},
		{"x-internal-token", s, s},
		{"grpc-bearer", "Bearer " + s, s},
		{"cookie", "session=" + s, s},
		{"cookie", "theme=dark; lang=en; app_session=" + s, s},
		{"cookie", "a=b; csrftoken=" + s + "; other=1", s},
		{":path", "/oauth/cb?access_token=" + s + "&state=1", s},
		{"location", "https://x.example/?client_secret=" + s, s},
		{"set-cookie", "PHPSESSID=" + s + "; path=/; HttpOnly", s},
	}
}

// What another encoder writes is found without a frame around it, and nothing of the
// secret can be decoded afterwards.
func TestFields(t *testing.T) {
	s, err := search.New(detectors(t))
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(7541, 1))
	tried, missed := map[string]int{}, map[string]int{}
	for range 60 {
		for _, f := range fields(r) {
			p := block(t, [2]string{":path", "/"}, [2]string{"accept", "text/html"}, [2]string{f[0], f[1]}, [2]string{"user-agent", "curl/8"})
			data := slices.Concat(probetest.Noise(r.Uint64(), 200), p, probetest.Noise(r.Uint64(), 200))
			key := f[0] + " " + f[1][:min(len(f[1]), 6)]
			if f[1] == f[2] {
				key = f[0]
			}
			tried[key]++
			fs := probetest.Matches(s, data, len(data))
			fs = slices.DeleteFunc(fs, func(f search.Found) bool { return f.Confidence < probe.Likely })
			if left(t, probetest.Redact(data, fs)[200:200+len(p)], f[2]) {
				missed[key]++
			}
		}
	}
	for k, n := range tried {
		// A few tokens in a hundred do not look random.
		if missed[k] > n/20 {
			t.Errorf("%s: %d of %d left", k, missed[k], n)
		}
	}
}

// left reports whether the reference decodes a piece of secret from p.
func left(t *testing.T, p []byte, secret string) bool {
	t.Helper()
	all := ""
	d := reference.NewDecoder(4096, func(f reference.HeaderField) { all += f.Value + "\n" })
	_, _ = d.Write(p) // an error ends it: what was cut is no code
	for i := 0; i+12 <= len(secret); i++ {
		if strings.Contains(all, secret[i:i+12]) {
			return true
		}
	}
	return false
}

// In a frame also what nothing but the frame gives away, and secrets in paths.
func TestFrames(t *testing.T) {
	s, err := search.New(detectors(t))
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(9113, 1))
	missed, tried := 0, 0
	for range 100 {
		v := word(r, 32)
		for _, f := range [][2]string{
			{":path", "/cb?access_token=" + v + "&state=1"}, {"cookie", "a=b; zz=" + v}, {"referer", "https://x.example/?api_key=" + v},
			{"x-own-secret", v}, {"authorization", v},
		} {
			for _, flags := range []byte{4, 5, 0x25} {
				p := block(t, [2]string{":method", "GET"}, f, [2]string{"accept", "*/*"})
				if flags&0x20 != 0 {
					p = append([]byte{0, 0, 0, 0, 15}, p...)
				}
				data := slices.Concat(probetest.Noise(r.Uint64(), 64), frame(flags, p), probetest.Noise(r.Uint64(), 64))
				tried++
				if left(t, bytes.TrimPrefix(probetest.Redact(data, probetest.Matches(s, data, len(data)))[64+9:64+9+len(p)], []byte{0, 0, 0, 0, 15}), v) {
					missed++
				}
			}
		}
	}
	if missed > tried/50 {
		t.Errorf("%d of %d left", missed, tried)
	}
}

func TestAccept(t *testing.T) {
	ds := detectors(t)
	r := rand.New(rand.NewPCG(3, 1))
	token := "k3J9" + word(r, 40) + "Zq7"
	private := func(s string, lead int) [][]byte {
		return [][]byte{hpack.Octets(nil, []byte(s), 0)[(lead+7)/8:]}
	}
	bearer := block(t, [2]string{"authorization", "Bearer " + token})
	named := block(t, [2]string{"x-api-key", token})
	path := frame(5, block(t, [2]string{":method", "GET"}, [2]string{"x-own-secret", token}))
	probetest.Accept(t, ds[1],
		probetest.Case{Name: "bearer", Data: bearer, Kind: context.BearerToken, Encoding: probe.Huffman, Confidence: probe.Likely, Private: private("Bearer "+token, 40)},
		probetest.Case{Name: "named", Data: named, Kind: context.APIKey, Encoding: probe.Huffman, Confidence: probe.Likely, Private: private(token, 0)},
	)
	probetest.Accept(t, ds[0],
		probetest.Case{Name: "frame", Data: path, Kind: context.Secret, Encoding: probe.Huffman, Confidence: probe.Likely, Private: private(token, 0)},
	)
}

// Every text of printable characters is coded as another encoder codes it, behind other text.
func TestOctets(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 2))
	text := func(n int) string {
		s := make([]byte, n)
		for i := range s {
			s[i] = byte(' ' + r.IntN('~'-' '+1))
		}
		return string(s)
	}
	for range 2000 {
		lead, s := text(r.IntN(9)), text(r.IntN(90))
		bits := func(s string) int { return int(reference.HuffmanEncodeLength(strings.Repeat(s, 8))) }
		start, end := bits(lead), bits(lead+s)
		var want []byte
		if (start+7)/8 < end/8 {
			want = reference.AppendHuffmanString(nil, lead+s)[(start+7)/8 : end/8]
		}
		if got := hpack.Octets(nil, []byte(s), start%8); !bytes.Equal(got, want) {
			t.Fatalf("%d characters behind %d bits: %d octets, want %d", len(s), start, len(got), len(want))
		}
	}
}

// Random octets, and those that begin as fields do, hold nothing.
func TestRandom(t *testing.T) {
	s, err := search.New(detectors(t))
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(11, 1))
	data := make([]byte, 8<<20)
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	for i := 0; i+64 < len(data); i += 40 {
		data[i], data[i+1] = "\x57\x60\x77\x1f"[r.IntN(4)], 0x80|byte(r.IntN(36))
	}
	for _, f := range probetest.Matches(s, data, len(data)) {
		if f.Confidence >= probe.Likely {
			t.Errorf("%s at %d", f.Kind, f.Start)
		}
	}
}

func FuzzDetect(f *testing.F) {
	s, err := search.New(detectors(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(block(f, [2]string{"authorization", "Bearer 0123456789abcdef"}))
	f.Add(frame(0x2d, block(f, [2]string{"cookie", "session=0123456789abcdef"})))
	f.Fuzz(func(t *testing.T, p []byte) {
		for _, m := range probetest.Matches(s, p, max(1, len(p))) {
			if m.Start < 0 || m.End > len(p) || m.Redact[0].Start < m.Start || m.Redact[len(m.Redact)-1].End > m.End {
				t.Fatalf("match %v of %d bytes", m.Range, len(p))
			}
		}
	})
}
