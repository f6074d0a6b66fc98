package secret

import (
	"bytes"
	"crypto/cipher"
	"crypto/des"
	"crypto/md5"
	"crypto/sha1"
	"encoding/binary"
	"unicode/utf16"
)

var (
	oidJKS   = oid{1, 3, 6, 1, 4, 1, 42, 2, 17, 1, 1} // sun.security.provider.KeyProtector
	oidJCEKS = oid{1, 3, 6, 1, 4, 1, 42, 2, 19, 1}    // com.sun.crypto.provider.KeyProtector
)

// Magic numbers of the two Java key stores: JavaKeyStore.java, JceKeyStore.java.
const (
	magicJKS   = 0xfeedfeed
	magicJCEKS = 0xcececece
)

// javaStore is a JKS or JCEKS store with one private key and its certificate
// chain, and one trusted certificate.
func (src *Source) javaStore(magic uint32, key []byte, cert []byte) marked {
	protected := src.protectJKS(key)
	if magic == magicJCEKS {
		protected = src.protectJCEKS(key)
	}
	const made = 1717000000000 // milliseconds since 1970
	var m marked
	m.u32be(magic, 2, 2)
	m.u32be(1)
	m.utf("server")
	m.b = binary.BigEndian.AppendUint64(m.b, made)
	m.u32be(uint32(len(protected.b)))
	m.app(protected)
	m.u32be(1)
	m.javaCert(cert)
	m.u32be(2)
	m.utf("root-ca")
	m.b = binary.BigEndian.AppendUint64(m.b, made)
	m.javaCert(cert)
	h := sha1.New()
	h.Write(utf16be(password))
	h.Write([]byte("Mighty Aphrodite"))
	h.Write(m.b)
	m.b = h.Sum(m.b)
	return m
}

// trustStore is a JKS store with certificates only: nothing private.
func trustStore(cert []byte) []byte {
	var m marked
	m.u32be(magicJKS, 2, 1, 2)
	m.utf("root-ca")
	m.b = binary.BigEndian.AppendUint64(m.b, 1717000000000)
	m.javaCert(cert)
	h := sha1.New()
	h.Write(utf16be(password))
	h.Write([]byte("Mighty Aphrodite"))
	h.Write(m.b)
	return h.Sum(m.b)
}

func (m *marked) javaCert(cert []byte) {
	m.utf("X.509")
	m.u32be(uint32(len(cert)))
	m.put(cert...)
}

// utf is java.io.DataOutput.writeUTF for ASCII.
func (m *marked) utf(s string) {
	m.b = binary.BigEndian.AppendUint16(m.b, uint16(len(s)))
	m.str(s)
}

func (m *marked) u32be(xs ...uint32) {
	for _, x := range xs {
		m.b = binary.BigEndian.AppendUint32(m.b, x)
	}
}

// protectJKS hides a key under a SHA-1 key stream: KeyProtector.java.
func (src *Source) protectJKS(key []byte) marked {
	pass := utf16be(password)
	salt := src.Bytes(sha1.Size)
	out := append([]byte(nil), salt...)
	block := salt
	for i := range key {
		if i%sha1.Size == 0 {
			next := sha1.Sum(append(bytes.Clone(pass), block...))
			block = next[:]
		}
		out = append(out, key[i]^block[i%sha1.Size])
	}
	check := sha1.Sum(append(bytes.Clone(pass), key...))
	out = append(out, check[:]...)
	return seq(seq(oidJKS.node(), null()), hiddenOctets(out)).der()
}

// protectJCEKS is PBEWithMD5AndTripleDES: PBECipherCore.java.
func (src *Source) protectJCEKS(key []byte) marked {
	const rounds = 20
	salt := src.Bytes(8)
	var derived []byte
	for half := 0; half < 8; half += 4 {
		block := salt[half : half+4]
		for range rounds {
			next := md5.Sum(append(bytes.Clone(block), password...))
			block = next[:]
		}
		derived = append(derived, block...)
	}
	c, err := des.NewTripleDESCipher(derived[:24])
	if err != nil {
		panic("internal error: " + err.Error())
	}
	out := pad(key, des.BlockSize)
	cipher.NewCBCEncrypter(c, derived[24:]).CryptBlocks(out, out)
	return seq(seq(oidJCEKS.node(), seq(octets(salt), small(rounds))), hiddenOctets(out)).der()
}

func utf16be(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = binary.BigEndian.AppendUint16(out, u)
	}
	return out
}
