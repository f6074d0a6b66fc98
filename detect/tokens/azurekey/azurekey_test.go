package azurekey

import (
	"encoding/base64"
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/tokens/validate"
)

// key makes a key of a service by way of its text, as the service does: random
// characters, the signature, the check sum of what they decode to.
func key(t *testing.T, s validate.AzureService, seed uint64, r *rand.Rand) []byte {
	t.Helper()
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	n := (s.Len*8+5)/6 - 10
	text := make([]byte, n)
	for i := range text {
		text[i] = alphabet[r.IntN(len(alphabet))]
	}
	enc := base64.RawStdEncoding
	p, err := enc.DecodeString((string(text) + s.Signature + "AAAAAA")[:enc.EncodedLen(s.Len)])
	if err != nil {
		t.Fatal(err)
	}
	binary.LittleEndian.PutUint32(p[s.Len-4:], validate.Marvin32(p[:s.Len-4], seed))
	return p
}

func rng() *rand.Rand { return rand.New(rand.NewPCG(3, 9)) }

func TestAccept(t *testing.T) {
	r := rng()
	var cases []probetest.Case
	for _, s := range validate.AzureServices() {
		for _, seed := range s.Seeds {
			k := key(t, s, seed, r)
			cases = append(cases, probetest.Case{
				Name: s.Kind, Data: k, Kind: s.Kind, Encoding: probe.Raw,
				Confidence: probe.Confirmed, Private: [][]byte{k},
			})
		}
	}
	for _, n := range []int{validate.CASKLen, validate.CASKLonger} {
		k := cask(t, n, r)
		cases = append(cases, probetest.Case{
			Name: CASKKey, Data: k, Kind: CASKKey, Encoding: probe.Raw,
			Confidence: probe.Confirmed, Private: [][]byte{k},
		})
	}
	probetest.Accept(t, New(), cases...)
}

// cask makes a common annotated security key of n bytes.
func cask(t *testing.T, n int, r *rand.Rand) []byte {
	t.Helper()
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	text := make([]byte, 52)
	for i := range text {
		text[i] = letters[r.IntN(len(letters))]
	}
	p, err := base64.StdEncoding.DecodeString(string(text) + "JQQJ99BCAAAAAAAAAAAAAAAAAZST")
	if err != nil {
		t.Fatal(err)
	}
	return binary.LittleEndian.AppendUint32(p, validate.Marvin32(p, 0x44656661756c7430))[:n]
}

// A key with one bit changed is none, wherever the bit is.
func TestMutation(t *testing.T) {
	r := rng()
	for _, s := range validate.AzureServices() {
		k := key(t, s, s.Seeds[0], r)
		for range 40 {
			bit := r.IntN(len(k) * 8)
			k[bit/8] ^= 1 << (bit % 8)
			probetest.Reject(t, New(), s.Kind, k)
			k[bit/8] ^= 1 << (bit % 8)
		}
	}
}

func FuzzDetect(f *testing.F) {
	f.Add([]byte("\xf8\x04\xad"), 0)
	f.Fuzz(func(t *testing.T, data []byte, at int) {
		if at < 0 || at+3 > len(data) {
			t.Skip()
		}
		New().Detect(probe.View{Data: data, At: at}, func(m probe.Match) {
			if m.Start < 0 || m.End > len(data) {
				t.Fatal("a match outside the view")
			}
		})
	})
}
