package keyder

import "strings"

// The content octets of the object identifiers of private-key algorithms that
// package privkey does not name already.
const (
	oidRSAOAEP = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x07" // RFC 8017, appendix A.2.1
	oidRSAPSS  = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a" // RFC 8017, appendix A.2.3
	oidECDH    = "\x2b\x81\x04\x01\x0c"                 // id-ecDH, RFC 5480, section 2.1.2
	oidECMQV   = "\x2b\x81\x04\x01\x0d"                 // id-ecMQV, RFC 5480, section 2.1.2
	oidDH      = "\x2a\x86\x48\x86\xf7\x0d\x01\x03\x01" // dhKeyAgreement, PKCS #3, section 9
	oidX942    = "\x2a\x86\x48\xce\x3e\x02\x01"         // dhpublicnumber, RFC 3279, section 2.3.3
)

// The stems of the object identifiers of password-based encryption; the last
// octet tells the variants apart.
const (
	pkcs5 = "\x2a\x86\x48\x86\xf7\x0d\x01\x05"     // PBES1 1, 3, 4, 6, 10, 11 and PBES2 13: RFC 8018, appendix C
	pbe12 = "\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01" // 1 to 6: RFC 7292, appendix C
	// Sun's key protectors, of JKS and JCEKS (sun.security.provider.KeyProtector,
	// com.sun.crypto.provider.KeyProtector in OpenJDK).
	sunJKS   = "\x2b\x06\x01\x04\x01\x2a\x02\x11\x01\x01"
	sunJCEKS = "\x2b\x06\x01\x04\x01\x2a\x02\x13\x01"
)

// encrypts reports whether oid is an algorithm of EncryptedPrivateKeyInfo.
func encrypts(oid []byte) bool {
	s := string(oid)
	switch {
	case s == sunJKS, s == sunJCEKS:
		return true
	case strings.HasPrefix(s, pkcs5) && len(s) == len(pkcs5)+1:
		switch s[len(pkcs5)] {
		case 1, 3, 4, 6, 10, 11, 13:
			return true
		}
	case strings.HasPrefix(s, pbe12) && len(s) == len(pbe12)+1:
		return s[len(pbe12)] >= 1 && s[len(pbe12)] <= 6
	}
	return false
}

// maxOID is the longest object identifier, in content octets, that is believed:
// private arcs of composite algorithms have eleven or so.
const maxOID = 24

// validOID reports whether content can be the content of an OBJECT IDENTIFIER
// (X.690, section 8.19): base-128 numbers without leading zeros, the last one
// complete.
func validOID(content []byte) bool {
	if len(content) < 3 || len(content) > maxOID || content[len(content)-1] >= 0x80 {
		return false
	}
	first := true
	for _, b := range content {
		if first && b == 0x80 {
			return false
		}
		first = b < 0x80
	}
	return true
}
