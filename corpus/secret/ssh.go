package secret

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"math/big"
	"strings"
)

// sshKey is a key in SSH's vocabulary: its wire name, its public fields, and its
// private fields as OpenSSH and as PuTTY order them.
type sshKey struct {
	name    string
	kind    string
	public  marked // string name, then the public fields: RFC 4253, section 6.6
	openssh marked // after the name: PROTOCOL.key, sshkey_private_serialize
	putty   marked // PuTTY manual, appendix C.3
	values  [][]byte
}

// wire appends a length and bytes: RFC 4251, section 5.
func (m *marked) wire(p []byte) {
	m.b = binary.BigEndian.AppendUint32(m.b, uint32(len(p)))
	m.put(p...)
}

func (m *marked) wireHidden(p []byte) {
	m.b = binary.BigEndian.AppendUint32(m.b, uint32(len(p)))
	m.hide(p)
}

// mpint returns x as the content of an mpint: RFC 4251, section 5.
func mpint(x *big.Int) []byte {
	b := x.Bytes()
	if len(b) > 0 && b[0] >= 0x80 {
		b = append([]byte{0}, b...)
	}
	return b
}

func (k *rsaKey) ssh() sshKey {
	s := sshKey{name: "ssh-rsa", kind: KindRSA, values: k.values()}
	for _, f := range [][]byte{[]byte(s.name), mpint(k.E), mpint(k.N)} {
		s.public.wire(f)
	}
	s.openssh.wire(mpint(k.N))
	s.openssh.wire(mpint(k.E))
	for _, x := range []*big.Int{k.D, k.Inv, k.P, k.Q} {
		s.openssh.wireHidden(mpint(x))
	}
	for _, x := range []*big.Int{k.D, k.P, k.Q, k.Inv} {
		s.putty.wireHidden(mpint(x))
	}
	return s
}

func (k ecKey) sshKey() sshKey {
	s := sshKey{name: "ecdsa-sha2-" + k.ssh, kind: KindEC, values: [][]byte{trim(k.D)}}
	s.public.wire([]byte(s.name))
	s.public.wire([]byte(k.ssh))
	s.public.wire(k.point())
	s.openssh.wire([]byte(k.ssh))
	s.openssh.wire(k.point())
	d := mpint(new(big.Int).SetBytes(k.D))
	s.openssh.wireHidden(d)
	s.putty.wireHidden(d)
	return s
}

func (k okpKey) ssh() sshKey {
	s := sshKey{name: "ssh-ed25519", kind: KindEd25519, values: [][]byte{k.Seed}}
	s.public.wire([]byte(s.name))
	s.public.wire(k.Pub)
	s.openssh.wire(k.Pub)
	s.openssh.b = binary.BigEndian.AppendUint32(s.openssh.b, 64)
	s.openssh.hide(k.Seed)
	s.openssh.put(k.Pub...)
	s.putty.wireHidden(k.Seed)
	return s
}

// openSSH is the openssh-key-v1 blob: PROTOCOL.key, section 1. An encrypted one
// holds random bytes: without the passphrase nobody can tell.
func (src *Source) openSSH(k sshKey, encrypted bool) marked {
	var inner marked
	check := src.Bytes(4)
	inner.put(check...)
	inner.put(check...)
	inner.wire([]byte(k.name))
	inner.app(k.openssh)
	inner.wire([]byte("deploy@build-7"))
	block := 8
	if encrypted {
		block = 16
	}
	for i := byte(1); len(inner.b)%block != 0; i++ {
		inner.put(i)
	}

	cipher, kdf := "none", "none"
	var options marked
	if encrypted {
		cipher, kdf = "aes256-ctr", "bcrypt"
		options.wire(src.Bytes(16))
		options.b = binary.BigEndian.AppendUint32(options.b, 16) // rounds
		n := len(inner.b)
		inner = marked{}
		inner.hide(src.Bytes(n))
	}
	var m marked
	m.str("openssh-key-v1\x00")
	m.wire([]byte(cipher))
	m.wire([]byte(kdf))
	m.wire(options.b)
	m.put(0, 0, 0, 1)
	m.wire(k.public.b)
	m.b = binary.BigEndian.AppendUint32(m.b, uint32(len(inner.b)))
	m.app(inner)
	return m
}

// putty is a .ppk file of version 2 or 3: PuTTY manual, appendix C. What says
// that it is encrypted holds random bytes.
func (src *Source) putty(k sshKey, version int, eol string, encrypted bool) marked {
	private, encryption := k.putty, "none"
	if encrypted {
		encryption = "aes256-cbc"
		n := (len(private.b)/16 + 1) * 16
		private = marked{}
		private.hide(src.Bytes(n))
	}
	const comment = "rsa-key-20250131"
	style := pemStyle{eol: eol, width: pemWidth}
	var m marked
	m.str(fmt.Sprintf("PuTTY-User-Key-File-%d: %s%sEncryption: %s%sComment: %s%s",
		version, k.name, eol, encryption, eol, comment, eol))
	m.str(fmt.Sprintf("Public-Lines: %d%s", lines(len(k.public.b)), eol))
	m.base64(k.public, style)
	m.str(eol)
	if version == 3 && encrypted {
		m.str(strings.Join([]string{"Key-Derivation: Argon2id", "Argon2-Memory: 8192", "Argon2-Passes: 21",
			"Argon2-Parallelism: 1", "Argon2-Salt: " + hex.EncodeToString(src.Bytes(16)), ""}, eol))
	}
	m.str(fmt.Sprintf("Private-Lines: %d%s", lines(len(private.b)), eol))
	m.base64(private, style)
	m.str(eol + "Private-MAC: " + hex.EncodeToString(puttyMAC(k, version, encryption, comment, private.b)) + eol)
	return m
}

// lines returns how many lines of 64 base64 characters n bytes take.
func lines(n int) int { return ((n+2)/3*4 + pemWidth - 1) / pemWidth }

func puttyMAC(k sshKey, version int, encryption, comment string, private []byte) []byte {
	var data marked
	for _, f := range [][]byte{[]byte(k.name), []byte(encryption), []byte(comment), k.public.b, private} {
		data.wire(f)
	}
	var h hash.Hash
	if version == 2 {
		key := sha1.Sum([]byte("putty-private-key-file-mac-key"))
		h = hmac.New(sha1.New, key[:])
	} else {
		h = hmac.New(sha256.New, nil)
	}
	h.Write(data.b)
	return h.Sum(nil)
}
