package tried

import "testing"

// What was added is known, nothing else, and the same octets tried in another way are something else.
func TestSet(t *testing.T) {
	s := New(10)
	a, b := s.Digest([]byte("one"), 1), s.Digest([]byte("one"), 2)
	if a == b || s.Has(a) || s.Has(b) {
		t.Error("known before it was added")
	}
	if s.Add(a); !s.Has(a) || s.Has(b) {
		t.Error("what was added is not what is known")
	}
	for i := range 1 << 12 {
		s.Add(s.Digest([]byte{byte(i), byte(i >> 8)}, 3))
	}
	s.Add(1)
	if n := len(*s.slots.Load()); n != 1<<10 {
		t.Errorf("%d slots", n)
	}
}

// A memo knows what was put last by a digest, and nothing by another one in the same slot.
func TestMemo(t *testing.T) {
	m := NewMemo[int](8)
	for i := range 1000 {
		d := m.Digest([]byte{byte(i), byte(i >> 8)})
		v := -1
		if m.Get(d, &v) || v != -1 {
			t.Fatalf("%d is known before it was put", i)
		}
		m.Put(d, i)
		if !m.Get(d, &v) || v != i {
			t.Fatalf("%d is %d", i, v)
		}
		if m.Get(d^1, &v) {
			t.Fatalf("another digest than that of %d is known", i)
		}
	}
}
