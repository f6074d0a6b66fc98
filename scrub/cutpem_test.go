package scrub

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"slices"
	"testing"
)

// Text of a key file that was cut off goes, and copies of its private lines; its modulus stays where it has
// other copies, as in the public key of a server.
func TestCutPEM(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}), []byte("\n"))
	modulus, private := bytes.Join(lines[2:5], nil), lines[10] // line 5 ends with the modulus, line 6 begins d
	for n, leaves := range map[int]bool{6: true, 13: false} {
		text := append(bytes.Join(lines[:n], []byte("\n")), '\n')
		memory := slices.Concat(make([]byte, 64), text, make([]byte, 64),
			[]byte("ssh-rsa "), modulus, []byte(" host\n"), make([]byte, 64), []byte("x "), private, []byte(" y\n"), make([]byte, 64))
		_, out := scrubbed(t, job(t, file(t, core(segment{0x40000, memory}))))
		if bytes.Contains(out, lines[1]) {
			t.Errorf("%d lines: some of them are left", n)
		}
		if !bytes.Contains(out, modulus) {
			t.Errorf("%d lines: the modulus is gone from the public key", n)
		}
		if bytes.Contains(out, private) != leaves {
			t.Errorf("%d lines: a private line is elsewhere: %v, want %v", n, !leaves, leaves)
		}
	}
}
