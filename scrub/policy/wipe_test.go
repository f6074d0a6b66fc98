package policy

import "testing"

func TestParseWipe(t *testing.T) {
	for list, want := range map[string]Wipe{
		"none": {}, "vectors": {Vectors: true}, "dead-stack,vectors": {true, true, false}, "dead-stack": {DeadStack: true}, "free": {Free: true},
	} {
		if w, err := ParseWipe(list); w != want || err != nil {
			t.Errorf("%q: %+v, %v", list, w, err)
		}
	}
	for _, list := range []string{"", "none,vectors", "vector", "vectors,", ",", " vectors", "vectors,stack"} {
		if w, err := ParseWipe(list); err == nil || w != (Wipe{}) {
			t.Errorf("%q: %+v, %v", list, w, err)
		}
	}
}
