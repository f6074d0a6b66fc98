package receipt

import (
	"errors"
	"testing"
)

func TestFloor(t *testing.T) {
	for _, c := range []struct {
		floor           Floor
		version, policy string
		ok              bool
	}{
		{Floor{}, "", "", true},
		{Floor{MinVersion: "0.1.0"}, "0.1.0", "standard", true},
		{Floor{MinVersion: "0.9.0"}, "0.10.0", "standard", true}, // numbers, not text
		{Floor{MinVersion: "0.10.0"}, "0.9.9", "standard", false},
		{Floor{MinVersion: "1.0.0"}, "1.0.0-rc.1", "standard", false},
		{Floor{MinVersion: "0.1.0"}, "", "standard", false},
		{Floor{MinVersion: "0.1.0"}, "unknown", "standard", false},
		{Floor{MinVersion: "0.1.0"}, "v9.0.0", "standard", false},
		{Floor{Policies: []string{"strict"}}, "1.0.0", "strict", true},
		{Floor{Policies: []string{"strict"}}, "1.0.0", "standard", false},
		{Floor{Policies: []string{"strict", "standard"}}, "1.0.0", "standard", true},
		{Floor{Policies: []string{"strict"}}, "1.0.0", "Strict", false},
	} {
		s := New("out", SHA256, digest, Predicate{Tool: Tool{Version: c.version}, Policy: c.policy})
		err := s.Meets(c.floor)
		if c.ok != (err == nil) || err != nil && !errors.Is(err, ErrFloor) {
			t.Errorf("%+v of %q under %q: %v", c.floor, c.version, c.policy, err)
		}
	}
	if (Floor{MinVersion: "new"}).Check() == nil {
		t.Error("a floor that is no version is accepted")
	}
}
