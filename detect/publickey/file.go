package publickey

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// ErrNone says that a file holds no public key that is understood.
var ErrNone = errors.New("no public key found")

// FromFile returns the public keys in a file, each once, in file order, as DER
// SubjectPublicKeyInfo. It takes certificates, requests and keys in PEM and DER, RSA
// keys of PKCS #1, JWK and JWKS, OpenSSH's .pub, authorized_keys and known_hosts
// files, SSH2 public keys, and a modulus in hexadecimal, such as openssl's
// -modulus prints, of which the exponent is taken to be 65537. The error is
// [ErrNone] when nothing is found, and else an error of this package's own making.
func FromFile(data []byte) ([][]byte, error) {
	s, err := search.New(encoded())
	if err != nil {
		return nil, err
	}
	var found []search.Found
	s.Search(search.Window{Data: data, Hi: len(data)}, func(f search.Found) { found = append(found, f) })
	slices.SortStableFunc(found, func(a, b search.Found) int { return a.Start - b.Start })
	var spkis [][]byte
	seen := map[string]bool{}
	for _, f := range found {
		if !seen[string(f.SPKI)] {
			seen[string(f.SPKI)] = true
			spkis = append(spkis, f.SPKI)
		}
	}
	if spki := hexModulus(data); spki != nil && len(spkis) == 0 {
		spkis = append(spkis, spki)
	}
	if len(spkis) == 0 {
		return nil, ErrNone
	}
	return spkis, nil
}

// hexModulus reads a file that is a modulus in hexadecimal and nothing else but
// white space, colons and what stands before an equals sign.
func hexModulus(data []byte) []byte {
	const most = 64 << 10 // a modulus of 16384 bits takes 4 KiB, 12 with colons and breaks
	if len(data) > most {
		return nil
	}
	if i := bytes.IndexByte(data, '='); i >= 0 {
		data = data[i+1:]
	}
	data = bytes.TrimPrefix(bytes.TrimSpace(data), []byte("0x"))
	digits := make([]byte, 0, len(data)+1)
	for _, b := range data {
		switch b {
		case ' ', '\t', '\r', '\n', ':':
		default:
			digits = append(digits, b)
		}
	}
	if len(digits)%2 == 1 {
		digits = slices.Insert(digits, 0, '0')
	}
	n := make([]byte, len(digits)/2)
	if _, err := hex.Decode(n, digits); err != nil {
		return nil
	}
	if !privkey.RSAPublic(n, []byte{1, 0, 1}) {
		return nil
	}
	return privkey.SPKIForRSA(n, []byte{1, 0, 1})
}
