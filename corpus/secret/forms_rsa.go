package secret

import (
	"bytes"
	"encoding/binary"
	"math/big"
)

// publicHalf returns a structure with the public half of k, as one of those that
// processes with such a key have in memory.
func (s *Source) publicHalf(k *rsaKey) Secret {
	switch s.IntN(4) {
	case 0:
		return inPublic(k.spki().der().b)
	case 1:
		return inPublic(k.ssh().public.b)
	case 2:
		return inPublic(k.cngPublic().b)
	}
	return inPublic(s.rsaOf(1024).certificate(int64(1+s.IntN(1<<30)), "www.example.org", k.spki()))
}

// numbers returns the private numbers of k by name, and how many bytes each takes: the
// residues are those by which Montgomery's multiplication begins.
func (k *rsaKey) numbers() []rsaNumber {
	half, whole := k.Bits/16, k.Bits/8
	r := func(power int, p *big.Int) *big.Int {
		return new(big.Int).Mod(new(big.Int).Lsh(big.NewInt(1), uint(power*8*half)), p)
	}
	return []rsaNumber{
		{"p", k.P, half}, {"q", k.Q, half}, {"d", k.D, whole}, {"dp", k.Dp, half}, {"dq", k.Dq, half},
		{"qinv", k.Inv, half}, {"r-mod-p", r(1, k.P), half}, {"rr-mod-p", r(2, k.P), half},
		{"r-mod-q", r(1, k.Q), half}, {"rr-mod-q", r(2, k.Q), half}, {"d-lambda", k.lambda(), whole},
	}
}

// lambda returns the private exponent modulo lcm(p-1, q-1): RFC 8017, section 3.2.
func (k *rsaKey) lambda() *big.Int {
	p1, q1 := new(big.Int).Sub(k.P, big.NewInt(1)), new(big.Int).Sub(k.Q, big.NewInt(1))
	phi := new(big.Int).Mul(p1, q1)
	return new(big.Int).ModInverse(k.E, phi.Div(phi, new(big.Int).GCD(nil, nil, p1, q1)))
}

// pointedRSA is a prime of which the modulus lies in limbs that an mpz_t of GMP points to, as struct rsa_public_key
// of nettle has it: its size in octets, n and e.
func pointedRSA() Form {
	f := form("rsa-p-gmp", func(src *Source) Secret {
		k := src.rsaOf(2048)
		l := layouts()[0]
		p := l.in(KindRSA, k.P, k.Bits/16, k.values())
		p.Form = "rsa-p-gmp-p"
		limbs := func(x *big.Int) Secret {
			s := inPublic(chunks(shown(l.write(x, (x.BitLen()+7)/8))).b)
			s.Align = chunkAlign
			return s
		}
		holder := inPublic(make([]byte, 48)).with(p, limbs(k.N), limbs(k.E))
		holder.Align = chunkAlign
		holder.Link = func(b []byte, word Word, at []uint64) {
			word(b, 0, uint64(k.Bits/8))
			for i, n := range []uint64{uint64(k.Bits / 64), 1} {
				word(b, 1+2*i, n<<32|(n+uint64(i)))
				word(b, 2+2*i, at[1+i]+chunkAlign)
			}
		}
		return holder
	}).on(layouts()[0])
	f.Wide = true
	return f
}

type rsaNumber struct {
	name string
	x    *big.Int
	size int
}

// in returns x alone in a chunk, as l has it. CPython and Java write a header before
// the digits.
func (l layout) in(kind string, x *big.Int, size int, values [][]byte) Secret {
	data := l.write(x, size)
	m := chunks(hidden(data))
	switch l.name {
	case "r30":
		m = l.object(data, binary.LittleEndian.AppendUint64(nil, uint64(len(data)/4)), 24)
	case "java":
		m = l.object(data, binary.LittleEndian.AppendUint32(nil, uint32(len(data)/4)), 16)
	}
	return m.secret("", kind, l.encoding, values...).or(rsaEncodings()...).aligned()
}

// rsaEncodings are the names that a sweep gives to copies of a proven key.
func rsaEncodings() []string { return []string{"montgomery", "radix-other", "raw"} }

// object returns digits behind the header of an object of head bytes that ends in
// their number: a count of references and a type, or a mark and a class.
func (l layout) object(digits, count []byte, head int) marked {
	var m marked
	m.word(1)
	if head > 16 {
		m.word(0x5581_6b00_4d20)
	} else {
		m.u32le(0x0016_d8c0)
	}
	m.put(count...)
	start := len(m.b)
	m.put(digits...)
	m.mark(start+len(digits)-len(trim(digits)), start+len(bytes.TrimRight(digits, "\x00")))
	m.put(make([]byte, chunkAlign+(-len(m.b)&(chunkAlign-1)))...)
	return m
}

