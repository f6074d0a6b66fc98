package secret

import (
	"encoding/base64"
	"encoding/binary"
	"math/big"
	"time"
)

// OpenPGP public-key algorithms: RFC 9580, section 9.1.
const (
	pgpRSA         = 1
	pgpEdDSALegacy = 22
)

// pgpMade is when all made-up OpenPGP keys were made.
var pgpMade = uint32(time.Date(2024, 5, 17, 9, 30, 0, 0, time.UTC).Unix())

// mpi appends a multiprecision integer: RFC 9580, section 3.2.
func (m *marked) mpi(x *big.Int, private bool) {
	m.b = binary.BigEndian.AppendUint16(m.b, uint16(x.BitLen()))
	if private {
		m.hide(x.Bytes())
	} else {
		m.put(x.Bytes()...)
	}
}

// pgpPacket appends a packet in the old or the new header format: RFC 9580,
// section 4.2.
func (m *marked) pgpPacket(tag byte, old bool, body marked) {
	n := len(body.b)
	switch {
	case old:
		m.put(0x80|tag<<2|1, byte(n>>8), byte(n))
	case n < 192:
		m.put(0xc0|tag, byte(n))
	default:
		m.put(0xc0|tag, byte((n-192)>>8)+192, byte(n-192))
	}
	m.app(body)
}

// pgpPublic is the public-key part of a v4 key packet: RFC 9580, section 5.5.2.2.
func pgpPublic(algorithm byte, fields marked) marked {
	m := marked{b: []byte{4}}
	m.b = binary.BigEndian.AppendUint32(m.b, pgpMade)
	m.put(algorithm)
	m.app(fields)
	return m
}

func (k *rsaKey) pgp() (algorithm byte, public, private marked) {
	public.mpi(k.N, false)
	public.mpi(k.E, false)
	// OpenPGP wants p below q, and u the inverse of p: RFC 9580, section 5.5.5.1.
	p, q := k.Q, k.P
	for _, x := range []*big.Int{k.D, p, q, new(big.Int).ModInverse(p, q)} {
		private.mpi(x, true)
	}
	return pgpRSA, public, private
}

func (k okpKey) pgp() (algorithm byte, public, private marked) {
	oid := oid{1, 3, 6, 1, 4, 1, 11591, 15, 1}.node().body // RFC 9580, section 9.2
	public.put(byte(len(oid)))
	public.put(oid...)
	public.mpi(new(big.Int).SetBytes(append([]byte{0x40}, k.Pub...)), false)
	private.mpi(new(big.Int).SetBytes(k.Seed), true)
	return pgpEdDSALegacy, public, private
}

// pgpSecret is a secret-key packet: RFC 9580, section 5.5.3. An encrypted one
// holds random bytes.
func (src *Source) pgpSecret(algorithm byte, public, private marked, old, encrypted bool) marked {
	body := pgpPublic(algorithm, public)
	if encrypted {
		// Usage 254, AES-256, iterated and salted S2K with SHA-256.
		body.put(254, 9, 3, 8)
		body.put(src.Bytes(8)...)
		body.put(0x60)
		body.put(src.Bytes(16)...)
		body.hide(src.Bytes(len(private.b) + 20))
	} else {
		body.put(0)
		body.app(private)
		var sum uint16
		for _, b := range private.b {
			sum += uint16(b)
		}
		body.b = binary.BigEndian.AppendUint16(body.b, sum)
	}
	var m marked
	m.pgpPacket(5, old, body)
	return m
}

// pgpUser is a user ID packet: RFC 9580, section 5.11.
func pgpUser() marked {
	var m marked
	m.pgpPacket(13, false, marked{b: []byte("Build Seven <build7@example.org>")})
	return m
}

// armor is RFC 9580, section 6.2, with the check sum of RFC 4880, section 6.1.
func armor(label string, packets marked) marked {
	style := pemStyle{eol: "\n", width: pemWidth}
	var m marked
	m.str("-----BEGIN PGP " + label + " BLOCK-----\nVersion: GnuPG v2\n\n")
	m.base64(packets, style)
	sum := crc24(packets.b)
	m.str("\n=" + base64.StdEncoding.EncodeToString([]byte{byte(sum >> 16), byte(sum >> 8), byte(sum)}))
	m.str("\n-----END PGP " + label + " BLOCK-----\n")
	return m
}

// crc24 is RFC 4880, section 6.1.
func crc24(p []byte) uint32 {
	crc := uint32(0xb704ce)
	for _, b := range p {
		crc ^= uint32(b) << 16
		for range 8 {
			if crc <<= 1; crc&0x1000000 != 0 {
				crc ^= 0x1864cfb
			}
		}
	}
	return crc & 0xffffff
}
