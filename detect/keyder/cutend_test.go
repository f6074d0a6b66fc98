package keyder

import (
	"crypto/rand"
	"math/big"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// A private number of which other memory took the end is not confirmed where nothing proves it.
func TestEndOverwritten(t *testing.T) {
	p, x := make([]byte, 128), make([]byte, 127)
	_, _ = rand.Read(p)
	_, _ = rand.Read(x)
	p[0], p[127], x[0] = 0xff, p[127]|1, 1
	q := must(rand.Prime(rand.Reader, 160))
	small := new(big.Int).Mod(new(big.Int).SetBytes(x), q).FillBytes(make([]byte, 20))
	two := der.AppendUnsigned(nil, []byte{2})
	for name, c := range map[string]struct {
		oid    string
		domain []byte
		x      []byte
	}{
		"DH":  {oidDH, append(der.AppendUnsigned(nil, p), two...), x},
		"DSA": {privkey.OIDDSA, append(append(der.AppendUnsigned(nil, p), der.AppendUnsigned(nil, q.Bytes())...), two...), small},
	} {
		write := func() []byte {
			alg := der.Append(nil, der.Sequence, der.Append(nil, der.OID, []byte(c.oid)), der.Append(nil, der.Sequence, c.domain))
			return der.Append(nil, der.Sequence, der.AppendUnsigned(nil, []byte{0}), alg, der.Append(nil, der.OctetString, der.AppendUnsigned(nil, c.x)))
		}
		if k, ok := Parse(write()); !ok || k.Confidence != probe.Confirmed {
			t.Errorf("%s: found %v, %v", name, ok, k.Confidence)
		}
		copy(c.x[len(c.x)-15:], "-linux-gnu/libc")
		if k, ok := Parse(write()); !ok || k.Confidence != probe.Likely {
			t.Errorf("%s behind which text stands: found %v, %v", name, ok, k.Confidence)
		}
	}
}
