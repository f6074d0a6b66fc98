package pem

import (
	"bytes"
	"crypto"
	"crypto/dsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	stdpem "encoding/pem"
	"math/big"
	"strings"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	"golang.org/x/crypto/ssh"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

func TestOpenSSH(t *testing.T) {
	var cases []probetest.Case
	for name, k := range map[string]struct {
		key  crypto.PrivateKey
		kind string
	}{
		"rsa":     {rsaKey(1024), privkey.RSA},
		"p-521":   {ecKey(elliptic.P521()), privkey.EC},
		"ed25519": {ed25519Key(), privkey.Ed25519},
	} {
		plain := stdpem.EncodeToMemory(must(ssh.MarshalPrivateKey(k.key, "someone@somewhere")))
		sealed := stdpem.EncodeToMemory(must(ssh.MarshalPrivateKeyWithPassphrase(k.key, "", []byte("x"))))
		m := one(t, plain)
		if want := must(x509.MarshalPKIXPublicKey(k.key.(crypto.Signer).Public())); !bytes.Equal(m.SPKI, want) {
			t.Errorf("%s: another public key", name)
		}
		cases = append(cases, probetest.Case{
			Name: name, Data: plain, Text: true, Kind: k.kind, Encoding: probe.PEM,
			Confidence: probe.Confirmed, Private: private(plain), Cut: true,
		}, probetest.Case{
			Name: name + " encrypted", Data: sealed, Text: true, Kind: privkey.Encrypted, Encoding: probe.PEM,
			Confidence: probe.Confirmed, Private: private(sealed), Cut: true,
		})
	}
	probetest.Accept(t, New(), cases...)
}

// pgpKey returns an armoured secret key.
func pgpKey(label string, headers map[string]string) []byte {
	e := must(openpgp.NewEntity("Someone", "", "someone@example.com", &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA}))
	var b bytes.Buffer
	w := must(armor.Encode(&b, label, headers))
	if err := e.SerializePrivate(w, nil); err != nil {
		panic(err)
	}
	w.Close()
	return append(b.Bytes(), '\n')
}

func TestPGP(t *testing.T) {
	plain := pgpKey("PGP PRIVATE KEY BLOCK", map[string]string{"Version": "Some Program 1.0"})
	secret := pgpKey("PGP SECRET KEY BLOCK", nil)
	broken := bytes.Clone(plain) // the packets parse no more, the check sum holds no more
	i := bytes.Index(broken, []byte("\n\n")) + 8
	copy(broken[i:i+120], strings.Repeat("AbCd", 30))
	probetest.Accept(t, New(),
		probetest.Case{
			Name: "private", Data: plain, Text: true, Kind: privkey.PGP, Encoding: probe.PEM,
			Confidence: probe.Confirmed, Private: private(plain), Cut: true,
		},
		probetest.Case{
			Name: "secret", Data: secret, Text: true, Kind: privkey.PGP, Encoding: probe.PEM,
			Confidence: probe.Confirmed, Private: private(secret), Cut: true,
		},
		probetest.Case{
			Name: "broken", Data: broken, Text: true, Kind: privkey.PGP, Encoding: probe.PEM,
			Confidence: probe.Likely, Private: private(broken), Cut: true,
		},
	)
}

// The check sum of the armour is enough where the packets are of a kind that
// nobody parses, and it is redacted with the body.
func TestPGPCheckSum(t *testing.T) {
	body := append([]byte{0xc5, 0xff}, random(600)...)
	crc := crc24(body)
	sum := base64.StdEncoding.EncodeToString([]byte{byte(crc >> 16), byte(crc >> 8), byte(crc)})
	text := []byte("-----BEGIN PGP PRIVATE KEY BLOCK-----\nComment: none\n\n" + lines(body, 64, "\n") + "=" + sum + "\n-----END PGP PRIVATE KEY BLOCK-----\n")
	m := one(t, text)
	if m.Confidence != probe.Confirmed || m.Kind != privkey.PGP {
		t.Errorf("%s/%s", m.Kind, m.Confidence)
	}
	last := m.Redact[len(m.Redact)-1]
	if got := string(text[last.Start:last.End]); got != sum {
		t.Errorf("the check sum is not redacted")
	}
	if text[100] == 'A' {
		text[100] = 'B'
	} else {
		text[100] = 'A'
	}
	if m := one(t, text); m.Confidence != probe.Likely {
		t.Errorf("%s with a wrong check sum", m.Confidence)
	}
}

// RFC 9580 gives no test vector for the check sum: go-crypto's armour writer is one.
func TestCRC24(t *testing.T) {
	p := random(500)
	var b bytes.Buffer
	w := must(armor.EncodeWithChecksumOption(&b, "X", nil, true))
	w.Write(p)
	w.Close()
	crc := crc24(p)
	want := "=" + base64.StdEncoding.EncodeToString([]byte{byte(crc >> 16), byte(crc >> 8), byte(crc)})
	if !strings.Contains(b.String(), "\n"+want+"\n") {
		t.Error("another check sum than go-crypto's")
	}
}

