package secret

import (
	"crypto/aes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
)

// sweepForms are copies of a key that lies whole in one place: each stands alone elsewhere, in a form of which
// nothing tells what it is but the key.
func sweepForms() (fs []Form) {
	type key struct {
		name, kind string
		make       func(*Source) (whole Secret, copies []rsaNumber, order *big.Int)
	}
	keys := []key{{"rsa", KindRSA, func(s *Source) (Secret, []rsaNumber, *big.Int) {
		k := s.rsa()
		return k.pkcs1().der().secret("", KindRSA, "der", k.values()...), k.numbers()[:6], k.P
	}}}
	for _, c := range weierstrassCurves() {
		keys = append(keys, key{c.name, KindEC, func(s *Source) (Secret, []rsaNumber, *big.Int) {
			k := c.make(s)
			d := rsaNumber{"d", new(big.Int).SetBytes(k.D), k.size}
			return k.sec1(true).der().secret("", KindEC, "der", k.D), []rsaNumber{d}, c.order
		}})
	}
	for _, k := range keys {
		for _, w := range writings() {
			if w.name == "montgomery" && k.kind == KindRSA {
				continue // its residues are among the numbers
			}
			f := form("sweep-"+k.name+"-"+w.name, func(src *Source) Secret {
				whole, copies, order := k.make(src)
				n := copies[src.IntN(len(copies))]
				c := w.write(src, n, order)
				c.Form, c.Kind = "sweep-"+k.name+"-"+w.name+"-copy", k.kind
				return whole.with(c)
			})
			f.Order = w.order
			fs = append(fs, f)
		}
	}
	return append(append(fs, sweptSeeds()...), sweptCiphers()...)
}

// RegisterPiece returns a key that lies in memory, and two words of it as a program that computes with it loads
// them.
func RegisterPiece(src *Source) (whole, piece Secret) {
	k := src.rsa()
	whole = k.pkcs1().der().secret("sweep-register", KindRSA, "der", k.values()...)
	b := k.P.Bytes()
	at := 8 + src.IntN(len(b)-24)
	piece = alone(intBE, b[at:at+16])
	piece.Form, piece.Kind = "sweep-register-piece", KindRSA
	whole.Family, piece.Family = "sweep", "sweep"
	return whole, piece
}

// writing is a way to write a number, alone.
type writing struct {
	name  string
	order Order
	write func(src *Source, n rsaNumber, order *big.Int) Secret
}

