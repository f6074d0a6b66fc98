package pgp

import (
	"bytes"
	"crypto/dsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/binary"
	"math/big"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	pgpecdh "github.com/ProtonMail/go-crypto/openpgp/ecdh"
	pgpecdsa "github.com/ProtonMail/go-crypto/openpgp/ecdsa"
	pgped25519 "github.com/ProtonMail/go-crypto/openpgp/ed25519"
	pgped448 "github.com/ProtonMail/go-crypto/openpgp/ed448"
	pgpeddsa "github.com/ProtonMail/go-crypto/openpgp/eddsa"
	"github.com/ProtonMail/go-crypto/openpgp/elgamal"
	"github.com/ProtonMail/go-crypto/openpgp/mldsa_eddsa"
	"github.com/ProtonMail/go-crypto/openpgp/mlkem_ecdh"
	pgppacket "github.com/ProtonMail/go-crypto/openpgp/packet"
	"github.com/ProtonMail/go-crypto/openpgp/x25519"
	"github.com/ProtonMail/go-crypto/openpgp/x448"
)

func random(n int) []byte {
	p := make([]byte, n)
	rand.Read(p)
	return p
}

// example is one secret key packet, plain, with its private contents.
type example struct {
	name    string
	packet  []byte
	private [][]byte
}

// body returns the packet's body; the library writes lengths of the current
// format, of one, two or five octets.
func (ex example) body() []byte {
	switch n := ex.packet[1]; {
	case n < 192:
		return ex.packet[2:]
	case n < 224:
		return ex.packet[3:]
	}
	return ex.packet[6:]
}

// privateParts returns what must be gone from a key of the library.
func privateParts(t testing.TB, k any) [][]byte {
	switch k := k.(type) {
	case *rsa.PrivateKey:
		return [][]byte{k.D.Bytes(), k.Primes[0].Bytes(), k.Primes[1].Bytes()}
	case *dsa.PrivateKey:
		return [][]byte{k.X.Bytes()}
	case *elgamal.PrivateKey:
		return [][]byte{k.X.Bytes()}
	case *pgpecdsa.PrivateKey:
		return [][]byte{k.D.Bytes()}
	case *pgpeddsa.PrivateKey:
		return [][]byte{bytes.TrimLeft(k.D, "\x00")}
	case *pgped25519.PrivateKey:
		return [][]byte{k.Key[:32]}
	case *pgped448.PrivateKey:
		return [][]byte{k.Key[:57]}
	case *x25519.PrivateKey:
		return [][]byte{k.Secret}
	case *x448.PrivateKey:
		return [][]byte{k.Secret}
	case *mldsa_eddsa.PrivateKey:
		return [][]byte{k.SecretEc, k.SecretMldsaSeed}
	case *mlkem_ecdh.PrivateKey:
		return [][]byte{k.SecretEc, k.SecretMlkemSeed}
	}
	t.Fatalf("no private parts known for %T", k)
	return nil
}

func exampleOf(t testing.TB, name string, k *pgppacket.PrivateKey) example {
	var buf bytes.Buffer
	if err := k.Serialize(&buf); err != nil {
		t.Fatal(name, err)
	}
	ex := example{name: name, packet: buf.Bytes()}
	if d, ok := k.PrivateKey.(*pgpecdh.PrivateKey); ok {
		// Curve25519's number is reversed and clamped: take it as it lies.
		end := len(ex.packet)
		if k.Version < 6 {
			end -= 2 // the check sum
		}
		ex.private = [][]byte{ex.packet[end-len(bytes.TrimLeft(d.D, "\x00")) : end]}
		return ex
	}
	ex.private = privateParts(t, k.PrivateKey)
	return ex
}

