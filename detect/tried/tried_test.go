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
