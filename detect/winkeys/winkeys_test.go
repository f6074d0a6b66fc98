package winkeys

import (
	"bytes"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

func TestCNGAccept(t *testing.T)       { probetest.Accept(t, NewCNG(), cngCases(t)...) }
func TestCAPIAccept(t *testing.T)      { probetest.Accept(t, NewCAPI(), capiCases(t)...) }
func TestPlaintextAccept(t *testing.T) { probetest.Accept(t, NewPlaintext(), plainCases(t)...) }

// TestIdentity: one RSA key has one identity in all its forms.
func TestIdentity(t *testing.T) {
	k := rsaKey(t, 1024)
	want := privkey.SPKIForRSA(k.N.Bytes(), []byte{1, 0, 1})
	for name, data := range map[string][]byte{
		"cng": cngRSA(k, false).p, "cng full": cngRSA(k, true).p, "capi": capiRSA(k, "\x07\x02\x00\x00\x00\xa4\x00\x00").p,
	} {
		n := 0
		for _, f := range matches(t, data) {
			n++
			if !bytes.Equal(f.Identity, want) {
				t.Errorf("%s: another identity", name)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d matches, want 1", name, n)
		}
	}
}

func matches(t *testing.T, data []byte) []search.Found {
	t.Helper()
	return probetest.Find(t, data, NewCNG(), NewCAPI(), NewPlaintext())
}

// TestOverwritten writes other memory over each private number of a full blob but p and q: what
// is there then is redacted, for what is left of the number, and no value to hunt for.
func TestOverwritten(t *testing.T) {
	k := rsaKey(t, 1024)
	blob := cngRSA(k, true).p
	at := 24 + 3 + 128 + 2*64
	for i, size := range []int{64, 64, 64, 128} {
		junk := random(size)
		data := bytes.Clone(blob)
		copy(data[at:], junk)
		NewCNG().Detect(probe.View{Data: data}, func(m probe.Match) {
			if m.Confidence != probe.Confirmed {
				t.Errorf("number %d: %s", i, m.Confidence)
			}
			for _, v := range m.Values {
				if bytes.Equal(v, junk) {
					t.Errorf("number %d is hunted for", i)
				}
			}
		})
		at += size
	}
}

func TestReject(t *testing.T) {
	k := rsaKey(t, 1024)
	n := k.Size()
	public := (&builder{}).raw("RSA1").words(8*n, 3, n, 0, 0).raw("\x01\x00\x01").num(k.N, n).p
	noise := probetest.Noise(2, 2048)
	cases := map[string][]byte{
		"public cng":         append(bytes.Clone(public), noise...),
		"public as private":  append(append([]byte("RSA2"), public[4:]...), noise...),
		"names in a program": []byte("RSA1\x00RSA2\x00RSA3\x00ECS2\x00ECK2\x00DSPV\x00DHPV\x00KDBM\x00DSS2\x00DH2\x00MLKR\x00" + string(noise)),
		"compare in code":    append([]byte("\x81\x38RSA2\x0f\x85\x10\x00\x00\x00\x00\x00"), noise...),
		"random":             random(1 << 20),
		"zero key":           append([]byte("KDBM\x01\x00\x00\x00\x20\x00\x00\x00"), make([]byte, 64)...),
		"text key":           []byte("KDBM\x01\x00\x00\x00\x20\x00\x00\x00this is no key but a line of text"),
		"no point":           append([]byte("ECS2\x20\x00\x00\x00"), random(96)...),
		"plain pvk":          append([]byte(pvkMagic+"\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x04\x00\x00"), random(1024)...),
	}
	for name, data := range cases {
		for _, d := range []probe.Detector{NewCNG(), NewCAPI(), NewPlaintext()} {
			probetest.Reject(t, d, name, data)
		}
	}
}

// TestTruncated: a blob is found for as long as private bytes are there.
func TestTruncated(t *testing.T) {
	for _, c := range cngCases(t) {
		if c.Kind == privkey.Symmetric || c.Kind == privkey.MLDSA {
			continue // half a key is too little to tell, or lies between other fields
		}
		first := len(c.Data)
		for _, p := range c.Private {
			first = min(first, bytes.Index(c.Data, p))
		}
		for c.Data[first] == 0 {
			first++ // a short number in a long field
		}
		for n := first + 16; n < len(c.Data); n++ {
			if _, ok := parseCNG(c.Data[:n], 0); !ok {
				t.Errorf("%s: cut to %d of %d, private from %d: not found", c.Name, n, len(c.Data), first)
				break
			}
		}
	}
}

// FuzzBlobs: what is found lies inside the data, in order, and is not found again
// once it is redacted.
func FuzzBlobs(f *testing.F) {
	for _, cs := range [][]probetest.Case{cngCases(f), capiCases(f), plainCases(f)} {
		for _, c := range cs {
			f.Add(c.Data)
		}
	}
	dets := []probe.Detector{NewCNG(), NewCAPI(), NewPlaintext()}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, d := range dets {
			s, err := search.New([]probe.Detector{d})
			if err != nil {
				t.Fatal(err)
			}
			fs := probetest.Matches(s, b, len(b))
			for _, m := range fs {
				last := m.Start
				for _, r := range m.Redact {
					if r.Start < last || r.End <= r.Start || r.End > m.End || m.End > len(b) {
						t.Fatalf("%s: range %v of %v in %d bytes", m.Encoding, r, m.Range, len(b))
					}
					last = r.End
				}
				if len(m.Identity) == 0 {
					t.Fatal("a match without identity")
				}
			}
			red := probetest.Redact(b, fs)
			if again := probetest.Matches(s, red, len(red)); len(again) > 0 {
				t.Fatalf("found again after redaction: %v", again[0].Range)
			}
		}
	})
}
