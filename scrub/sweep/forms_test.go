package sweep

import (
	"bytes"
	"crypto/aes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/aeskey"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// encoded returns the digits of v by division, least first.
func encoded(v []byte, bits, word int, order binary.ByteOrder) []byte {
	x, base := new(big.Int).SetBytes(v), new(big.Int).Lsh(big.NewInt(1), uint(bits))
	var out []byte
	for x.Sign() > 0 {
		var d big.Int
		x.DivMod(x, base, &d)
		p := make([]byte, 8)
		order.PutUint64(p, d.Uint64())
		switch {
		case word == 8:
		case order == binary.LittleEndian:
			p = p[:word]
		default:
			p = p[8-word:]
		}
		out = append(out, p...)
	}
	return out
}

// uncovered returns the number of bytes of form, between other bytes, that no hit
// of s covers, and checks that the result does not depend on chunks.
func uncovered(t *testing.T, s *Set, form []byte) int {
	t.Helper()
	n := 0
	for _, lead := range []int{33, 34, 40} {
		data := slices.Concat(random(lead), form, random(41))
		hit := covered(s, data, len(data))
		n = 0
		for i := lead; i < lead+len(form); i++ {
			if !hit[i] && data[i] != 0 { // zeros around a number tell nothing
				n++
			}
		}
		if !slices.Equal(covered(s, data, 7), hit) || !slices.Equal(covered(s, data, 64), hit) {
			t.Error("chunks give another result")
		}
	}
	return n
}

func TestDigitsAreFound(t *testing.T) {
	for _, n := range []int{32, 66, 127, 128} {
		v := random(n)
		v[0] |= 0x80
		s := newSet(t, v)
		for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			for _, c := range []struct{ bits, word int }{
				{26, 4}, {28, 4}, {29, 4}, {30, 4}, {31, 4}, {32, 4}, {26, 8}, {28, 8}, {29, 8}, {51, 8}, {52, 8}, {60, 8}, {64, 8},
			} {
				if c.bits == 52 && order == binary.BigEndian {
					continue
				}
				name := fmt.Sprintf("%d bytes, 2^%d in %d bytes, %v", n, c.bits, c.word, order)
				form := encoded(v, c.bits, c.word, order)
				if left := uncovered(t, s, form); left > 0 {
					t.Errorf("%s: %d bytes are left", name, left)
				}
				// A piece from its middle that holds 17 bytes of the value.
				if n > 32 {
					piece := form[len(form)/3:][:(8*17+c.bits-1)/c.bits*c.word+c.word]
					if left := uncovered(t, s, piece); left > 0 {
						t.Errorf("%s: %d bytes of a piece are left", name, left)
					}
				}
			}
		}
		words := slices.Concat(make([]byte, (4-n%4)%4), v)
		for i := 0; i < len(words); i += 4 {
			slices.Reverse(words[i : i+4])
		}
		long := slices.Concat(make([]byte, (8-n%8)%8), v)
		for i := 0; i < len(long); i += 8 {
			slices.Reverse(long[i : i+8])
		}
		for name, form := range map[string][]byte{
			"int[]":   words,
			"long[]":  long,
			"decimal": []byte(new(big.Int).SetBytes(v).String()),
			"wide":    wide([]byte(new(big.Int).SetBytes(v).String())),
		} {
			if left := uncovered(t, s, form); left > 1 { // the last zero of wide text may be taken for another character
				t.Errorf("%d bytes, %s: %d bytes are left", n, name, left)
			}
		}
	}
}

func TestTextOfEveryBinaryForm(t *testing.T) {
	for _, n := range []int{16, 32, 96} {
		v := random(n)
		s := newSet(t, v)
		rev := slices.Clone(v)
		slices.Reverse(rev)
		for name, b := range map[string][]byte{"big-endian": v, "little-endian": rev} {
			lower := []byte(hex.EncodeToString(b))
			for lead := range 4 {
				for enc, p := range map[string][]byte{
					"hex": lower, "HEX": bytes.ToUpper(lower), "wide hex": wide(lower),
				} {
					form := slices.Concat([]byte("(:0x")[:lead+1], p)
					if left := uncovered(t, s, form); left > lead+2 {
						t.Errorf("%d bytes %s, %s: %d bytes are left", n, name, enc, left)
					}
				}
				whole := slices.Concat(random(lead), b, random(6))
				for enc, e := range map[string]*base64.Encoding{"base64": base64.StdEncoding, "base64url": base64.RawURLEncoding} {
					// The digits around v which hold other bytes' bits too may stay.
					p := []byte(e.EncodeToString(whole))
					if left := uncovered(t, s, p); left > len(p)-8*n/6+1 {
						t.Errorf("%d bytes %s, %s after %d: %d of %d bytes are left", n, name, enc, lead, left, len(p))
					}
					if left := uncovered(t, s, wide(p)); left > 2*(len(p)-8*n/6+2) {
						t.Errorf("%d bytes %s, wide %s after %d: %d bytes are left", n, name, enc, lead, left)
					}
				}
			}
		}
	}
}

