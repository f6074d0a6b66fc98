package secret

import (
	"io"
	"math/big"
)

// multiKey is an RSA key of more than two primes (RFC 8017, section 3).
type multiKey struct {
	rsaKey
	more []otherPrime // the third prime and further ones
}

// otherPrime is r, d and t of OtherPrimeInfo: RFC 8017, appendix A.1.2.
type otherPrime struct{ R, D, T *big.Int }

// multiPrime makes a key of which the primes share the bits as OpenSSL's do: the first ones take one
// more where they do not come out even.
func (s *Source) multiPrime(bits, primes int) *multiKey {
	one, e := big.NewInt(1), big.NewInt(exponent)
	for {
		n, phi := big.NewInt(1), big.NewInt(1)
		var ps []*big.Int
		for i := range primes {
			size := bits / primes
			if i < bits%primes {
				size++
			}
			p := primeOf(s.keys, size)
			ps = append(ps, p)
			n.Mul(n, p)
			phi.Mul(phi, new(big.Int).Sub(p, one))
		}
		d := new(big.Int).ModInverse(e, phi)
		if d == nil || n.BitLen() != bits {
			continue
		}
		k := &multiKey{rsaKey: rsaKey{Bits: bits, N: n, E: e, D: d, P: ps[0], Q: ps[1]}}
		k.Dp, k.Dq = new(big.Int).Mod(d, new(big.Int).Sub(k.P, one)), new(big.Int).Mod(d, new(big.Int).Sub(k.Q, one))
		k.Inv = new(big.Int).ModInverse(k.Q, k.P)
		before := new(big.Int).Mul(k.P, k.Q)
		for _, r := range ps[2:] {
			k.more = append(k.more, otherPrime{r, new(big.Int).Mod(d, new(big.Int).Sub(r, one)), new(big.Int).ModInverse(before, r)})
			before.Mul(before, r)
		}
		return k
	}
}

// primeOf is prime for any number of bits.
func primeOf(keys io.Reader, bits int) *big.Int {
	buf := make([]byte, (bits+7)/8)
	for {
		if _, err := io.ReadFull(keys, buf); err != nil {
			panic("internal error: the source of key bytes ended")
		}
		p := new(big.Int).SetBytes(buf)
		p.Rsh(p, uint(8*len(buf)-bits))
		p.SetBit(p, bits-1, 1).SetBit(p, bits-2, 1).SetBit(p, 0, 1)
		if p.ProbablyPrime(primeRounds) {
			return p
		}
	}
}

// pkcs1 is RSAPrivateKey of version 1, with OtherPrimeInfos.
func (k *multiKey) pkcs1() node {
	n := k.rsaKey.pkcs1()
	n.kids[0] = small(1)
	others := seq()
	for _, o := range k.more {
		others.kids = append(others.kids, seq(hiddenNum(o.R), hiddenNum(o.D), hiddenNum(o.T)))
	}
	n.kids = append(n.kids, others)
	return n
}

func (k *multiKey) values() [][]byte {
	vs := k.rsaKey.values()
	for _, o := range k.more {
		vs = append(vs, o.R.Bytes(), o.D.Bytes(), o.T.Bytes())
	}
	return vs
}

// numbers returns the private numbers, without the residues of the first two primes, and with
// those of the others and OpenSSL's product of the primes before (pp of RSA_PRIME_INFO).
func (k *multiKey) numbers() []rsaNumber {
	part := (k.P.BitLen() + 7) / 8
	residue := func(power int, p *big.Int) *big.Int {
		limbs := (p.BitLen() + 63) / 64
		return new(big.Int).Mod(new(big.Int).Lsh(big.NewInt(1), uint(power*64*limbs)), p)
	}
	ns := []rsaNumber{
		{"p", k.P, part}, {"q", k.Q, part}, {"d", k.D, k.Bits / 8}, {"dp", k.Dp, part}, {"dq", k.Dq, part}, {"qinv", k.Inv, part},
	}
	before := new(big.Int).Mul(k.P, k.Q)
	for i, o := range k.more {
		name := string(rune('3' + i))
		ns = append(ns, rsaNumber{"r" + name, o.R, part}, rsaNumber{"d" + name, o.D, part}, rsaNumber{"t" + name, o.T, part},
			rsaNumber{"pp" + name, new(big.Int).Set(before), (before.BitLen() + 7) / 8},
			rsaNumber{"r-mod-r" + name, residue(1, o.R), part}, rsaNumber{"rr-mod-r" + name, residue(2, o.R), part})
		before.Mul(before, o.R)
	}
	return ns
}

// multiPrimeForms are numbers of keys of three and four primes whose public half lies elsewhere.
func multiPrimeForms() (fs []Form) {
	for _, c := range []struct {
		name         string
		bits, primes int
	}{{"3", 2048, 3}, {"4", 4096, 4}} {
		for _, l := range layouts()[:2] {
			name := "rsa-multi-" + c.name + "-" + l.name
			fs = append(fs, form(name, func(src *Source) Secret {
				k := src.multiPrime(c.bits, c.primes)
				var all []Secret
				for _, n := range k.numbers() {
					s := l.in(KindRSA, n.x, n.size, k.values())
					s.Form = name + "-" + n.name
					all = append(all, s)
				}
				return all[0].with(all[1:]...).with(inPublic(k.spki().der().b))
			}).on(l))
		}
	}
	return fs
}