// rsaNumberForms are numbers of an RSA key whose public half lies elsewhere.
func rsaNumberForms() (fs []Form) {
	for _, l := range append(layouts(), digitLayouts()...) {
		one := func(name string, number int) {
			fs = append(fs, form("rsa-"+name+"-"+l.name, func(src *Source) Secret {
				k := src.rsa()
				n := k.numbers()[number]
				return l.in(KindRSA, n.x, n.size, k.values()).with(src.publicHalf(k))
			}).on(l))
		}
		one("p", 0)
		one("q", 1)
		fs = append(fs, form("rsa-all-"+l.name, func(src *Source) Secret {
			k := src.rsa()
			var all []Secret
			for _, n := range k.numbers() {
				s := l.in(KindRSA, n.x, n.size, k.values())
				s.Form = "rsa-all-" + l.name + "-" + n.name
				all = append(all, s)
			}
			return all[0].with(all[1:]...).with(src.publicHalf(k))
		}).on(l))
		if l.encoding != "radix-other" && l.encoding != "radix52-u64" && l.encoding != "radix30-u32" {
			one("d", 2)
			one("d-lambda", 10)
		}
	}
	return append(fs, lostHead(16), lostHead(32), pointedRSA())
}

// lostHead is a prime in a freed chunk, whose first n bytes are now pointers of the allocator's lists.
func lostHead(n int) Form {
	name := "rsa-p-le-lost-16"
	if n == 32 {
		name = "rsa-p-le-lost-32"
	}
	return form(name, func(src *Source) Secret {
		k := src.rsaOf(2048)
		s := layouts()[0].in(KindRSA, k.P, k.Bits/16, k.values()).freed(chunkAlign, n)
		return s.with(src.publicHalf(k))
	}).on(layouts()[0])
}

// freed returns s with the n bytes from at on overwritten as malloc does with those of a
// freed chunk: by pointers to its neighbours in a list.
func (s Secret) freed(at, n int) Secret {
	s.Data = bytes.Clone(s.Data)
	for i := range n / 8 {
		binary.LittleEndian.PutUint64(s.Data[at+8*i:], 0x5581_6a2c_0000+uint64(s.Data[at])<<8|uint64(i)<<4)
	}
	var kept []Range
	for _, r := range s.Private {
		if r.Start = max(r.Start, at+n); r.Start < r.End {
			kept = append(kept, r)
		}
	}
	s.Private = kept
	s.Complete, s.Confidence = false, likely
	return s
}

// rsaAloneForms are keys without any public structure: p, q and their product in
// neighbouring chunks, as Mbed TLS, wolfSSL and libtommath allocate them.
func rsaAloneForms() (fs []Form) {
	for _, l := range append(layouts(), paired()...) {
		if l.encoding == words32 {
			continue // Java keeps no key without its encoding
		}
		fs = append(fs, form("rsa-p-q-n-"+l.name, func(src *Source) Secret {
			k := src.rsa()
			return chunks(shown(l.write(k.N, k.Bits/8)), hidden(l.write(k.P, k.Bits/16)), hidden(l.write(k.Q, k.Bits/16))).
				secret("", KindRSA, l.encoding, k.values()...).aligned()
		}).on(l), form("rsa-crt-"+l.name, func(src *Source) Secret {
			k := src.rsa()
			half := k.Bits / 16
			return chunks(hidden(l.write(k.D, 2*half)), hidden(l.write(k.P, half)), hidden(l.write(k.Q, half)),
				hidden(l.write(k.Dp, half)), hidden(l.write(k.Dq, half)), hidden(l.write(k.Inv, half))).
				secret("", KindRSA, l.encoding, k.values()...).aligned()
		}).on(l))
	}
	return fs
}

// onlyForm is a number of an RSA key alone with the public half.
func onlyForm(number int, name string, l layout) Form {
	return form("rsa-only-"+name+"-"+l.name, func(src *Source) Secret {
		k := src.rsa()
		n := k.numbers()[number]
		return l.in(KindRSA, n.x, n.size, k.values()).with(src.publicHalf(k))
	})
}

// residueForms are R and R² modulo a prime, alone: what a freed context of Montgomery multiplication leaves.
func residueForms() (fs []Form) {
	for number, name := range []string{6: "r-mod-p", 7: "rr-mod-p"} {
		if name != "" {
			fs = append(fs, onlyForm(number, name, layouts()[0]), onlyForm(number, name, layouts()[2]))
		}
	}
	return fs
}

// openForms are numbers that give the key away, but of which nobody tests yet
// whether they do: those of RSA that are no factor, no exponent and no residue, each alone with the public
// half, and scalars of P-521 in Java's words, of which the first has nine bits.
func openForms() (fs []Form) {
	for number, name := range []string{3: "dp", 5: "qinv"} {
		if name != "" {
			fs = append(fs, onlyForm(number, name, layouts()[0]))
		}
	}
	c, l := weierstrassCurves()[2], layouts()[2]
	fs = append(fs, form("ec-java-"+c.name, func(src *Source) Secret {
		k := c.make(src)
		return l.in(KindEC, new(big.Int).SetBytes(k.D), k.size, [][]byte{k.D}).with(inPublic(k.spki().der().b))
	}))
	return fs
}
