package mnemonic

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
	"github.com/dumpscrub/dumpscrub/detect/textmap"
)

var words = strings.Fields(english)

// TestList compares the list with the digest of bip-0039/english.txt.
func TestList(t *testing.T) {
	sum := sha256.Sum256([]byte(english))
	if got, want := hex.EncodeToString(sum[:]), "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"; got != want {
		t.Errorf("SHA-256 of the list is %s, want %s", got, want)
	}
	for i, w := range words {
		if it, ok := wordAt(textOf(w), 0); !ok || it.index != i {
			t.Errorf("word %d is found as %d", i, it.index)
		}
	}
}

func textOf(s string) probe.Text {
	t, _ := probe.TextOf(probe.View{Data: []byte(s)})
	return t
}

// phraseOf makes a phrase as BIP 39 says it, by whole numbers.
func phraseOf(entropy []byte) []string {
	bits := len(entropy) / 4
	sum := sha256.Sum256(entropy)
	v := new(big.Int).Lsh(new(big.Int).SetBytes(entropy), uint(bits))
	v.Or(v, big.NewInt(int64(sum[0]>>(8-bits))))
	out := make([]string, len(entropy)/4*3)
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = words[new(big.Int).And(v, big.NewInt(listLen-1)).Int64()]
		v.Rsh(v, wordBits)
	}
	return out
}

func random(r *rand.Rand, n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(r.UintN(256))
	}
	return p
}

// electrumPhrase makes a seed of the standard kind, that fails BIP 39's check sum.
func electrumPhrase(r *rand.Rand) []string {
	for {
		ws := make([]string, 12)
		for i := range ws {
			ws[i] = words[r.IntN(len(words))]
		}
		m := hmac.New(sha512.New, []byte("Seed version"))
		m.Write([]byte(strings.Join(ws, " ")))
		if strings.HasPrefix(hex.EncodeToString(m.Sum(nil)), "01") && !slices.ContainsFunc(matches(t0(ws)), func(f search.Found) bool { return f.Kind == BIP39 }) {
			return ws
		}
	}
}

func t0(ws []string) []byte { return []byte(strings.Join(ws, " ")) }

func matches(data []byte) []search.Found { return probetest.Matches(searcher, data, len(data)) }

var searcher = func() *search.Searcher {
	s, err := search.New([]probe.Detector{New()})
	if err != nil {
		panic(err)
	}
	return s
}()

func TestAccept(t *testing.T) {
	r := rand.New(rand.NewPCG(39, 1))
	var cases []probetest.Case
	add := func(name, kind string, ws []string, text string) {
		cases = append(cases, probetest.Case{
			Name: name, Data: []byte(text), Text: true, Kind: kind, Encoding: probe.ASCII,
			Confidence: probe.Confirmed, Private: [][]byte{[]byte(text)},
		})
	}
	for _, n := range []int{16, 20, 24, 28, 32} {
		ws := phraseOf(random(r, n))
		add(fmt.Sprintf("%d words", len(ws)), BIP39, ws, strings.Join(ws, " "))
	}
	ws := phraseOf(random(r, 16))
	for _, sep := range []string{"\n", "\r\n", "\t", ",", ", ", `", "`, "\",\n        \"", "', '", "\x00", "-", "_", "+", "  "} {
		add(fmt.Sprintf("divided by %q", sep), BIP39, ws, strings.Join(ws, sep))
	}
	add("capitals", BIP39, ws, strings.ToUpper(strings.Join(ws, " ")))
	var numbered []string
	for i, w := range ws {
		numbered = append(numbered, fmt.Sprintf("%d. %s", i+1, w))
	}
	text := strings.Join(numbered, "\n")[len("1. "):]
	add("numbered", BIP39, ws, text)
	e := electrumPhrase(r)
	add("electrum", Electrum, e, strings.Join(e, " "))
	probetest.Accept(t, New(), cases...)
}

// TestSurroundings hides phrases in sentences, lists and lines.
func TestSurroundings(t *testing.T) {
	r := rand.New(rand.NewPCG(39, 2))
	for k := range 200 {
		ws := phraseOf(random(r, []int{16, 20, 24, 28, 32}[k%5]))
		for _, form := range []string{"my seed is %s please keep it", `{"mnemonic":"%s","n":1}`, "seed phrase %s and so on", "MNEMONIC=%s\x00", "%s\n%[1]s", "  - %s\n  - b"} {
			phrase := strings.Join(ws, " ")
			data := fmt.Appendf(nil, form, phrase)
			if !strings.Contains(form, "%[1]") {
				data = fmt.Appendf(nil, strings.ReplaceAll(form, "%s", "%[1]s"), phrase)
			}
			data = slices.Concat(random(r, r.IntN(64)), []byte("\x00 "), data, []byte("\x00\x00"))
			fs := matches(data)
			if red := probetest.Redact(data, fs); bytes.Contains(red, []byte(strings.Join(ws[:4], " "))) || bytes.Contains(red, []byte(strings.Join(ws[len(ws)-4:], " "))) {
				t.Errorf("%q: %d words: %d findings, and words stay", form, len(ws), len(fs))
			}
		}
	}
}

