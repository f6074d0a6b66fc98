package keyder

import (
	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// parseDSA reads p, q, g, y and x behind the version. An RSA key differs by its
// second number, which is a public exponent and no subgroup order, and by having
// more numbers.
func parseDSA(s structure) (privkey.Key, bool) {
	var p privkey.DSAParts
	for _, n := range []*[]byte{&p.P, &p.Q, &p.G} {
		b, ok := s.unsigned()
		if !ok {
			return privkey.Key{}, false
		}
		*n = b
	}
	if !privkey.DSADomain(p.P, p.Q, p.G) {
		return privkey.Key{}, false
	}
	y, ok := s.unsigned()
	if !ok {
		return privkey.Key{}, false
	}
	x, ok := s.Expect(der.Integer)
	if !ok || x.Len > len(p.Q)+1 || s.seq.Whole() && !s.Done() {
		return privkey.Key{}, false
	}
	p.Y, p.X, p.Full = y, s.number(x), s.full()
	return privkey.DSAKey(s.extent(x.End), p)
}
