package aeskey

import (
	"bytes"
	"crypto/aes"
	"fmt"
	"reflect"
	"testing"
	"unsafe"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// covered fails unless the matches in data redact [start, end), all of them are of
// the key, and nothing is found afterwards.
func covered(t *testing.T, name string, data, key []byte, ranges ...probe.Range) []search.Found {
	t.Helper()
	fs := matches(t, data)
	if len(fs) == 0 {
		t.Errorf("%s: not found", name)
		return nil
	}
	done := make([]bool, len(data))
	for _, f := range fs {
		if !bytes.Equal(f.Identity, key) {
			t.Errorf("%s: another key", name)
		}
		for _, r := range f.Redact {
			for i := r.Start; i < r.End; i++ {
				done[i] = true
			}
		}
	}
	for _, r := range ranges {
		for i := r.Start; i < r.End; i++ {
			if !done[i] {
				t.Errorf("%s: byte %d of [%d,%d) is not redacted", name, i, r.Start, r.End)
				break
			}
		}
	}
	if again := matches(t, probetest.Redact(data, fs)); len(again) > 0 {
		t.Errorf("%s: found again after redaction", name)
	}
	return fs
}

// Go's own cipher, as it lies in this process.
func TestCryptoAES(t *testing.T) {
	for _, n := range sizes {
		key := testKey(11, n)
		c, err := aes.NewCipher(key)
		if err != nil {
			t.Fatal(err)
		}
		v := reflect.ValueOf(c)
		if v.Kind() != reflect.Pointer {
			t.Skip("crypto/aes does not hand out a pointer")
		}
		mem := bytes.Clone(unsafe.Slice((*byte)(v.UnsafePointer()), v.Elem().Type().Size()))
		fs := covered(t, fmt.Sprintf("%d bits", 8*n), mem, key)
		encodings := map[string]int{}
		for _, f := range fs {
			if f.Confidence == probe.Confirmed && f.Len() >= 4*words(n/4) {
				encodings[f.Encoding]++
			}
		}
		if encodings[probe.SchedEnc] != 1 || encodings[probe.SchedDec] != 1 {
			t.Errorf("%d bits: found %v, want one schedule of each direction", 8*n, encodings)
		}
	}
}

// Contexts as libraries lay them out, with something before and behind.
func TestContexts(t *testing.T) {
	for _, n := range sizes {
		key := testKey(21, n)
		size := 4 * words(n/4)
		enc, dec := mustEncode(t, key, Form{}), mustEncode(t, key, Form{Reversed: true, Mixed: true})
		swapped := mustEncode(t, key, Form{Order: Swapped, Reversed: true, Mixed: true})
		room := make([]byte, 240-size)
		for _, c := range []struct {
			name  string
			parts [][]byte
			want  probe.Range
		}{
			{"OpenSSL AES_KEY", [][]byte{enc, room, {byte(n/4 + 6), 0, 0, 0}}, probe.Range{Start: 0, End: size}},
			{"Linux crypto_aes_ctx", [][]byte{enc, room, dec, room, {byte(n), 0, 0, 0}}, probe.Range{Start: 240, End: 240 + size}},
			{"SymCrypt", [][]byte{enc, dec[16:]}, probe.Range{Start: 0, End: 2*size - 16}},
			// OpenJDK's AESCrypt.expandToSubKey rotates the round keys by one.
			{"Java decrypting", [][]byte{swapped[size-16:], swapped[:size-16]}, probe.Range{Start: 0, End: size}},
			{"back to back", [][]byte{dec, swapped, enc, enc}, probe.Range{Start: 0, End: 4 * size}},
		} {
			data := bytes.Join(c.parts, nil)
			covered(t, fmt.Sprintf("%s %d", c.name, 8*n), data, key, c.want)
			for off := 1; off < 9; off++ {
				shifted := bytes.Join([][]byte{randomBytes(4, off), data, randomBytes(6, 40)}, nil)
				covered(t, fmt.Sprintf("%s %d at %d", c.name, 8*n, off), shifted, key,
					probe.Range{Start: c.want.Start + off, End: c.want.End + off})
			}
		}
	}
}

// What free and reuse overwrite does not hide the rest.
func TestHoles(t *testing.T) {
	for _, f := range Forms() {
		for _, n := range sizes {
			key := testKey(31, n)
			whole := mustEncode(t, key, f)
			for _, hole := range []probe.Range{{Start: 0, End: 16}, {Start: 0, End: 32}, {Start: 8, End: 16}, {Start: 16, End: 32}, {Start: len(whole) - 16, End: len(whole) - 8}} {
				data := bytes.Join([][]byte{randomBytes(5, 40), whole, randomBytes(6, 40)}, nil)
				copy(data[40+hole.Start:40+hole.End], make([]byte, 32))
				fs := covered(t, fmt.Sprintf("%d/%s without [%d,%d)", 8*n, f, hole.Start, hole.End), data, key,
					probe.Range{Start: 40, End: 40 + hole.Start}, probe.Range{Start: 40 + hole.End, End: 40 + len(whole)})
				for _, m := range fs {
					for _, r := range m.Redact {
						// Up to three bytes of it may be those of the schedule by chance.
						if min(r.End, 40+hole.End)-max(r.Start, 40+hole.Start) > 3 {
							t.Errorf("%d/%s: the hole is redacted", 8*n, f)
						}
					}
				}
			}
		}
	}
}

// Keys as regular as can be have schedules that are not, but no values to sweep for.
func TestRegularKeys(t *testing.T) {
	for _, f := range Forms() {
		for _, n := range sizes {
			count := make([]byte, n)
			for i := range count {
				count[i] = byte(i)
			}
			for name, key := range map[string][]byte{
				"zero": make([]byte, n), "ones": bytes.Repeat([]byte{0xff}, n),
				"fill": bytes.Repeat([]byte{probe.Fill}, n), "count": count,
			} {
				data := bytes.Join([][]byte{make([]byte, 32), mustEncode(t, key, f), make([]byte, 32)}, nil)
				whole := 0
				// The first words may at the same time be those of a shorter key.
				eachMatch(t, data, func(m probe.Match) {
					if bytes.Equal(m.Identity, key) && m.Start == 32 && m.End == len(data)-32 {
						whole++
						if len(m.Values) > 0 {
							t.Errorf("%s %d/%s: has values", name, 8*n, f)
						}
					}
				})
				if whole == 0 {
					t.Errorf("%s %d/%s: not found", name, 8*n, f)
				}
				if again := matches(t, probetest.Redact(data, matches(t, data))); len(again) > 0 {
					t.Errorf("%s %d/%s: found again", name, 8*n, f)
				}
			}
		}
	}
}

// eachMatch calls fn for what the detector itself emits.
func eachMatch(t *testing.T, data []byte, fn func(probe.Match)) {
	t.Helper()
	searcher(t).Search(search.Window{Data: data, Hi: len(data)}, func(f search.Found) { fn(f.Match) })
}

// Three round keys of AES-256 without a round constant between them fit six
// keys, of which one is right.
func TestAmbiguous(t *testing.T) {
	key := testKey(41, 32)
	for first := 1; first < 13; first++ {
		data := mustEncode(t, key, Form{})[16*first : 16*first+48]
		n := 0
		eachMatch(t, data, func(m probe.Match) {
			n++
			right := 0
			for _, v := range m.Values {
				if bytes.Equal(v, key) {
					right++
				}
			}
			// A round constant is at the beginning of an even round key.
			want := 1
			if first%2 == 1 {
				want = 6
			}
			if right != 1 || len(m.Values) != want || m.Confidence != probe.Likely {
				t.Errorf("round keys from %d: %d keys, %d of them right, %s", first, len(m.Values), right, m.Confidence)
			}
			if want == 6 && !bytes.Equal(m.Identity, data) {
				t.Errorf("round keys from %d: the identity is not the words", first)
			}
		})
		if n == 0 {
			t.Errorf("round keys from %d: not found", first)
		}
	}
}