func TestEncrypted(t *testing.T) {
	key := rsaKey(1024)
	//lint:ignore SA1019 such files exist
	block := must(x509.EncryptPEMBlock(rand.Reader, "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key), []byte("x"), x509.PEMCipherAES256))
	text := stdpem.EncodeToMemory(block)
	for _, f := range forms {
		for _, wide := range []bool{false, true} {
			data := []byte(f.of(string(text)))
			if wide {
				data = probetest.Widen(data)
			}
			fs := find(t, data)
			if len(fs) != 1 || fs[0].Kind != privkey.Encrypted {
				t.Errorf("%s: %d matches", f.name, len(fs))
				continue
			}
			_, hexIV, _ := strings.Cut(block.Headers["DEK-Info"], ",")
			clean(t, data, fs, wide, hexIV)
			iv := []byte(hexIV)
			if wide {
				iv = probetest.Widen(iv)
			}
			if !bytes.Contains(probetest.Redact(data, fs), iv) {
				t.Errorf("%s: the initialisation vector is redacted", f.name)
			}
		}
	}
}

// bits appends a number as SSH Communications Security writes it.
func bits(dst []byte, n *big.Int) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(n.BitLen()))
	return append(dst, n.Bytes()...)
}

// ssh2File returns a key file of SSH Communications Security.
func ssh2File(typ, cipher string, content []byte) []byte {
	str := func(dst, s []byte) []byte {
		return append(binary.BigEndian.AppendUint32(dst, uint32(len(s))), s...)
	}
	blob := str(nil, content)
	b := append([]byte(ssh2Magic), 0, 0, 0, 0)
	b = str(str(str(b, []byte(typ)), []byte(cipher)), blob)
	binary.BigEndian.PutUint32(b[4:], uint32(len(b)))
	return []byte("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: \"some key\"\n" + lines(b, 70, "\n") +
		"---- END SSH2 ENCRYPTED PRIVATE KEY ----\n")
}

func TestSSH2(t *testing.T) {
	r := rsaKey(1024)
	p, q := r.Primes[0], r.Primes[1]
	var content []byte
	for _, n := range []*big.Int{big.NewInt(int64(r.E)), r.D, r.N, new(big.Int).ModInverse(q, p), q, p} {
		content = bits(content, n)
	}
	rsaText := ssh2File("if-modn{sign{rsa-pkcs1-sha1},encrypt{rsa-pkcs1v2-oaep}}", "none", content)
	if m := one(t, rsaText); !bytes.Equal(m.SPKI, must(x509.MarshalPKIXPublicKey(r.Public()))) {
		t.Error("another public key")
	}
	d := dsaKey()
	content = make([]byte, 4)
	for _, n := range []*big.Int{d.P, d.G, d.Q, d.Y, d.X} {
		content = bits(content, n)
	}
	dsaText := ssh2File("dl-modp{sign{dsa-nist-sha1},dh{plain}}", "none", content)
	sealed := ssh2File("dl-modp{sign{dsa-nist-sha1},dh{plain}}", "3des-cbc", random(324))
	var cases []probetest.Case
	for _, c := range []struct {
		name, kind string
		text       []byte
	}{{"rsa", privkey.RSA, rsaText}, {"dsa", privkey.DSA, dsaText}, {"sealed", privkey.Encrypted, sealed}} {
		cases = append(cases, probetest.Case{
			Name: c.name, Data: c.text, Text: true, Kind: c.kind, Encoding: probe.PEM,
			Confidence: probe.Confirmed, Private: private(c.text), Cut: true,
		})
	}
	probetest.Accept(t, New(), cases...)
}

func dsaKey() *dsa.PrivateKey {
	k := new(dsa.PrivateKey)
	if err := dsa.GenerateParameters(&k.Parameters, rand.Reader, dsa.L1024N160); err != nil {
		panic(err)
	}
	if err := dsa.GenerateKey(k, rand.Reader); err != nil {
		panic(err)
	}
	return k
}

func TestLabels(t *testing.T) {
	for label, kind := range map[string]string{
		"PRIVATE KEY": privkey.Other, "RSA PRIVATE KEY": privkey.RSA, "EC PRIVATE KEY": privkey.EC, "ECDSA PRIVATE KEY": privkey.EC,
		"DSA PRIVATE KEY": privkey.DSA, "ENCRYPTED PRIVATE KEY": privkey.Encrypted, "OPENSSH PRIVATE KEY": privkey.Other,
		"ANY PRIVATE KEY": privkey.Other, "X25519 PRIVATE KEY": privkey.X25519, "ED448 PRIVATE KEY": privkey.Ed448,
		"DH PRIVATE KEY": privkey.DH, "ML-DSA-87 PRIVATE KEY": privkey.MLDSA, "ML-KEM-768 PRIVATE KEY": privkey.MLKEM,
		"SLH-DSA-SHA2-128S PRIVATE KEY": privkey.SLHDSA, "NEBULA ED25519 PRIVATE KEY": privkey.Ed25519, "TSS2 PRIVATE KEY": privkey.Other,
		"ENCRYPTED SIGSTORE PRIVATE KEY": privkey.Encrypted, "BACKEND PRIVATE KEY": privkey.Other,
	} {
		text := encode(label, random(200))
		m := one(t, text)
		if m.Kind != kind || m.Confidence != probe.Likely {
			t.Errorf("%s: %s/%s, want %s", label, m.Kind, m.Confidence, kind)
		}
		if m.Start != 0 || m.End != len(text)-1 {
			t.Errorf("%s: the structure ends at %d of %d", label, m.End, len(text))
		}
		head := bytes.IndexByte(text, '\n') + 1
		if m := one(t, text[head:]); m.Kind != kind {
			t.Errorf("%s without its opening boundary: %s, want %s", label, m.Kind, kind)
		}
	}
}
