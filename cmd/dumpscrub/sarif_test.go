package main

import "testing"

func TestFileURI(t *testing.T) {
	for path, want := range map[string]string{
		"-": "stdin", "app.core": "app.core", "/var/a b.core": "file:///var/a%20b.core", "a:b": "./a:b", "50%": "50%25",
	} {
		if got := fileURI(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}
