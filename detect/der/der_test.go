package der

import (
	"bytes"
	"encoding/asn1"
	"math/big"
	"testing"
)

func TestNext(t *testing.T) {
	for _, c := range []struct {
		name    string
		data    []byte
		ok      bool
		tag     byte
		n, have int // declared and present content octets
		whole   bool
	}{
		{"short", []byte{4, 2, 1, 2}, true, OctetString, 2, 2, true},
		{"empty value", []byte{5, 0}, true, Null, 0, 0, true},
		{"long form", []byte{4, 0x81, 2, 1, 2}, true, OctetString, 2, 2, true},
		{"four length octets", []byte{4, 0x84, 0, 0, 0, 1, 9}, true, OctetString, 1, 1, true},
		{"cut content", []byte{4, 5, 1, 2}, true, OctetString, 5, 2, false},
		{"cut at the header's end", []byte{4, 5}, true, OctetString, 5, 0, false},
		{"cut length", []byte{4, 0x82, 1}, false, 0, 0, 0, false},
		{"only a tag", []byte{4}, false, 0, 0, 0, false},
		{"nothing", nil, false, 0, 0, 0, false},
		{"five length octets", []byte{4, 0x85, 0, 0, 0, 0, 1, 9}, false, 0, 0, 0, false},
		{"huge", []byte{4, 0x84, 0xff, 0xff, 0xff, 0xff, 1}, false, 0, 0, 0, false},
		{"indefinite in DER", []byte{0x30, 0x80, 0, 0}, false, 0, 0, 0, false},
		{"multi-octet tag", []byte{0x1f, 0x81, 1, 0}, false, 0, 0, 0, false},
	} {
		cur := At(c.data, 0)
		v, ok := cur.Next()
		if ok != c.ok {
			t.Errorf("%s: ok = %v", c.name, ok)
			continue
		}
		if ok && (v.Tag != c.tag || v.Len != c.n || v.Content().Len() != c.have || v.Whole() != c.whole) {
			t.Errorf("%s: %+v", c.name, v)
		}
		if ok && !c.whole && cur.Done() {
			t.Errorf("%s: done although cut", c.name)
		}
	}
}

// TestContainer says that a value may be cut by the data, but never reaches out
// of its container.
func TestContainer(t *testing.T) {
	data := []byte{0x30, 4, 4, 3, 1, 2, 9, 9, 9}
	c := At(data, 0)
	seq, _ := c.Next()
	in := c.Inside(seq)
	if _, ok := in.Next(); ok || in.Done() {
		t.Error("a value that reaches out of its container was accepted")
	}
	c = At(data[:5], 0)
	data[3] = 2
	seq, _ = c.Next()
	in = c.Inside(seq)
	v, ok := in.Next()
	if !ok || v.Whole() || v.Content().Len() != 1 || in.Done() || in.s == bad {
		t.Errorf("a cut value in a cut container: %+v", v)
	}
}

func TestIndefinite(t *testing.T) {
	inner := []byte{0x24, 0x80, 4, 2, 0, 0, 0, 0}
	data := append([]byte{0x30, 0x80}, inner...)
	data = append(data, 2, 1, 7, 0, 0)
	c := BER(data, 0)
	seq, ok := c.Next()
	if !ok || !seq.Whole() || seq.Next() != len(data) || !seq.Indefinite {
		t.Fatalf("%+v, %v", seq, ok)
	}
	in := c.Inside(seq)
	if v, ok := in.Next(); !ok || v.End-v.Start != 4 {
		t.Errorf("pieces: %+v", v)
	}
	if v, ok := in.Expect(Integer); !ok || in.Bytes(v)[0] != 7 || !in.Done() {
		t.Error("what follows a value of indefinite length is lost")
	}
	for n := 2; n < len(data); n++ {
		c := BER(data[:n], 0)
		if v, ok := c.Next(); !ok || v.Whole() || v.End != n {
			t.Errorf("cut at %d: %+v, %v", n, v, ok)
		}
	}
	deep := bytes.Repeat([]byte{0x30, 0x80}, 1000)
	c = BER(deep, 0)
	if _, ok := c.Next(); ok {
		t.Error("a thousand open containers were accepted")
	}
}

func TestOpens(t *testing.T) {
	for _, n := range []int{1, 127, 128, 255, 256, 70000} {
		data := append([]byte{0x30, 0x30}, Append(nil, Sequence, make([]byte, n))...)
		widths := 0
		i := len(data) - n
		for w := MinHeader; w <= MaxHeader; w++ {
			if Opens(data, Sequence, i, w) {
				widths++
				if i-w != 2 {
					t.Errorf("length %d: header at %d", n, i-w)
				}
			}
		}
		if widths != 1 {
			t.Errorf("length %d: %d headers", n, widths)
		}
	}
	if Opens([]byte{0x30}, Sequence, 1, 2) || Opens(nil, Sequence, 5, 2) {
		t.Error("a header outside the data")
	}
}

// TestAppend holds the writer against encoding/asn1.
func TestAppend(t *testing.T) {
	for _, n := range []int{0, 1, 127, 128, 255, 256, 65535, 65536} {
		want, err := asn1.Marshal(make([]byte, n))
		if err != nil {
			t.Fatal(err)
		}
		got := Append(nil, OctetString, make([]byte, n/2), make([]byte, n-n/2))
		if n < 65536 && !bytes.Equal(got, want) {
			t.Errorf("octet string of %d differs", n)
		}
		c := At(got, 0)
		if v, ok := c.Next(); !ok || v.Len != n || c.Pos() != len(got) {
			t.Errorf("octet string of %d is not read back", n)
		}
	}
	for _, v := range []int64{0, 1, 127, 128, 255, 256, 1 << 40} {
		want, _ := asn1.Marshal(big.NewInt(v))
		if got := AppendUnsigned(nil, append([]byte{0, 0}, big.NewInt(v).Bytes()...)); !bytes.Equal(got, want) {
			t.Errorf("integer %d: %x, want %x", v, got, want)
		}
	}
}

// FuzzCursor holds that values lie in the data and in their container, in order,
// and that what encoding/asn1 accepts is read the same.
func FuzzCursor(f *testing.F) {
	f.Add([]byte{0x30, 6, 2, 1, 0, 4, 1, 9})
	f.Add([]byte{0x30, 0x80, 0x24, 0x80, 4, 1, 1, 0, 0, 0, 0})
	f.Add([]byte{0x30, 0x82, 1, 0, 2, 1, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		var raw asn1.RawValue
		if rest, err := asn1.Unmarshal(data, &raw); err == nil && raw.Tag < multiOctetTag {
			c := At(data, 0)
			v, ok := c.Next()
			if !ok || !v.Whole() || v.End != len(data)-len(rest) || !bytes.Equal(c.Bytes(v), raw.Bytes) {
				t.Fatal("differs from encoding/asn1")
			}
		}
		for _, c := range []Cursor{At(data, 0), BER(data, 0)} {
			walk(t, c, 0, len(data), 8)
		}
	})
}

func walk(t *testing.T, c Cursor, start, end, depth int) {
	for range 1000 {
		v, ok := c.Next()
		if !ok {
			return
		}
		if v.Header < start || v.Start <= v.Header || v.End < v.Start || v.End > end || v.Whole() && v.Len != v.End-v.Start {
			t.Fatalf("a value is out of its place: %+v in [%d, %d)", v, start, end)
		}
		start = v.End
		if depth > 0 {
			walk(t, c.Inside(v), v.Start, v.End, depth-1)
		}
	}
}
