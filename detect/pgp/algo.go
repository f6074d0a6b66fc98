package pgp

// The public-key algorithms (RFC 9580, section 9.1; 30 to 36 from RFC 9980,
// section 2).
const (
	algoRSA        = 1
	algoRSAEncrypt = 2
	algoRSASign    = 3
	algoElgamal    = 16
	algoDSA        = 17
	algoECDH       = 18
	algoECDSA      = 19
	algoElgamalAny = 20 // Elgamal for both uses, withdrawn; old keyrings hold it
	algoEdDSA      = 22 // EdDSALegacy
	algoX25519     = 25
	algoX448       = 26
	algoEd25519    = 27
	algoEd448      = 28
	algoMLDSA65    = 30 // with Ed25519
	algoMLDSA87    = 31 // with Ed448
	algoSLHDSA128s = 32
	algoSLHDSA128f = 33
	algoSLHDSA256s = 34
	algoMLKEM768   = 35 // with X25519
	algoMLKEM1024  = 36 // with X448
)

// shape is how a field of key material is delimited.
type shape uint8

const (
	mpi     shape = iota
	fixed         // a known number of octets
	counted       // one octet that counts those that follow
)

// part is one field of the public or secret material.
type part struct {
	shape  shape
	lo, hi int // of an MPI in bits, else in octets
}

const (
	maxRSA    = 16384 // bits; GnuPG stops at 8192, others at 16384
	minRSA    = 512
	maxPrime  = maxRSA / 2
	maxField  = 16384 // bits of an Elgamal or DSA prime
	minField  = 512
	maxScalar = 528 // P-521 and Ed448 with its 57 octets
)

// layout returns the public and secret fields of an algorithm, nil for one that
// is unknown (RFC 9580, sections 5.5.5.1 to 5.5.5.10).
func layout(algo byte) (public, secret []part) {
	rsaHalf := part{mpi, minRSA / 4, maxPrime + 64}
	switch algo {
	case algoRSA, algoRSAEncrypt, algoRSASign:
		return []part{{mpi, minRSA, maxRSA}, {mpi, 2, 64}},
			[]part{{mpi, minRSA / 4, maxRSA}, rsaHalf, rsaHalf, {mpi, 1, maxPrime + 64}}
	case algoElgamal, algoElgamalAny:
		return []part{{mpi, minField, maxField}, {mpi, 1, maxField}, {mpi, 8, maxField}},
			[]part{{mpi, 64, maxField}}
	case algoDSA:
		return []part{{mpi, minField, maxField}, {mpi, 150, 512}, {mpi, 1, maxField}, {mpi, 8, maxField}},
			[]part{{mpi, 64, 512}}
	case algoECDH:
		return []part{{counted, 3, 16}, {mpi, 128, 2*maxScalar + 8}, {counted, 3, 32}}, []part{{mpi, 64, maxScalar}}
	case algoECDSA, algoEdDSA:
		return []part{{counted, 3, 16}, {mpi, 128, 2*maxScalar + 8}}, []part{{mpi, 64, maxScalar}}
	case algoX25519, algoEd25519:
		return octets(32), octets(32)
	case algoX448:
		return octets(56), octets(56)
	case algoEd448:
		return octets(57), octets(57)
	case algoMLDSA65:
		return octets(32, 1952), octets(32, 32)
	case algoMLDSA87:
		return octets(57, 2592), octets(57, 32)
	case algoSLHDSA128s, algoSLHDSA128f:
		return octets(32), octets(64)
	case algoSLHDSA256s:
		return octets(64), octets(128)
	case algoMLKEM768:
		return octets(32, 1184), octets(32, 64)
	case algoMLKEM1024:
		return octets(56, 1568), octets(56, 64)
	}
	return nil, nil
}

func octets(sizes ...int) []part {
	ps := make([]part, len(sizes))
	for i, n := range sizes {
		ps[i] = part{fixed, n, n}
	}
	return ps
}
