package testkey

import (
	"crypto/rand"
	"encoding/hex"
	"testing"
)

func TestKnown(t *testing.T) {
	for digits, want := range map[string]bool{
		"000102030405060708090a0b0c0d0e0f":     true,
		"000102030405060708090a0b0c0d0e10":     false,
		"000102030405060708090a0b0c0d0e":       false,
		"000102030405060708090a0b0c0d0e0f1011": false,
		"2b7e151628aed2a6abf7158809cf4f3c":     true,
		"2b7e151628aed2a6abf7158809cf4f3d":     false,
		"":                                     false,
	} {
		p, err := hex.DecodeString(digits)
		if err != nil {
			t.Fatal(err)
		}
		if Known(p) != want {
			t.Errorf("%s: %t", digits, !want)
		}
	}
	for range 1000 {
		p := make([]byte, 32)
		rand.Read(p)
		if Known(p) {
			t.Fatal("a random key is a test key")
		}
	}
}
