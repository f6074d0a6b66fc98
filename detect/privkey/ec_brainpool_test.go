package privkey

import (
	"bytes"
	"math/big"
	"os/exec"
	"testing"
)

// TestBrainpool compares points with those of OpenSSL, which shares no code with them.
func TestBrainpool(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("no openssl")
	}
	for name, c := range map[string]Curve{
		"brainpoolP256r1": BrainpoolP256r1, "brainpoolP384r1": BrainpoolP384r1, "brainpoolP512r1": BrainpoolP512r1,
	} {
		for range 3 {
			key, err := exec.Command(openssl, "ecparam", "-name", name, "-genkey", "-noout", "-outform", "DER").Output()
			if err != nil {
				t.Skipf("openssl knows no %s", name)
			}
			// ECPrivateKey: version, an OCTET STRING of the scalar, and at the end the point.
			at := bytes.Index(key, []byte{4, byte(c.Size())})
			scalar, point := key[at+2:at+2+c.Size()], key[len(key)-1-2*c.Size():]
			got, ok := ECPublic(c, scalar)
			if !ok || !bytes.Equal(got, point) {
				t.Fatalf("%s: another point than OpenSSL's", name)
			}
			short := append([]byte{2 + point[len(point)-1]&1}, point[1:1+c.Size()]...)
			if long, ok := c.Uncompressed(short); !ok || !bytes.Equal(long, point) {
				t.Errorf("%s: a compressed point is another one", name)
			}
			if found, ok := CurveOf(scalar, point); !ok || found != c {
				t.Errorf("%s: not the curve of its key", name)
			}
			wrong := bytes.Clone(point)
			wrong[len(wrong)-1] ^= 1
			if !c.holds(point) || c.holds(wrong) {
				t.Errorf("%s: the equation", name)
			}
			for _, bad := range [][]byte{nil, {0}, c.order().Bytes(), new(big.Int).Add(c.order(), big.NewInt(5)).Bytes()} {
				if _, ok := ECPublic(c, bad); ok {
					t.Errorf("%s: a scalar of %d octets out of order has a point", name, len(bad))
				}
			}
			last, ok := ECPublic(c, new(big.Int).Sub(c.order(), big.NewInt(1)).Bytes())
			first, _ := ECPublic(c, []byte{1})
			if !ok || !bytes.Equal(last[:1+c.Size()], first[:1+c.Size()]) || bytes.Equal(last, first) {
				t.Errorf("%s: the opposite of the base point is another one", name)
			}
		}
	}
}

func BenchmarkBrainpool512(b *testing.B) {
	scalar := random(63)
	for b.Loop() {
		ECPublic(BrainpoolP512r1, scalar)
	}
}
