package sweep

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"testing"
)

func random(n int) []byte {
	p := make([]byte, n)
	rand.Read(p)
	return p
}

// newSet returns a sealed set of the values, each its own secret.
func newSet(t *testing.T, values ...[]byte) *Set {
	t.Helper()
	s, err := NewSet(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	ranks := map[ID]int{}
	for i, v := range values {
		id := s.ID(v)
		ranks[id] = i
		if err := s.Add(id, v); err != nil {
			t.Fatal(err)
		}
	}
	s.Seal(func(id ID) (int, bool) { r, ok := ranks[id]; return r, ok })
	return s
}

// covered returns which bytes of data the hits cover when it is searched in
// chunks of n bytes.
func covered(s *Set, data []byte, n int) []bool {
	hit := make([]bool, len(data))
	for lo := 0; lo < len(data); lo += n {
		s.Search(data, lo, min(lo+n, len(data)), func(h Hit) {
			for i := h.Start; i < h.End; i++ {
				hit[i] = true
			}
		})
	}
	return hit
}

func wide(p []byte) []byte {
	var w []byte
	for _, b := range p {
		w = append(w, b, 0)
	}
	return w
}

func TestEveryFormIsFound(t *testing.T) {
	v := random(128)
	v[0], v[127] = v[0]|1, v[127]|1 // zeros at the ends are left alone
	s := newSet(t, v)
	rev := slices.Clone(v)
	slices.Reverse(rev)
	words := slices.Clone(v)
	for i := 0; i < len(words); i += 4 {
		slices.Reverse(words[i : i+4])
	}
	inside := func(lead int) []byte {
		return []byte(base64.StdEncoding.EncodeToString(slices.Concat(random(lead), v, random(5))))
	}
	// Of a text with neighbours, everything but its ends must be covered.
	for name, c := range map[string]struct {
		data []byte
		ends int
	}{
		"big-endian": {v, 0}, "little-endian": {rev, 0}, "int[]": {words, 0},
		"hex":   {[]byte(hex.EncodeToString(v)), 0},
		"HEX":   {bytes.ToUpper([]byte(hex.EncodeToString(v))), 0},
		"whex":  {wide([]byte(hex.EncodeToString(v))), 1},
		"b64/0": {inside(0), 12}, "b64/1": {inside(1), 10}, "b64/2": {inside(2), 12},
		"b64url": {[]byte(base64.RawURLEncoding.EncodeToString(v)), 3},
		"wb64":   {wide(inside(1)), 20},
		"piece":  {v[37:60], 0}, "short piece": {rev[50:66], 0},
	} {
		t.Run(name, func(t *testing.T) {
			data := slices.Concat(random(33), c.data, random(41))
			hit := covered(s, data, len(data))
			for i := 33 + c.ends; i < 33+len(c.data)-c.ends; i++ {
				if !hit[i] {
					t.Fatalf("byte %d of %d is not covered", i-33, len(c.data))
				}
			}
			for _, n := range []int{1, 7, 64} {
				if !slices.Equal(covered(s, data, n), hit) {
					t.Errorf("chunks of %d bytes give another result", n)
				}
			}
		})
	}
}

// The last line of a PEM text can hold as few bytes as make a hit, of which the last two bits
// share their digit with padding.
func TestLastLineOfBase64(t *testing.T) {
	v := random(112) // of 48 bytes a line, the third one has 16
	s := newSet(t, v)
	last := base64.StdEncoding.EncodeToString(v[96:])
	data := slices.Concat(random(33), []byte("\n"+last+"\n-"), random(41))
	hit := covered(s, data, len(data))
	for i := range 22 {
		if !hit[34+i] {
			t.Fatalf("digit %d is not covered", i)
		}
	}
	if !slices.Equal(covered(s, data, 1), hit) {
		t.Error("chunks of one byte give another result")
	}
	// Digits that go on are another text's; '/' is sixty-three, 'A' zero.
	next := "/"
	if v[111]&3 >= 2 {
		next = "A"
	}
	other := []byte("\n" + last[:21] + next + last[:8])
	if slices.Contains(covered(s, slices.Concat(random(33), other, random(41)), 200), true) {
		t.Error("a piece of 126 bits is a hit")
	}
}

// Four zeros among 64 bytes of a number, which one piece in eight thousand has, are no sign of other
// memory.
func TestNumberWithZeros(t *testing.T) {
	v := random(128)
	for i := range 128 {
		v[i] |= 1
	}
	for _, i := range []int{3, 19, 40, 61} {
		v[i] = 0
	}
	s := newSet(t, v)
	data := slices.Concat(random(32), v, random(32))
	hit := covered(s, data, len(data))
	for i := range v {
		if !hit[32+i] {
			t.Fatalf("byte %d is not covered", i)
		}
	}
}

// A token that is like another up to a point and goes on behind it is found to its own end.
// A zero before a number belongs to whatever lies there, though some form of the number has one too.
func TestNeighboursOfNumbersStay(t *testing.T) {
	number := random(64)
	number[0], number[63] = number[0]|0x80, number[63]|1
	s := newSet(t, slices.Concat([]byte{0}, number, []byte{0}))
	size := []byte{0x51, 0, 0, 0, 0, 0, 0, 0} // of a heap's chunk, little-endian
	got := covered(s, slices.Concat(random(40), size, number, size, random(40)), 1<<10)
	for i, hit := range got {
		if want := i >= 48 && i < 48+64; hit != want {
			t.Errorf("byte %d from the number's first: covered %t, want %t", i-48, hit, want)
		}
	}
}

func TestTokenThatGoesOn(t *testing.T) {
	for n := 33; n < 49; n++ {
		var stem, longer []byte
		for rare := false; !rare; { // as one piece in two hundred is not
			stem = []byte(base64.RawURLEncoding.EncodeToString(random(48)))[:n]
			longer = append(slices.Clone(stem), '/')
			rare = true
			for i := range n + 2 - minToken {
				rare = rare && rareAt(longer, i)
			}
		}
		s, err := NewSet(1 << 20)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		id := s.ID(stem)
		for i, v := range [][]byte{append(slices.Clone(stem), `\/`...), longer} {
			if err := s.AddToken(id, slices.Concat([]byte(`{"k":"`)[:i*n%7], v)); err != nil {
				t.Fatal(err)
			}
		}
		s.Seal(func(ID) (int, bool) { return 0, true })
		data := slices.Concat(make([]byte, 32), longer, make([]byte, 32))
		if hit := covered(s, data, len(data)); !hit[32+n] {
			t.Errorf("%d characters: the one behind them is not covered", n)
		}
	}
}

func TestPiecesBelowMinRunAndOtherBytesAreNoHits(t *testing.T) {
	v := random(64)
	s := newSet(t, v)
	for name, data := range map[string][]byte{
		"15 bytes": slices.Concat(random(19), []byte{^v[9]}, v[10:25], []byte{^v[25]}, random(19)),
		"random":   random(1 << 20),
		"zeros":    make([]byte, 4096),
	} {
		if slices.Contains(covered(s, data, len(data)), true) {
			t.Errorf("%s: a hit", name)
		}
	}
}

// Test-vector keys are also the contents of shuffle tables; memory that was
// taken for a part of a key must not be hunted for.
func TestImplausibleValuesAreLeftOut(t *testing.T) {
	ramp := make([]byte, 32)
	for i := range ramp {
		ramp[i] = byte(i)
	}
	text := bytes.Repeat([]byte("/usr/lib/x86_64-linux-gnu/libc.so.6 "), 8)
	pointers := []byte{}
	for i := range 40 {
		pointers = append(pointers, byte(i*8), 0x10, 0x55, 0x7f, 0x12, 0x55, 0, 0)
	}
	key := random(128)
	s := newSet(t, ramp, make([]byte, 32), text, pointers, slices.Concat(key, pointers))
	for name, data := range map[string][]byte{"ramp": ramp, "text": text, "pointers": pointers} {
		if slices.Contains(covered(s, data, len(data)), true) {
			t.Errorf("%s is hunted for", name)
		}
	}
	if slices.Contains(covered(s, key, len(key)), false) {
		t.Error("the key before the pointers is not hunted for whole")
	}
}

func TestSharedValuesGoToTheLowestRank(t *testing.T) {
	v := random(32)
	for _, order := range [][]int{{0, 1}, {1, 0}} {
		s, err := NewSet(1 << 16)
		if err != nil {
			t.Fatal(err)
		}
		ids := []ID{s.ID([]byte("a")), s.ID([]byte("b"))}
		for _, k := range order {
			if err := s.Add(ids[k], v); err != nil {
				t.Fatal(err)
			}
		}
		s.Seal(func(id ID) (int, bool) { return slices.Index(ids, id), true })
		s.Search(v, 0, len(v), func(h Hit) {
			if h.Secret != 0 {
				t.Errorf("order %v: rank %d", order, h.Secret)
			}
		})
		s.Close()
	}
}

func TestFullIsSaid(t *testing.T) {
	s, err := NewSet(4096)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for i := range 100 {
		if err = s.Add(s.ID(fmt.Append(nil, i)), random(256)); err != nil {
			break
		}
	}
	if !errors.Is(err, ErrFull) {
		t.Errorf("error %v, want %v", err, ErrFull)
	}
}

// TestLineThatBeginsAValue holds that a line of base64 goes that has the first 16 bytes of a value but for
// some bits of the digit that they share with what is before, and that one with less stays.
func TestLineThatBeginsAValue(t *testing.T) {
	const whole = 21
	for range 50 {
		v := random(64)
		s := newSet(t, v)
		for lead := range 3 {
			text := base64.StdEncoding.EncodeToString(slices.Concat(random(lead), v))
			first := (8*lead + 5) / 6 // digit of nothing but v
			line := []byte("\n" + text[:first+whole] + "\n")
			hit := covered(s, slices.Concat(random(33), line, random(40)), 200)
			n := 0
			for i := range whole {
				if hit[33+1+first+i] {
					n++
				}
			}
			if want := map[bool]int{true: whole}[lead > 0]; n != want {
				t.Fatalf("%d bytes before the value: %d of %d digits are covered, want %d", lead, n, whole, want)
			}
		}
	}
}
