package openssh

import "strings"

// family is how the fields of a key type are laid out.
type family uint8

const (
	noFamily family = iota
	rsaKey
	dssKey
	ecKey
	ed25519Key
	ed448Key
	skECKey      // security key: the private half is a handle for the token
	skEd25519Key // likewise
	mldsaKey     // ML-DSA-44 with Ed25519, draft-miller-sshm-mldsa44-ed25519-composite-sigs
)

// keyType is what the name of a key type says.
type keyType struct {
	family family
	curve  string // "nistp256", … of ecKey and skECKey
	cert   bool   // the public fields are inside a certificate
}

const (
	certSuffix   = "-cert-v01"
	vendorSuffix = "@openssh.com"
	// longestType bounds the names that typeOf knows; the longest is
	// sk-ecdsa-sha2-nistp256-cert-v01@openssh.com.
	longestType = 48
)

// typeOf returns what the type called name is; its family is noFamily for a name
// that OpenSSH (sshkey.c, keyimpls) and RFC 8709 do not know.
func typeOf(name string) keyType {
	var t keyType
	base, vendor := strings.CutSuffix(name, vendorSuffix)
	if s, ok := strings.CutSuffix(base, certSuffix); ok && vendor {
		base, t.cert = s, true
	}
	switch {
	case base == "ssh-rsa":
		t.family = rsaKey
	case base == "ssh-dss":
		t.family = dssKey
	case base == "ssh-ed25519":
		t.family = ed25519Key
	case base == "ssh-ed448":
		t.family = ed448Key
	case base == "ssh-mldsa44-ed25519" && vendor:
		t.family = mldsaKey
	case base == "sk-ssh-ed25519" && vendor:
		t.family = skEd25519Key
	case base == "sk-ecdsa-sha2-nistp256" && vendor:
		t.family, t.curve = skECKey, "nistp256"
	case base == "ecdsa-sha2-nistp256", base == "ecdsa-sha2-nistp384", base == "ecdsa-sha2-nistp521":
		t.family, t.curve = ecKey, strings.TrimPrefix(base, "ecdsa-sha2-")
	}
	return t
}

// step is one field of a serialised key.
type step struct {
	name    field
	private bool
	octet   bool // a single byte without a length
	lo, hi  int  // bounds of the content, in bytes
}

// field names the content of a step.
type field uint8

const (
	other field = iota // of no use to us
	fieldN
	fieldE
	fieldD
	fieldQInv
	fieldP
	fieldQ
	fieldG
	fieldY
	fieldPub // an encoded point or a public key of fixed size
	fieldSec // the secret that belongs to it
	fieldCert
	fieldApp  // a security key's application
	fieldRest // what followed a private field that was overwritten
	numFields
)

const (
	// RSA moduli from 512 bits, the smallest ever in use, to 16384, OpenSSH's
	// SSHBUF_MAX_BIGNUM; one byte more for the sign.
	minModulus, maxModulus = 64, 16384/8 + 1
	maxExponent            = 8
	maxCert                = 16 << 10 // certificates with many principals are a few KiB
	maxHandle              = 1 << 10  // FIDO2 key handles are below 256 bytes
	maxApplication         = 256      // "ssh:…"

	mldsaPub = 1312 + 32 // ML-DSA-44 public key (FIPS 204, table 2) and Ed25519's
	mldsaSec = 32 + 32   // both seeds
)

// steps returns the fields of t after its name, in the order of
// sshkey_private_serialize_opt in OpenSSH's sshkey.c. One byte of slack in the
// bounds is the sign byte of mpints.
func (t keyType) steps() []step {
	var s []step
	if t.cert {
		s = append(s, step{name: fieldCert, lo: 64, hi: maxCert})
	}
	switch t.family {
	case rsaKey:
		if !t.cert {
			s = append(s, step{name: fieldN, lo: minModulus, hi: maxModulus}, step{name: fieldE, lo: 1, hi: maxExponent + 1})
		}
		half := maxModulus/2 + 1
		s = append(s, step{name: fieldD, private: true, lo: minModulus / 4, hi: maxModulus},
			step{name: fieldQInv, private: true, lo: 1, hi: half},
			step{name: fieldP, private: true, lo: minModulus / 4, hi: half},
			step{name: fieldQ, private: true, lo: minModulus / 4, hi: half})
	case dssKey:
		if !t.cert {
			s = append(s, step{name: fieldP, lo: 64, hi: 385}, step{name: fieldQ, lo: 20, hi: 33},
				step{name: fieldG, lo: 1, hi: 385}, step{name: fieldY, lo: 32, hi: 385})
		}
		s = append(s, step{name: fieldD, private: true, lo: 8, hi: 33})
	case ecKey, skECKey:
		if !t.cert {
			s = append(s, step{lo: len("nistp256"), hi: len("nistp256")}, step{name: fieldPub, lo: 33, hi: 133})
		}
		if t.family == ecKey {
			s = append(s, step{name: fieldSec, private: true, lo: 16, hi: 67})
		}
	case ed25519Key:
		s = append(s, step{name: fieldPub, lo: 32, hi: 32}, step{name: fieldSec, private: true, lo: 64, hi: 64})
	case ed448Key:
		s = append(s, step{name: fieldPub, lo: 57, hi: 57}, step{name: fieldSec, private: true, lo: 114, hi: 114})
	case skEd25519Key:
		s = append(s, step{name: fieldPub, lo: 32, hi: 32})
	case mldsaKey:
		if !t.cert {
			s = append(s, step{name: fieldPub, lo: mldsaPub, hi: mldsaPub})
		}
		s = append(s, step{name: fieldSec, private: true, lo: mldsaSec, hi: mldsaSec})
	}
	if t.family == skECKey || t.family == skEd25519Key {
		s = append(s, step{name: fieldApp, lo: 1, hi: maxApplication}, step{octet: true},
			step{name: fieldSec, private: true, lo: 16, hi: maxHandle}, step{lo: 0, hi: maxHandle})
	}
	return s
}
