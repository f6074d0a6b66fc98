package secret

import (
	"crypto/sha256"
	"math/big"
)

var (
	oidSHA256RSA  = oid{1, 2, 840, 113549, 1, 1, 11} // RFC 8017, appendix C
	oidCommonName = oid{2, 5, 4, 3}                  // RFC 5280, appendix A.1
	oidBasic      = oid{2, 5, 29, 19}                // RFC 5280, section 4.2.1.9
)

// certificate is an X.509 certificate: RFC 5280, section 4.1. Serial number 0 is
// what hasty tools write and what makes its first bytes look like a PKCS #8 key.
func (k *rsaKey) certificate(serial int64, name string, subject node) []byte {
	alg := seq(oidSHA256RSA.node(), null())
	who := seq(of(tagSet, seq(oidCommonName.node(), leaf(tagUTF8, []byte(name)))))
	const tagUTCTime = 0x17
	validity := seq(leaf(tagUTCTime, []byte("240101000000Z")), leaf(tagUTCTime, []byte("340101000000Z")))
	basic := seq(oidBasic.node(), of(tagOctets, seq(leaf(1, []byte{0xff}))))
	tbs := seq(of(tagContext0, small(2)), num(big.NewInt(serial)), alg, who, validity, who, subject,
		of(0xa3, seq(basic)))
	digest := sha256.Sum256(tbs.der().b)
	return seq(tbs, alg, bitString(k.sign(digest[:]))).der().b
}
