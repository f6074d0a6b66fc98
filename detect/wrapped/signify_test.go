package wrapped

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha512"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// signingKey returns a key of Ed25519 of which a test for chance would not refuse the seed.
func signingKey() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(secret(ed25519.SeedSize)) }

// signifyFile is the binary content of signify's secret key; sealed replaces the key when there are rounds.
func signifyFile(key, sealed []byte, rounds byte) []byte {
	sum := sha512.Sum512(key)
	if rounds > 0 {
		key = sealed
	}
	return slices.Concat([]byte{'E', 'd', 'B', 'K', 0, 0, 0, rounds}, secret(16), sum[:8], secret(8), key)
}

// minisignFile is that of minisign, which has no salt, limits and check sum without a pass phrase.
func minisignFile(key, sealed []byte) []byte {
	if sealed != nil {
		return slices.Concat([]byte("EdScB2"), secret(32), []byte{0, 0, 0, 2, 0, 0, 0, 0}, []byte{0, 0, 0, 64, 0, 0, 0, 0}, sealed)
	}
	return slices.Concat([]byte("Ed\x00\x00B2"), make([]byte, 48), secret(8), key, make([]byte, 32))
}

func TestSignifyAccept(t *testing.T) {
	key, sealed := signingKey(), secret(104)
	seed := []byte(key[:ed25519.SeedSize])
	probetest.Accept(t, NewSignify(),
		binCase("signify", privkey.Ed25519, probe.Raw, signifyFile(key, nil, 0), probe.Confirmed, seed),
		binCase("signify, sealed", privkey.Encrypted, probe.Raw, signifyFile(key, sealed[:64], 42), probe.Likely, sealed[:64]),
		binCase("minisign", privkey.Ed25519, probe.Raw, minisignFile(key, nil), probe.Confirmed, seed),
		binCase("minisign, sealed", privkey.Encrypted, probe.Raw, minisignFile(key, sealed), probe.Likely, sealed),
	)
}

// TestSignifyPublic holds that the public half of a key names it and stays where it lies.
func TestSignifyPublic(t *testing.T) {
	key := signingKey()
	public := []byte(key.Public().(ed25519.PublicKey))
	s, err := search.New([]probe.Detector{NewSignify()})
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range [][]byte{signifyFile(key, nil, 0), minisignFile(key, nil)} {
		fs := probetest.Matches(s, data, len(data))
		if len(fs) != 1 || !bytes.Equal(fs[0].SPKI, privkey.SPKIForEd25519(public)) || !bytes.Contains(probetest.Redact(data, fs), public) {
			t.Errorf("%.6q: %d matches, or another public key", data, len(fs))
		}
	}
}

func TestSignifyReject(t *testing.T) {
	other := make([]byte, 200)
	rand.Read(other)
	rounds := signifyFile(signingKey(), secret(64), 42)
	rounds[5] = 2
	for name, data := range map[string][]byte{
		"public keys":     slices.Concat([]byte("Ed"), secret(8+32), []byte("Ed"), secret(8+32)),
		"a signature":     slices.Concat([]byte("ED"), secret(8+64)),
		"no key":          append([]byte("Ed\x00\x00B2"), make([]byte, 152)...),
		"words":           []byte("EdScB2 EdScB2 is what the file begins with when a pass phrase encrypts it, and nothing of it is a key."),
		"too many rounds": rounds,
		"random":          other,
	} {
		probetest.Reject(t, NewSignify(), name, data)
	}
}

// TestMinisignTail holds that a key is found in text that lost its head, as far as the seed is there.
func TestMinisignTail(t *testing.T) {
	key := signingKey()
	text := b64(minisignFile(key, nil))
	seed := text[84:124] // whole digits of it
	for _, lost := range []int{16, 31, 80} {
		probetest.Accept(t, NewMinisignTail(), probetest.Case{
			Name: text[lost : lost+1], Data: []byte(text[lost:]), Text: true, Kind: privkey.Ed25519, Encoding: probe.Base64,
			Confidence: probe.Confirmed, Private: [][]byte{[]byte(seed)},
		})
	}
	other := minisignFile(key, nil)
	other[100] ^= 1
	for name, data := range map[string]string{
		"another public key": b64(other),
		"the seed is cut":    text[84:],
		"zeros":              b64(make([]byte, 158)),
		"no zeros":           b64(append(minisignFile(key, nil)[:126], secret(32)...)),
	} {
		probetest.Reject(t, NewMinisignTail(), name, []byte(data))
	}
}
