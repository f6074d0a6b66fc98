package publickey

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// version3 is how the content of a TBSCertificate begins: the version, and the
// tag of the serial number (RFC 5280, section 4.1).
const version3 = "\xa0\x03\x02\x01\x02\x02"

// The content octets of the extensions that tell roots from other self-signed
// certificates (RFC 5280, section 4.2.1).
const (
	oidKeyUsage         = "\x55\x1d\x0f"
	oidSubjectAltName   = "\x55\x1d\x11"
	oidBasicConstraints = "\x55\x1d\x13"
)

// isRoot reports whether the key at at belongs to a certificate of an authority
// that signed itself: issuer and subject are equal, it may sign certificates and
// says so twice, and it names no host. A server's own self-signed certificate
// lacks the key usage, or has names of hosts.
func isRoot(data []byte, at probe.Range) bool {
	head := data[max(0, at.Start-derBefore):at.Start]
	begin := bytes.LastIndex(head, []byte(version3))
	if begin < 0 {
		return false
	}
	c := der.At(data, at.Start-len(head)+begin)
	var fields [6]der.Value // version, serial number, signature, issuer, validity, subject
	for i := range fields {
		v, ok := c.Next()
		if !ok || v.Next() > at.Start {
			return false
		}
		fields[i] = v
	}
	if c.Pos() != at.Start || !bytes.Equal(c.Bytes(fields[3]), c.Bytes(fields[5])) {
		return false
	}
	return isAuthority(data, at.End)
}

// isAuthority reads the extensions that follow the key.
func isAuthority(data []byte, i int) bool {
	c := der.At(data, i)
	outer, ok := c.Expect(der.ContextCons(3))
	if !ok {
		return false
	}
	in := c.Inside(outer)
	list, ok := in.Expect(der.Sequence)
	if !ok {
		return false
	}
	var authority, signs bool
	for ext := in.Inside(list); ; {
		one, ok := ext.Expect(der.Sequence)
		if !ok {
			return authority && signs && ext.Done()
		}
		e := ext.Inside(one)
		oid, _ := e.Expect(der.OID)
		e.Expect(der.Boolean) // critical or not
		value, ok := e.Expect(der.OctetString)
		if !ok || !value.Whole() {
			return false
		}
		switch string(e.Bytes(oid)) {
		case oidSubjectAltName:
			return false
		case oidBasicConstraints:
			authority = bytes.HasPrefix(e.Bytes(value)[min(2, value.Len):], []byte{der.Boolean, 1, 0xff})
		case oidKeyUsage:
			const keyCertSign = 0x04 // bit 5, the first being the most significant
			b := e.Bytes(value)
			signs = len(b) >= 4 && b[0] == der.BitString && b[3]&keyCertSign != 0
		}
	}
}
