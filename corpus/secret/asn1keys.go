package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/sha256"
)

var (
	oidRSA    = oid{1, 2, 840, 113549, 1, 1, 1}  // RFC 8017, appendix C
	oidEC     = oid{1, 2, 840, 10045, 2, 1}      // RFC 5480, section 2.1.1
	oidPBES2  = oid{1, 2, 840, 113549, 1, 5, 13} // RFC 8018, appendix C
	oidPBKDF2 = oid{1, 2, 840, 113549, 1, 5, 12}
	oidHMAC   = oid{1, 2, 840, 113549, 2, 9}         // HMAC with SHA-256
	oidAESCBC = oid{2, 16, 840, 1, 101, 3, 4, 1, 42} // AES-256-CBC
	oidMLDSA  = oid{2, 16, 840, 1, 101, 3, 4, 3, 17} // ML-DSA-44; 65 and 87 follow: RFC 9881
	oidMLKEM  = oid{2, 16, 840, 1, 101, 3, 4, 4, 1}  // ML-KEM-512; 768 and 1024 follow: RFC 9935
)

// pkcs1 is RSAPrivateKey: RFC 8017, appendix A.1.2.
func (k *rsaKey) pkcs1() node {
	return seq(small(0), num(k.N), num(k.E), hiddenNum(k.D), hiddenNum(k.P), hiddenNum(k.Q),
		hiddenNum(k.Dp), hiddenNum(k.Dq), hiddenNum(k.Inv))
}

func (k *rsaKey) public() node { return seq(num(k.N), num(k.E)) }

// pkcs8 is PrivateKeyInfo: RFC 5208, section 5.
func pkcs8(alg, inner node) node { return seq(small(0), alg, of(tagOctets, inner)) }

func (k *rsaKey) pkcs8() node { return pkcs8(seq(oidRSA.node(), null()), k.pkcs1()) }

func (k *rsaKey) spki() node { return spki(seq(oidRSA.node(), null()), k.public().der().b) }

// spki is SubjectPublicKeyInfo: RFC 5280, section 4.1.2.7.
func spki(alg node, pub []byte) node { return seq(alg, bitString(pub)) }

// sec1 is ECPrivateKey: RFC 5915, section 3. Inside PKCS #8 the curve stands
// outside.
func (k ecKey) sec1(parameters bool) node {
	kids := []node{small(1), hiddenOctets(k.D)}
	if parameters {
		kids = append(kids, of(tagContext0, k.oid.node()))
	}
	return seq(append(kids, of(tagContext1, bitString(k.point())))...)
}

func (k ecKey) algorithm() node { return seq(oidEC.node(), k.oid.node()) }
func (k ecKey) pkcs8() node     { return pkcs8(k.algorithm(), k.sec1(false)) }
func (k ecKey) spki() node      { return spki(k.algorithm(), k.point()) }

// pkcs8 is RFC 8410, section 7.
func (k okpKey) pkcs8() node { return pkcs8(seq(k.oid.node()), hiddenOctets(k.Seed)) }
func (k okpKey) spki() node  { return spki(seq(k.oid.node()), k.Pub) }

// pkcs8v2 is OneAsymmetricKey with the public half: RFC 5958, section 2.
func (k okpKey) pkcs8v2() node {
	return seq(small(1), seq(k.oid.node()), of(tagOctets, hiddenOctets(k.Seed)),
		implicit(1, append([]byte{0}, k.Pub...)))
}

// iterations of PBKDF2: few, because nobody shall wait for made-up keys.
const iterations = 2048

// encrypted is EncryptedPrivateKeyInfo with PBES2: RFC 8018, section 6.2.
func (s *Source) encrypted(inner []byte) node {
	salt, iv := s.Bytes(16), s.Bytes(aes.BlockSize)
	key, err := pbkdf2.Key(sha256.New, password, salt, iterations, 32)
	if err != nil {
		panic("internal error: " + err.Error())
	}
	kdf := seq(oidPBKDF2.node(), seq(octets(salt), small(iterations), seq(oidHMAC.node(), null())))
	enc := seq(oidAESCBC.node(), octets(iv))
	return seq(seq(oidPBES2.node(), seq(kdf, enc)), hiddenOctets(cbc(key, iv, inner)))
}

// password is what made-up stores and encrypted keys open with.
const password = "changeit"

// cbc encrypts with AES-CBC and the padding of RFC 5652, section 6.3.
func cbc(key, iv, plain []byte) []byte {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic("internal error: " + err.Error())
	}
	out := pad(plain, aes.BlockSize)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(out, out)
	return out
}

// pad returns p with one to size bytes, each saying how many.
func pad(p []byte, size int) []byte {
	n := size - len(p)%size
	out := append([]byte(nil), p...)
	for range n {
		out = append(out, byte(n))
	}
	return out
}
