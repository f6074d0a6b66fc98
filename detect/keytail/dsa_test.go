package keytail_test

import (
	"bytes"
	stddsa "crypto/dsa"
	"crypto/rand"
	"encoding/asn1"
	"fmt"
	"math/big"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/keytail"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// dsaKey returns a key of PKCS #8, and where its p and its private number begin.
func dsaKey(t *testing.T) (key []byte, p, x int) {
	t.Helper()
	var k stddsa.PrivateKey
	if err := stddsa.GenerateParameters(&k.Parameters, rand.Reader, stddsa.L1024N160); err != nil {
		t.Fatal(err)
	}
	for k.X == nil || k.X.BitLen() <= 144 {
		if err := stddsa.GenerateKey(&k, rand.Reader); err != nil {
			t.Fatal(err)
		}
	}
	domain, err := asn1.Marshal(struct{ P, Q, G *big.Int }{k.P, k.Q, k.G})
	if err != nil {
		t.Fatal(err)
	}
	alg := der.Append(nil, der.Sequence, der.Append(nil, der.OID, []byte(privkey.OIDDSA)), domain)
	key = der.Append(nil, der.Sequence, []byte{2, 1, 0}, alg, der.Append(nil, der.OctetString, der.AppendUnsigned(nil, k.X.Bytes())))
	return key, bytes.Index(key, k.P.Bytes()), bytes.Index(key, k.X.Bytes())
}

func TestDSA(t *testing.T) {
	key, p, x := dsaKey(t)
	for _, lost := range []int{4, 16, p - 4, p + 1, p + 100} {
		data := append(make([]byte, 16), key[lost:]...)
		probetest.Accept(t, keytail.DSA(), probetest.Case{
			Name: fmt.Sprintf("%d lost", lost), Data: data, Kind: privkey.DSA, Encoding: probe.DER, Confidence: probe.Confirmed,
			Private: [][]byte{key[x:]},
		})
	}
	probetest.Reject(t, keytail.DSA(), "whole", key)
	for name, at := range map[string]int{"p": p + 40, "q": p + 128 + 10} {
		bad := bytes.Clone(key[12:])
		bad[at-12] ^= 0x10
		probetest.Reject(t, keytail.DSA(), "another "+name, bad)
	}
	probetest.Reject(t, keytail.DSA(), "noise", probetest.Noise(5, 1<<20))
}
