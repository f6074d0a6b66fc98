package openssh

import (
	"bytes"
	"crypto"
	"crypto/dsa"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/binary"
	"math/big"
	"testing"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/cloudflare/circl/sign/mldsa/mldsa44"
	"golang.org/x/crypto/ssh"
)

// wire writes SSH wire format, independently of the parser.
type wire struct{ bytes.Buffer }

func (w *wire) str(p []byte) *wire {
	w.Write(binary.BigEndian.AppendUint32(nil, uint32(len(p))))
	w.Write(p)
	return w
}

func (w *wire) text(s string) *wire { return w.str([]byte(s)) }

func (w *wire) mpint(n *big.Int) *wire {
	p := n.Bytes()
	if len(p) > 0 && p[0] >= 0x80 {
		p = append([]byte{0}, p...)
	}
	return w.str(p)
}

// blobOf wraps serialised keys and their public forms into an unencrypted blob.
func blobOf(publics, privates [][]byte) []byte {
	var sec wire
	check := random(4)
	sec.Write(check)
	sec.Write(check)
	for _, p := range privates {
		sec.Write(p)
		sec.text("user@host")
	}
	for i := byte(1); sec.Len()%8 != 0; i++ {
		sec.WriteByte(i)
	}
	var w wire
	w.WriteString("openssh-key-v1\x00")
	w.text("none").text("none").text("")
	w.Write(binary.BigEndian.AppendUint32(nil, uint32(len(publics))))
	for _, p := range publics {
		w.str(p)
	}
	w.str(sec.Bytes())
	return w.Bytes()
}

func random(n int) []byte {
	p := make([]byte, n)
	rand.Read(p)
	return p
}

// example is a key in both forms, with its private contents.
type example struct {
	name     string
	kind     string
	public   []byte
	serial   []byte
	private  [][]byte
	unproven bool // nothing to compute: only its frame confirms it
	key      crypto.PrivateKey
}

func rsaExample(t testing.TB, bits int) example {
	k, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	var pub, w wire
	e := big.NewInt(int64(k.E))
	pub.text("ssh-rsa").mpint(e).mpint(k.N)
	w.text("ssh-rsa").mpint(k.N).mpint(e).mpint(k.D).mpint(k.Precomputed.Qinv).mpint(k.Primes[0]).mpint(k.Primes[1])
	return example{
		name: "rsa", kind: "rsa-private-key", public: pub.Bytes(), serial: w.Bytes(), key: k,
		private: [][]byte{k.D.Bytes(), k.Precomputed.Qinv.Bytes(), k.Primes[0].Bytes(), k.Primes[1].Bytes()},
	}
}

func ecExample(t testing.TB, c elliptic.Curve, name string) example {
	k, err := ecdsa.GenerateKey(c, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := k.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	d, err := k.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	var pub, w wire
	pub.text("ecdsa-sha2-" + name).text(name).str(point)
	w.Write(pub.Bytes())
	n := new(big.Int).SetBytes(d)
	w.mpint(n)
	return example{
		name: name, kind: "ec-private-key", public: pub.Bytes(), serial: w.Bytes(), key: k,
		private: [][]byte{n.Bytes()},
	}
}

func edExample(t testing.TB) example {
	pk, sk, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var pub, w wire
	pub.text("ssh-ed25519").str(pk)
	w.Write(pub.Bytes())
	w.str(sk)
	return example{
		name: "ed25519", kind: "ed25519-private-key", public: pub.Bytes(), serial: w.Bytes(), key: &sk,
		private: [][]byte{sk.Seed()},
	}
}

func ed448Example(t testing.TB) example {
	pk, sk, err := ed448.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var pub, w wire
	pub.text("ssh-ed448").str(pk)
	w.Write(pub.Bytes())
	w.str(sk)
	return example{
		name: "ed448", kind: "ed448-private-key", public: pub.Bytes(), serial: w.Bytes(), private: [][]byte{sk[:57]},
	}
}

func dssExample(t testing.TB) example {
	var k dsa.PrivateKey
	if err := dsa.GenerateParameters(&k.Parameters, rand.Reader, dsa.L1024N160); err != nil {
		t.Fatal(err)
	}
	if err := dsa.GenerateKey(&k, rand.Reader); err != nil {
		t.Fatal(err)
	}
	var pub, w wire
	pub.text("ssh-dss").mpint(k.P).mpint(k.Q).mpint(k.G).mpint(k.Y)
	w.Write(pub.Bytes())
	w.mpint(k.X)
	return example{
		name: "dss", kind: "dsa-private-key", public: pub.Bytes(), serial: w.Bytes(), private: [][]byte{k.X.Bytes()},
	}
}

func mldsaExample(t testing.TB) example {
	seed := [32]byte(random(32))
	pq, _ := mldsa44.NewKeyFromSeed(&seed)
	pk, sk, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var pub, w wire
	pub.text("ssh-mldsa44-ed25519@openssh.com").str(append(pq.Bytes(), pk...))
	w.Write(pub.Bytes())
	w.str(append(seed[:], sk.Seed()...))
	return example{
		name: "mldsa44-ed25519", kind: "ml-dsa-private-key", public: pub.Bytes(), serial: w.Bytes(),
		private: [][]byte{seed[:], sk.Seed()},
	}
}

func skExample(t testing.TB) example {
	pk, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	handle := random(64)
	var pub, w wire
	pub.text("sk-ssh-ed25519@openssh.com").str(pk).text("ssh:")
	w.Write(pub.Bytes())
	w.WriteByte(1)
	w.str(handle).text("")
	return example{
		name: "sk-ed25519", kind: "private-key", public: pub.Bytes(), serial: w.Bytes(),
		private: [][]byte{handle}, unproven: true,
	}
}

// certExample certifies ex and serialises it as the agent protocol does: the
// certificate, and the private fields without those that it holds.
func certExample(t testing.TB, ex example) example {
	signer, err := ssh.NewSignerFromKey(ex.key)
	if err != nil {
		t.Fatal(err)
	}
	cert := &ssh.Certificate{Key: signer.PublicKey(), CertType: ssh.UserCert, ValidPrincipals: []string{"user"}, ValidBefore: ssh.CertTimeInfinity}
	if err := cert.SignCert(rand.Reader, signer); err != nil {
		t.Fatal(err)
	}
	var w wire
	w.text(cert.Type()).str(cert.Marshal())
	switch k := ex.key.(type) {
	case *rsa.PrivateKey:
		w.mpint(k.D).mpint(k.Precomputed.Qinv).mpint(k.Primes[0]).mpint(k.Primes[1])
	case *ed25519.PrivateKey:
		w.str([]byte(*k)[32:]).str(*k)
	case *ecdsa.PrivateKey:
		w.str(ex.private[0])
	}
	ex.name += "-cert"
	ex.public, ex.serial = cert.Marshal(), w.Bytes()
	return ex
}

func examples(t testing.TB) []example {
	r, ed, ec := rsaExample(t, 2048), edExample(t), ecExample(t, elliptic.P256(), "nistp256")
	return []example{
		r, ed, ec,
		ecExample(t, elliptic.P384(), "nistp384"), ecExample(t, elliptic.P521(), "nistp521"),
		ed448Example(t), dssExample(t), mldsaExample(t), skExample(t),
		certExample(t, r), certExample(t, ed), certExample(t, ec),
	}
}