// writings are the ways in which a number may stand anywhere. Those in binary have no alignment.
func writings() (ws []writing) {
	add := func(name string, o Order, write func(src *Source, n rsaNumber, order *big.Int) Secret) {
		ws = append(ws, writing{name, o, write})
	}
	for _, l := range append(layouts(), digitLayouts()...) {
		f := Form{}.on(l)
		add(l.name, f.Order, func(_ *Source, n rsaNumber, _ *big.Int) Secret { return alone(l.encoding, l.write(n.x, n.size)) })
	}
	add("montgomery", LittleEndian, func(_ *Source, n rsaNumber, order *big.Int) Secret {
		limbs := (order.BitLen() + 63) / 64
		x := new(big.Int).Lsh(n.x, uint(64*limbs))
		return alone("montgomery", reversed(fixed(x.Mod(x, order), 8*limbs)))
	})
	// Sixteen bytes from within a number, as a page border or a register leaves them.
	add("piece", LittleEndian, func(src *Source, n rsaNumber, _ *big.Int) Secret {
		b := layouts()[0].write(n.x, n.size)
		at := src.IntN(n.size - 16)
		return alone(limbsLE, b[at:at+16])
	})
	text := func(name, encoding string, write func(src *Source, n rsaNumber) marked) {
		for _, wide := range []bool{false, true} {
			name := name
			if wide {
				name += "-utf16le"
			}
			add(name, AnyOrder, func(src *Source, n rsaNumber, _ *big.Int) Secret {
				s := write(src, n).text("", "", encoding)
				if wide {
					s = s.Wide()
				}
				return s.or(copyEncodings()...)
			})
		}
	}
	text("hex", "hex", func(_ *Source, n rsaNumber) marked {
		return digitsOf(hex.EncodeToString(fixed(n.x, n.size)), 4, 0, n)
	})
	text("hex-upper", "hex", func(_ *Source, n rsaNumber) marked {
		return digitsOf(strings.ToUpper(hex.EncodeToString(fixed(n.x, n.size))), 4, 0, n)
	})
	text("decimal", "text", func(_ *Source, n rsaNumber) (m marked) {
		m.hide([]byte(n.x.String()))
		return m
	})
	text("base64url", "base64", func(_ *Source, n rsaNumber) marked {
		return digitsOf(base64.RawURLEncoding.EncodeToString(fixed(n.x, n.size)), 6, 0, n)
	})
	for phase := range 3 {
		// Within other octets that are encoded with it.
		text(fmt.Sprintf("base64-%d", phase), "base64", func(src *Source, n rsaNumber) marked {
			p := append(append(make([]byte, 3+phase), fixed(n.x, n.size)...), src.Bytes(3)...)
			return digitsOf(base64.StdEncoding.EncodeToString(p), 6, 3+phase, n)
		})
	}
	// A piece of 32 digits.
	text("base64-piece", "base64", func(src *Source, n rsaNumber) (m marked) {
		digits := base64.StdEncoding.EncodeToString(fixed(n.x, n.size))
		at := 2 + src.IntN(n.size*8/6-34)
		m.hide([]byte(digits[at : at+32]))
		return m
	})
	text("hex-piece", "hex", func(src *Source, n rsaNumber) (m marked) {
		digits := hex.EncodeToString(fixed(n.x, n.size))
		at := 2 + src.IntN(len(digits)-34)
		m.hide([]byte(digits[at : at+32]))
		return m
	})
	return ws
}

// digitsOf returns digits of so many bits each, of which those are private that hold nothing but n: it begins at
// octet at of what they encode, and its leading zero octets tell nothing.
func digitsOf(digits string, bits, at int, n rsaNumber) (m marked) {
	end := 8 * (at + n.size)
	start := end - 8*len(n.x.Bytes())
	from, to := (start+bits-1)/bits, end/bits
	m.str(digits[:from])
	m.hide([]byte(digits[from:to]))
	m.str(digits[to:])
	return m
}

// alone is p, a copy without anything around it.
func alone(encoding string, p []byte) Secret {
	var m marked
	if encoding == "hex" {
		digits := strings.TrimLeft(string(p), "0")
		m.str(string(p[:len(p)-len(digits)]))
		p = []byte(digits)
	}
	m.hide(p)
	for n := len(m.priv); n > 0 && m.b[m.priv[n-1].End-1] == 0; {
		m.priv[n-1].End--
	}
	return m.secret("", "", encoding).or(copyEncodings()...)
}

// copyEncodings are the names that a report may give to a copy.
func copyEncodings() []string {
	return append(rsaEncodings(), limbsLE, limbsBE, intBE, words32, "words64-be", "expanded", "text", "hex", "base64", "utf16le", "schedule-enc", "schedule-dec")
}

