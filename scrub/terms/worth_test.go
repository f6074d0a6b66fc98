package terms

import "testing"

func TestWorthTerm(t *testing.T) {
	for text, want := range map[string]bool{
		"hunter2": false, "hunter22": true, "password": false, "Password": false, "passWord": true, "pass-word": true,
		"12345678": false, "20261122T0102": true, "correcthorsebattery": true, "tab\tinside1": false,
		"aaaaaaaaaaaaaaaaaaaa": false, "127001127001": false,
	} {
		if worthTerm([]byte(text)) != want {
			t.Errorf("worthTerm(%q) = %t", text, !want)
		}
	}
}