func TestReject(t *testing.T) {
	probetest.Reject(t, New(), "the list", []byte(english))
	probetest.Reject(t, New(), "the list in JSON", []byte(`["`+strings.Join(words, `", "`)+`"]`))
	probetest.Reject(t, New(), "every third word", []byte(strings.Join(everyThird(), " ")))
	r := rand.New(rand.NewPCG(39, 3))
	ws := phraseOf(random(r, 16))
	probetest.Reject(t, New(), "eleven words", []byte(strings.Join(ws[:11], " ")))
	probetest.Reject(t, New(), "a word that is not in the list", []byte(strings.Join(ws[:6], " ")+" dumpscrub "+strings.Join(ws[6:], " ")))
	probetest.Reject(t, New(), "pointers between words", []byte(strings.Join(ws, "\x00\x10\x55\x7f\x00\x00")))
}

func everyThird() []string {
	var out []string
	for i := 0; i < len(words); i += 3 {
		out = append(out, words[i])
	}
	return out
}

// TestChance counts how many random phrases pass: one in 16 of twelve words by the
// check sum, one in 256 by the version, and one in 256 of 24 words.
func TestChance(t *testing.T) {
	r := rand.New(rand.NewPCG(39, 4))
	for _, c := range []struct {
		n    int
		want float64
	}{{12, 1./16 + 1./256 + 3./4096}, {24, 1. / 256}} {
		const trials = 20000
		confirmed := 0
		for range trials {
			ws := make([]string, c.n)
			for i := range ws {
				ws[i] = words[r.IntN(len(words))]
			}
			for _, f := range matches(t0(ws)) {
				if f.Confidence == probe.Confirmed {
					confirmed++
				}
			}
		}
		want := c.want * trials
		if math.Abs(float64(confirmed)-want) > 5*math.Sqrt(want) {
			t.Errorf("%d words: %d of %d are confirmed, want about %.0f", c.n, confirmed, trials, want)
		}
	}
}

// TestPatterned knows examples by their pattern: they may be in use, so they are told.
func TestPatterned(t *testing.T) {
	for _, b := range []byte{0, 0x7f, 0x80, 0xff} {
		data := t0(phraseOf(bytes.Repeat([]byte{b}, 16)))
		fs := matches(data)
		if len(fs) != 1 || fs[0].Confidence != probe.Possible {
			t.Errorf("%02x: %d findings, want one possible", b, len(fs))
		}
	}
}

// TestRows hides phrases in text of one byte a character and of two, at every place of an element of the map, and
// has rows cover them from the first word to the last.
func TestRows(t *testing.T) {
	r := rand.New(rand.NewPCG(39, 6))
	noise := func() string {
		var sb strings.Builder
		for n := r.IntN(200); sb.Len() < n; {
			sb.WriteString([]string{"the ", "internationally", "X", "of ", "\x80", "q\x00", strings.Repeat(" ", 20+r.IntN(10)), "{", words[r.IntN(listLen)] + " "}[r.IntN(9)])
		}
		return sb.String()
	}
	separators := []string{" ", "\x00", ", ", "\",\n" + strings.Repeat(" ", maxSeparator-4) + "\"", " 1. "}
	short := []string{"act", "add", "age", "aim", "air", "all", "any", "arm", "art", "ask", "bag", "bar"}
	for i := range 4000 {
		ws := phraseOf(random(r, 16+4*r.IntN(5)))
		if i%8 == 0 {
			ws = short
		}
		before, phrase := noise(), strings.Join(ws, separators[r.IntN(len(separators))])
		if r.IntN(2) == 0 {
			before += "glued"
			phrase += "GLUED"
		}
		data := []byte(before + phrase + noise())
		start, end, width := len(before), len(before)+len(phrase), 1
		if i%2 != 0 {
			data, start, end, width = slices.Concat([]byte("x")[:i/2%2], probetest.Widen(data)), 2*start+i/2%2, 2*end+i/2%2, 2
		}
		// Blocks begin and end anywhere.
		lo := r.IntN(len(data))
		hi := lo + 1 + r.IntN(len(data)-lo)
		rs := takeRows(textmap.New(nil, data, lo, hi), lo, hi)
		if width == 1 {
			rs.narrow()
		} else {
			rs.wide()
		}
		for at := max(start, lo); at < min(end, hi); at++ {
			if !slices.ContainsFunc(rs.found, func(r probe.Range) bool { return r.Start <= at && at < r.End }) {
				t.Fatalf("%d bytes a character: %d of %q is in none of %v", width, at, data, rs.found)
			}
		}
	}
	// Most of what else there is lies in none.
	prose := []byte(strings.Repeat("a row of words as text has them is not what all those of the list of BIP 39 can make. ", 180))
	rs := takeRows(textmap.New(nil, prose, 0, len(prose)), 0, len(prose))
	rs.narrow()
	n := 0
	for _, r := range rs.found {
		n += r.Len()
	}
	if n > len(prose)/20 {
		t.Errorf("%d of %d bytes of prose are in rows", n, len(prose))
	}
}

func BenchmarkFilter(b *testing.B) {
	r := rand.New(rand.NewPCG(39, 5))
	prose := []byte(strings.Repeat("The quick brown fox jumps over the lazy dog and returns an error when the file is closed. ", 12000))
	for name, data := range map[string][]byte{"zeros": make([]byte, 1<<20), "random": random(r, 1<<20), "prose": prose} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				detector{}.Filter(data, 0, 0, len(data), func(int) {})
			}
		})
	}
}