func entity(t testing.TB, cfg *pgppacket.Config) *openpgp.Entity {
	e, err := openpgp.NewEntity("Test", "test key", "test@example.com", cfg)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// examples holds a packet of every algorithm and version that the library makes.
func examples(t testing.TB) []example {
	var exs []example
	add := func(name string, cfg *pgppacket.Config) {
		e := entity(t, cfg)
		exs = append(exs, exampleOf(t, name, e.PrivateKey), exampleOf(t, name+" subkey", e.Subkeys[0].PrivateKey))
	}
	add("v4 rsa", &pgppacket.Config{Algorithm: pgppacket.PubKeyAlgoRSA, RSABits: 2048})
	add("v6 rsa", &pgppacket.Config{Algorithm: pgppacket.PubKeyAlgoRSA, RSABits: 2048, V6Keys: true})
	add("v4 eddsa", &pgppacket.Config{Algorithm: pgppacket.PubKeyAlgoEdDSA})
	for _, c := range []pgppacket.Curve{pgppacket.CurveNistP256, pgppacket.CurveNistP521, pgppacket.CurveSecP256k1, pgppacket.CurveBrainpoolP384} {
		add("v4 ecdsa "+string(c), &pgppacket.Config{Algorithm: pgppacket.PubKeyAlgoECDSA, Curve: c})
	}
	add("v6 ecdsa", &pgppacket.Config{Algorithm: pgppacket.PubKeyAlgoECDSA, Curve: pgppacket.CurveNistP256, V6Keys: true})
	add("v4 ed25519", &pgppacket.Config{Algorithm: pgppacket.PubKeyAlgoEd25519})
	add("v6 ed25519", &pgppacket.Config{Algorithm: pgppacket.PubKeyAlgoEd25519, V6Keys: true})
	add("v6 ed448", &pgppacket.Config{Algorithm: pgppacket.PubKeyAlgoEd448, V6Keys: true})
	add("v6 mldsa65", &pgppacket.Config{Algorithm: pgppacket.PubKeyAlgoMldsa65Ed25519, V6Keys: true})
	add("v6 mldsa87", &pgppacket.Config{Algorithm: pgppacket.PubKeyAlgoMldsa87Ed448, V6Keys: true})

	var d dsa.PrivateKey
	if err := dsa.GenerateParameters(&d.Parameters, rand.Reader, dsa.L1024N160); err != nil {
		t.Fatal(err)
	}
	if err := dsa.GenerateKey(&d, rand.Reader); err != nil {
		t.Fatal(err)
	}
	exs = append(exs, exampleOf(t, "v4 dsa", pgppacket.NewDSAPrivateKey(time.Unix(1e9, 0), &d)))
	e := &elgamal.PrivateKey{X: new(big.Int).SetBytes(append([]byte{0x5a}, random(30)...))}
	e.P, e.G = d.P, big.NewInt(5)
	e.Y = new(big.Int).Exp(e.G, e.X, e.P)
	exs = append(exs, exampleOf(t, "v4 elgamal", pgppacket.NewElGamalPrivateKey(time.Unix(1e9, 0), e)))
	return append(exs, rsaV3(t), edV5(t))
}

// number writes an MPI.
func number(n *big.Int) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(n.BitLen())), n.Bytes()...)
}

func summed(secret []byte) []byte {
	var sum uint16
	for _, c := range secret {
		sum += uint16(c)
	}
	return binary.BigEndian.AppendUint16(secret, sum)
}

// rsaV3 writes a version 3 packet, which the library cannot.
func rsaV3(t testing.TB) example {
	k, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	body := append([]byte{3, 0x30, 1, 2, 3, 0, 0, 1}, number(k.N)...)
	body = append(append(body, number(big.NewInt(int64(k.E)))...), 0)
	var secret []byte
	u := new(big.Int).ModInverse(k.Primes[0], k.Primes[1])
	for _, n := range []*big.Int{k.D, k.Primes[0], k.Primes[1], u} {
		secret = append(secret, number(n)...)
	}
	body = append(body, summed(secret)...)
	return example{
		name: "v3 rsa", packet: append([]byte{0x95, byte(len(body) >> 8), byte(len(body))}, body...),
		private: [][]byte{k.D.Bytes(), k.Primes[0].Bytes(), k.Primes[1].Bytes(), u.Bytes()},
	}
}

// edV5 writes a version 5 packet with an EdDSA key, as GnuPG 2.4 does.
func edV5(t testing.TB) example {
	pk, sk, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	oid := "\x2b\x06\x01\x04\x01\xda\x47\x0f\x01"
	pub := append([]byte{byte(len(oid))}, oid...)
	pub = append(pub, number(new(big.Int).SetBytes(append([]byte{0x40}, pk...)))...)
	body := append([]byte{5, 0x60, 1, 2, 3, 22, 0, 0, 0, byte(len(pub))}, pub...)
	secret := number(new(big.Int).SetBytes(sk.Seed()))
	body = append(body, 0, 0, 0, 0, 0, byte(len(secret)))
	body = append(body, summed(secret)...)
	return example{
		name: "v5 eddsa", packet: append([]byte{0x94, byte(len(body))}, body...),
		private: [][]byte{bytes.TrimLeft(sk.Seed(), "\x00")},
	}
}
