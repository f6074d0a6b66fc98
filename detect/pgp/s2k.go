package pgp

import "github.com/dumpscrub/dumpscrub/detect/probe"

// usageAEAD is the first of the three usage octets that an S2K specifier follows;
// 254 means a SHA-1 and 255 a check sum behind the encrypted fields (RFC 9580,
// section 3.7.2.1). Smaller octets are a cipher, with a key from plain MD5.
const usageAEAD = 253

// s2kSize returns the length in octets of an S2K specifier by its type (RFC
// 9580, section 3.7.1), zero for stubs and unknown types.
func s2kSize(kind byte) int {
	switch kind {
	case 0: // simple: the hash
		return 2
	case 1: // salted: and a salt of eight octets
		return 10
	case 3: // iterated: and a count
		return 11
	case 4: // Argon2: a salt of 16 octets and three parameters
		return 20
	}
	return 0
}

// blockSize returns the block size in octets of a symmetric algorithm (RFC 9580,
// section 9.3), zero for an unknown one.
func blockSize(cipher byte) int {
	switch cipher {
	case 1, 2, 3, 4: // IDEA, TripleDES, CAST5, Blowfish
		return 8
	case 7, 8, 9, 10, 11, 12, 13: // AES, Twofish, Camellia
		return 16
	}
	return 0
}

// nonceSize returns the nonce size in octets of an AEAD mode (RFC 9580, section
// 9.6), zero for an unknown one.
func nonceSize(mode byte) int {
	switch mode {
	case 1: // EAX
		return 16
	case 2: // OCB
		return 15
	case 3: // GCM
		return 12
	}
	return 0
}

// maxCheck is the SHA-1 over the secret fields (RFC 9580, section 3.7.2.1); check
// sums and AEAD tags are shorter.
const maxCheck = 20

// readSealed reads the protection parameters; the rest of the body is encrypted.
func (s *secretKey) readSealed(r *reader, usage byte, open bool) bool {
	if usage < usageAEAD && (s.version > 4 || s.algo >= algoX25519) {
		return false // a cipher without S2K went out of use before these came
	}
	if !readParameters(r, s.version, usage) {
		return false
	}
	end := len(s.body)
	switch {
	case s.version == 5:
		n, ok := r.count32(maxBody)
		if !ok {
			return false
		}
		if r.off+n > end {
			s.state = cut
		}
		end = min(end, r.off+n)
	case open:
		// Nothing tells where the encrypted octets end but their usual number.
		end = min(end, r.off+s.sealedSize())
	}
	s.sealed, s.end = probe.Range{Start: r.off, End: end}, end
	return s.sealed.Len() >= minPrivate && s.sealed.Len() <= s.sealedSize()
}

// sealedSize is the largest number of octets that the secret fields and their
// check take when they are as long as the public ones make likely; where no field
// is an MPI, all but the check is exact.
func (s *secretKey) sealedSize() int {
	_, secret := layout(s.algo)
	longest := 0 // public field: the modulus, the prime, the point
	for _, g := range s.public {
		longest = max(longest, g.Len())
	}
	n := maxCheck
	for i, p := range secret {
		switch {
		case p.shape != mpi:
			n += p.hi
		case s.algo <= algoRSASign && i > 0: // primes and their inverse
			n += 2 + longest/2 + 8
		default:
			n += 2 + min((p.hi+7)/8, longest)
		}
	}
	return n
}

// readParameters reads what stands between the usage octet and the encrypted
// octets: counts, cipher, mode, S2K specifier, initialisation vector.
func readParameters(r *reader, version, usage byte) bool {
	stop := -1
	if version >= 5 {
		n, ok := r.u8()
		if !ok {
			return false
		}
		stop = r.off + int(n)
	}
	cipher := usage
	if usage >= usageAEAD {
		cipher, _ = r.u8()
	}
	iv := blockSize(cipher)
	if iv == 0 {
		return false
	}
	if usage == usageAEAD {
		mode, _ := r.u8()
		if iv = nonceSize(mode); iv == 0 {
			return false
		}
	}
	if usage >= usageAEAD && !readS2K(r, version == 6) {
		return false
	}
	r.off += iv
	if version == 5 && usage == usageAEAD && stop > r.off {
		r.off = min(stop, r.off+blockSize(cipher)-iv) // version 5 pads the nonce
	}
	return r.left() >= 0 && (stop < 0 || stop == r.off)
}

// readS2K skips an S2K specifier and, when it is counted, the octet before it
// that counts it.
func readS2K(r *reader, counted bool) bool {
	count := byte(0)
	if counted {
		count, _ = r.u8()
	}
	if r.left() < 2 {
		return false
	}
	kind, hash := r.b[r.off], r.b[r.off+1]
	size := s2kSize(kind)
	r.off += size
	// The octet behind the type is a hash (RFC 9580, section 9.5), but for
	// Argon2, where the salt begins.
	return size > 0 && (!counted || int(count) == size) && (kind == 4 || hash >= 1 && hash <= 14)
}
