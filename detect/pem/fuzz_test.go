package pem

import (
	"bytes"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// Whatever the text, matches and what they redact lie inside it and in order, every
// redacted range begins and ends with a digit or padding, redaction leaves nothing
// to find, and what is found does not depend on how the text is cut into chunks.
func FuzzDetect(f *testing.F) {
	whole := encode("PRIVATE KEY", pkcs8(ed25519Key()))
	f.Add(whole, uint8(64))
	f.Add(bytes.ReplaceAll(whole, []byte("\n"), []byte(`\n`)), uint8(7))
	f.Add(whole[20:], uint8(1))
	f.Add([]byte("> -----BEGIN EC PRIVATE KEY-----\n> Proc-Type: 4,ENCRYPTED\n> DEK-Info: AES-128-CBC,00\n> \n> "+lines(random(100), 64, "\n> ")+"-----END EC PRIVATE KEY-----"), uint8(30))
	f.Add(pgpKey("PGP PRIVATE KEY BLOCK", nil), uint8(200))
	f.Add([]byte(string(whole)+string(whole[30:])), uint8(9))
	s, err := search.New([]probe.Detector{New()})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte, chunk uint8) {
		probetest.Sound(t, s, data)
		if len(data) <= 4096 {
			probetest.Chunks(t, s, data, int(chunk)+1)
		}
	})
}