// sweptSeeds are what follows from an Ed25519 seed, each alone.
func sweptSeeds() (fs []Form) {
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10) // RFC 8032, section 5.1
	add := func(name, encoding string, part func(k okpKey, h []byte) []byte) {
		fs = append(fs, form("sweep-ed25519-"+name, func(src *Source) Secret {
			k := src.ed25519()
			h := sha512.Sum512(k.Seed)
			h[0] &= 0xf8
			h[31] = h[31]&0x7f | 0x40
			c := alone(encoding, part(k, h[:]))
			c.Form, c.Kind = "sweep-ed25519-"+name+"-copy", KindEd25519
			return k.pkcs8().der().secret("", KindEd25519, "der", k.Seed).with(c)
		}))
	}
	scalar := func(h []byte) *big.Int { return new(big.Int).SetBytes(reversed(h[:32])) }
	add("seed", "raw", func(k okpKey, _ []byte) []byte { return k.Seed })
	add("clamped", "expanded", func(_ okpKey, h []byte) []byte { return h[:32] })
	add("prefix", "expanded", func(_ okpKey, h []byte) []byte { return h[32:] })
	add("reduced", "expanded", func(_ okpKey, h []byte) []byte {
		x := scalar(h)
		return reversed(fixed(x.Mod(x, order), 32))
	})
	add("montgomery", "montgomery", func(_ okpKey, h []byte) []byte {
		x := new(big.Int).Lsh(scalar(h), 256)
		return reversed(fixed(x.Mod(x, order), 32))
	})
	add("hex", "hex", func(k okpKey, _ []byte) []byte { return hex.AppendEncode(nil, k.Seed) })
	return on(LittleEndian, fs)
}

// sweptCiphers are what follows from a key of AES and from a traffic secret of TLS 1.3, each alone.
func sweptCiphers() (fs []Form) {
	add := func(size int, name, encoding string, part func(key, w []byte) []byte) {
		fs = append(fs, form(fmt.Sprintf("sweep-aes-%d-%s", 8*size, name), func(src *Source) Secret {
			key := src.Bytes(size)
			key[0] |= 1 // no leading zeros, of which digits would tell nothing
			w := expand(key)
			c := alone(encoding, part(key, w))
			c.Form, c.Kind = fmt.Sprintf("sweep-aes-%d-%s-copy", 8*size, name), KindAES
			if name == "three-rounds-between" {
				c.Confidence = likely // three of them are enough to be seen, and not to be sure
			}
			return marked{w, []Range{{0, len(w)}}}.secret("", KindAES, "schedule-enc", key).with(c)
		}))
	}
	for _, size := range []int{16, 24, 32} {
		add(size, "key", "raw", func(key, _ []byte) []byte { return key })
		add(size, "hex", "hex", func(key, _ []byte) []byte { return hex.AppendEncode(nil, key) })
		add(size, "base64", "base64", func(key, _ []byte) []byte { return base64.RawStdEncoding.AppendEncode(nil, key) })
		add(size, "last-round", "schedule-enc", func(_, w []byte) []byte { return w[len(w)-16:] })
		add(size, "three-rounds-between", "schedule-enc", func(_, w []byte) []byte { return w[48:96] })
		add(size, "decrypting", "schedule-dec", func(_, w []byte) []byte { return inverse(w) })
		// H of GCM (SP 800-38D, section 6.4), as octets, and as two words of 64 bits of a little-endian machine.
		ghash := func(key []byte) []byte {
			block, err := aes.NewCipher(key)
			if err != nil {
				panic("internal error: " + err.Error())
			}
			h := make([]byte, aes.BlockSize)
			block.Encrypt(h, h)
			return h
		}
		add(size, "ghash", "expanded", func(key, _ []byte) []byte { return ghash(key) })
		add(size, "ghash-words", "expanded", func(key, _ []byte) []byte { return groupsReversed(ghash(key), 8) })
	}
	for _, label := range []string{"finished", "traffic upd", "key"} {
		fs = append(fs, form("sweep-tls13-"+strings.ReplaceAll(label, " ", "-"), func(src *Source) Secret {
			secret := src.Bytes(32)
			size := 32
			if label == "key" {
				size = 16
			}
			c := alone("raw", expandLabel(sha256.New, secret, "tls13 "+label, size))
			c.Form, c.Kind = "sweep-tls13-"+strings.ReplaceAll(label, " ", "-")+"-copy", KindTLS
			c.Also = append(c.Also, KindAES)
			return chunks(hidden(secret)).secret("", KindTLS, "raw", secret).aligned().
				with(schedule(expandLabel(sha256.New, secret, "tls13 key", 16)), c)
		}))
	}
	return on(LittleEndian, fs)
}
