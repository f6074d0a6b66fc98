package ecpair

// core is the first octets of what is looked for of a public number, see coreOf, in a word, the
// first one lowest. A number of which its core is near by is worth a proof. None is zero.
type core uint64

// halves are the cores of the public halves that a value may have, on all curves of one size.
type halves [7]core

// Which is which, of values of 32 octets. Of other values they come in any order.
const (
	ofX25519 = iota
	ofEd25519
	ofExpanded
	ofP256 // the value, most significant octet first, and turned
	ofP256Turned
	ofSecp256k1
	ofSecp256Turned
)

// memoBits is log2 of the number of values of which the public halves are remembered, in 8 MiB. Values of different
// curves have different lengths.
const memoBits = 17
