package publickey

import (
	"encoding/binary"
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// sshReach covers a key of RSA with 16384 bits and the nonce of a certificate.
	sshReach = 4 << 10
	// sshSuffix ends the types of certificates, and after sshVendor those of
	// security keys (PROTOCOL.certkeys, PROTOCOL.u2f).
	sshCert   = "-cert-v01"
	sshVendor = "@openssh.com"
	// maxNonce bounds the nonce of a certificate, which OpenSSH makes 32 octets.
	maxNonce = 64
)

// sshTypes are the names of the types of key, as written on the wire.
var sshTypes = [...]string{
	"ssh-rsa", "ssh-dss", "ssh-ed25519", "ssh-ed448",
	"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
	"sk-ssh-ed25519" + sshVendor, "sk-ecdsa-sha2-nistp256" + sshVendor,
	"ssh-rsa" + sshCert + sshVendor, "ssh-dss" + sshCert + sshVendor, "ssh-ed25519" + sshCert + sshVendor,
	"ecdsa-sha2-nistp256" + sshCert + sshVendor, "ecdsa-sha2-nistp384" + sshCert + sshVendor,
	"ecdsa-sha2-nistp521" + sshCert + sshVendor,
	"sk-ssh-ed25519" + sshCert + sshVendor, "sk-ecdsa-sha2-nistp256" + sshCert + sshVendor,
}

type sshDetector struct{}

func (sshDetector) Spec() probe.Spec {
	var as []string
	for _, t := range sshTypes {
		// The string's length, its text, and the highest octet of the next length,
		// which is always zero.
		as = append(as, "\x00\x00\x00"+string(rune(len(t)))+t+"\x00")
	}
	return spec("public-key-ssh", "SSH public keys and certificates in wire format", 0, sshReach, as...)
}

func (sshDetector) Detect(v probe.View, emit func(probe.Match)) {
	if spki, n := sshKey(v.Data[v.At:]); spki != nil {
		emit(match(spki, probe.OpenSSH, false, probe.Range{Start: v.At, End: v.At + n}))
	}
}

// sshKey reads the key or certificate in wire format (RFC 4253, section 6.6) that b
// begins with, and returns how many bytes its public numbers end behind. It is nil
// when there is none, or it is not whole.
func sshKey(b []byte) (spki []byte, n int) {
	const longestType = 64
	r := wire{b: b}
	name := string(r.str(longestType))
	base, vendor := strings.CutSuffix(name, sshVendor)
	base, cert := strings.CutSuffix(base, sshCert)
	base, sk := strings.CutPrefix(base, "sk-")
	if vendor != (cert || sk) {
		return nil, 0
	}
	if cert {
		r.str(maxNonce)
	}
	spki = r.numbers(base)
	if r.bad {
		return nil, 0
	}
	return spki, r.i
}

// numbers reads the fields of a type and returns them as a key.
func (r *wire) numbers(typ string) []byte {
	const maxInt = 2048 + 1 // octets: 16384 bits, and the zero before them
	switch typ {
	case "ssh-rsa":
		e, n := r.str(maxInt), r.str(maxInt)
		return rsaSPKI(n, e)
	case "ssh-dss":
		p, q, g, y := r.str(maxInt), r.str(maxInt), r.str(maxInt), r.str(maxInt)
		if !privkey.DSADomain(p, q, g) || privkey.Junk(der.Trim(y)) {
			return nil
		}
		return privkey.SPKIForDSA(p, q, g, y)
	case "ssh-ed25519":
		if p := r.str(privkey.SizeEd25519); len(p) == privkey.SizeEd25519 && !privkey.Junk(p) && !privkey.Redacted(p) {
			return privkey.SPKIForEd25519(p)
		}
		return nil
	case "ssh-ed448":
		if p := r.str(privkey.SizeEd448); len(p) == privkey.SizeEd448 && !privkey.Junk(p) && !privkey.Redacted(p) {
			return privkey.SPKIForEd448(p)
		}
		return nil
	}
	curve, ok := privkey.CurveBySSH(typ)
	if !ok || "ecdsa-sha2-"+string(r.str(len("nistp256"))) != typ {
		return nil
	}
	return ecSPKI(curve, r.str(1+2*curve.Size()))
}

// wire reads SSH strings (RFC 4251, section 5).
type wire struct {
	b   []byte
	i   int
	bad bool
}

// str returns the next string, of 1 to most octets.
func (r *wire) str(most int) []byte {
	const lenSize = 4
	if r.bad || len(r.b)-r.i < lenSize {
		r.bad = true
		return nil
	}
	n := binary.BigEndian.Uint32(r.b[r.i:])
	if n == 0 || uint64(n) > uint64(most) || int(n) > len(r.b)-r.i-lenSize {
		r.bad = true
		return nil
	}
	start := r.i + lenSize
	r.i = start + int(n)
	return r.b[start:r.i:r.i]
}
