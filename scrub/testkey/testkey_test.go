package testkey

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPublished holds that each line is a digest that stands there once, that Go's own test keys are
// known, wherever they are, and that another key of the same kind is not.
func TestPublished(t *testing.T) {
	seen := map[string]bool{}
	for line := range strings.Lines(published) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "# ") {
			continue
		}
		if !regexp.MustCompile("^[0-9a-f]{64}$").MatchString(line) || seen[line] {
			t.Errorf("line %q", line)
		}
		seen[line] = true
	}
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	spki := func(pub any) []byte {
		der, err := x509.MarshalPKIXPublicKey(pub)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	if Known(spki(&k.PublicKey)) {
		t.Error("a fresh key is published")
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("no source of Go")
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "src/net/http/internal/testcert/testcert.go"))
	if err != nil {
		t.Skip("no source of Go's tests")
	}
	// The key of net/http/httptest is in every binary that starts a test server.
	text = bytes.ReplaceAll(text, []byte("TESTING KEY"), []byte("PRIVATE KEY"))
	text = bytes.ReplaceAll(text, []byte("`"), []byte("\n"))
	var block *pem.Block
	for block, text = pem.Decode(text); block != nil && block.Type == "CERTIFICATE"; {
		block, text = pem.Decode(text)
	}
	if block == nil {
		t.Skip("another form of key")
	}
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		any, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		key = any.(*rsa.PrivateKey)
	}
	if !Known(spki(&key.PublicKey)) {
		t.Error("the key of net/http/httptest is not known")
	}
}

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