func TestTextHitsSayWhatTheyAre(t *testing.T) {
	v := random(48)
	s := newSet(t, v)
	h := hex.EncodeToString(v)
	for _, c := range []struct {
		data     []byte
		encoding string
		wide     bool
	}{
		{[]byte(h), probe.Hex, false}, {wide([]byte(h)), probe.UTF16LE, true},
		{[]byte(base64.StdEncoding.EncodeToString(v)), probe.Base64, false},
		{[]byte(new(big.Int).SetBytes(v).String()), probe.ASCII, false},
	} {
		n := 0
		s.Search(c.data, 0, len(c.data), func(hit Hit) {
			n++
			if hit.Encoding != c.encoding || hit.Wide != c.wide || !hit.Text || c.wide && (hit.Start|hit.End)&1 == 1 {
				t.Errorf("%s: hit %+v", c.encoding, hit)
			}
		})
		if n == 0 {
			t.Errorf("%s: no hit", c.encoding)
		}
	}
}

func TestCipherKeysHaveSchedules(t *testing.T) {
	for _, n := range []int{16, 24, 32} {
		key := random(n)
		s, err := NewSet(1 << 20)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.AddKey(s.ID(key), aeskey.Kind, key); err != nil {
			t.Fatal(err)
		}
		s.Seal(func(ID) (int, bool) { return 0, true })
		for _, f := range aeskey.Forms() {
			p, err := aeskey.Encode(key, f)
			if err != nil {
				t.Fatal(err)
			}
			for name, form := range map[string][]byte{"whole": p, "a piece": p[50:70], "a round key": p[32:48]} {
				if left := uncovered(t, s, form); left > 0 {
					t.Errorf("%d bytes, form %+v: %d bytes of %s are left", n, f, left, name)
				}
			}
		}
		block, _ := aes.NewCipher(key)
		h := make([]byte, 16)
		block.Encrypt(h, h)
		if uncovered(t, s, h) > 0 {
			t.Errorf("%d bytes: the hash key is left", n)
		}
		s.Close()
	}
	s, err := NewSet(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	key := random(32)
	if err := s.AddKey(s.ID(key), privkey.RSA, key); err != nil {
		t.Fatal(err)
	}
	s.Seal(func(ID) (int, bool) { return 0, true })
	p, _ := aeskey.Encode(key, aeskey.Form{})
	if uncovered(t, s, p[64:]) != len(p[64:])-bytes.Count(p[64:], []byte{0}) {
		t.Error("a number has a schedule")
	}
}

// TestRedactedIsClean holds that what was redacted is no hit again, and that
// neither p-1 nor anything else of p needs more than p.
func TestRedactedIsClean(t *testing.T) {
	v := random(64)
	v[63] |= 1
	s := newSet(t, v)
	less := slices.Clone(v)
	less[63]--
	if left := uncovered(t, s, less); left != 1 {
		t.Errorf("%d bytes of p-1 are left, want its last", left)
	}
	h := hex.EncodeToString(v)
	data := slices.Concat(v, []byte(h+" "), random(20), encoded(v, 26, 8, binary.LittleEndian), wide([]byte(h)), random(9))
	out := slices.Clone(data)
	s.Search(data, 0, len(data), func(hit Hit) {
		for i := hit.Start; i < hit.End; i++ {
			out[i] = probe.Fill
		}
		if hit.Text {
			tag := probe.TagOpen + "rsa-private-key#1]" + strings.Repeat("*", len(data))
			for i := hit.Start; i < hit.End; i++ {
				out[i] = tag[i-hit.Start]
			}
		}
	})
	if slices.Contains(covered(s, out, len(out)), true) {
		t.Error("a hit in what was redacted")
	}
	if slices.Contains(covered(s, bytes.Repeat([]byte{probe.Fill}, 4096), 4096), true) {
		t.Error("a hit in the fill")
	}
}

func TestNoFalseAlarms(t *testing.T) {
	s := rsaSet(t, 50)
	size := 64 << 20
	if testing.Short() || raceEnabled {
		size = 1 << 20
	}
	data := fill(size / 2)
	// Half of it has zeros in the places where digits in wide words have them.
	for i := range data[:size/4] {
		if i%8 > 3 {
			data[i] = 0
		}
	}
	for _, d := range [][]byte{data, noise(size / 2)} {
		s.Search(d, 0, len(d), func(h Hit) { t.Errorf("false alarm: %+v", h) })
	}
}

func TestRoundsFindEverything(t *testing.T) {
	var values [][]byte
	one, err := NewSet(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	s, err := NewRounds(96<<10, 8)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var data []byte
	for i := range 20 {
		v := random(128)
		values = append(values, v)
		data = append(append(data, encoded(v, 30, 4, binary.LittleEndian)...), random(i)...)
		for _, set := range []*Set{s, one} {
			if err := set.Add(set.ID(v), v); err != nil {
				t.Fatal(err)
			}
		}
	}
	rank := func(set *Set) func(ID) (int, bool) {
		return func(id ID) (int, bool) {
			return slices.IndexFunc(values, func(v []byte) bool { return set.ID(v) == id }), true
		}
	}
	s.Seal(rank(s))
	one.Seal(rank(one))
	if one.Rounds() != 1 || s.Rounds() < 2 || s.Rounds() > 10 {
		t.Fatalf("%d and %d rounds", one.Rounds(), s.Rounds())
	}
	got := make([]bool, len(data))
	for r := range s.Rounds() {
		s.Load(r)
		for i, hit := range covered(s, data, len(data)) {
			got[i] = got[i] || hit
		}
	}
	if !slices.Equal(got, covered(one, data, len(data))) || !got[0] {
		t.Error("rounds find other bytes than one round")
	}
}

func TestShortRuns(t *testing.T) {
	v := fill(128) // always the same: a random limb may have too few different bytes
	s := newSet(t, v)
	for name, piece := range map[string][]byte{
		"big-endian": v[40:48], "limb": encoded(v, 64, 8, binary.LittleEndian)[56:64], "odd": v[13:24],
		"2^52": encoded(v, 52, 8, binary.LittleEndian)[16:24], "2^30": encoded(v, 30, 4, binary.LittleEndian)[20:28],
	} {
		data := slices.Concat(make([]byte, 21), piece, make([]byte, 30))
		n := 0
		s.SearchShort(data, 0, len(data), func(h Hit) {
			if h.Start <= 21 && h.End >= 21+len(bytes.TrimRight(piece, "\x00")) {
				n++
			}
		})
		if n == 0 {
			t.Errorf("%s: not found", name)
		}
		s.SearchShort(data, 30, len(data), func(h Hit) { t.Errorf("%s: found by a window that does not own it", name) })
	}
	// The form of big-endian limbs goes on with the upper half of the top one, which has two zeros here.
	short := newSet(t, v[:46])
	short.SearchShort(slices.Concat(make([]byte, 8), v[6:14], make([]byte, 30)), 0, 46, func(h Hit) {
		if h.Start < 8 || h.End > 16 || h.End == h.Start {
			t.Errorf("bytes %d to %d are a hit, and zeros among them", h.Start, h.End)
		}
	})
	noise := fill(1 << 20)[128:]
	s.SearchShort(noise, 0, len(noise), func(h Hit) { t.Errorf("false alarm: %+v", h) })
	seven := slices.Concat(make([]byte, 9), v[3:10], make([]byte, 9))
	s.SearchShort(seven, 0, len(seven), func(h Hit) { t.Error("seven bytes are a hit") })
}

// FuzzSearch holds that what is found is there: no hit outside the data, and no
// verdict that depends on chunks.
func FuzzSearch(f *testing.F) {
	v := fill(48)
	f.Add([]byte(hex.EncodeToString(v)), 3)
	f.Add(encoded(v, 26, 8, binary.LittleEndian), 8)
	f.Add(wide([]byte(base64.StdEncoding.EncodeToString(v))), 5)
	f.Add(slices.Concat(v, v[:20], v[3:]), 1)
	s, err := NewSet(1 << 20)
	if err != nil {
		f.Fatal(err)
	}
	if err := s.Add(s.ID(v), v); err != nil {
		f.Fatal(err)
	}
	s.Seal(func(ID) (int, bool) { return 0, true })
	f.Fuzz(func(t *testing.T, data []byte, n int) {
		if len(data) > 1<<12 {
			return
		}
		whole := covered(s, data, len(data)+1)
		if !slices.Equal(whole, covered(s, data, min(max(1, n), 1<<12))) {
			t.Fatal("chunks give another result")
		}
		for i := 0; i+len(v) <= len(data); i++ {
			if bytes.Equal(data[i:i+len(v)], v) && slices.Contains(whole[i:i+len(v)], false) {
				t.Fatal("the value is not covered")
			}
		}
		s.SearchShort(data, 0, len(data), func(h Hit) {
			if h.Start < 0 || h.End > len(data) || h.End-h.Start < minShortVaried {
				t.Fatal("a hit outside the data")
			}
		})
	})
}
