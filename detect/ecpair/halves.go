package ecpair

// core is the first octets of what is looked for of a public number, see coreOf, in a word, the
// first one lowest. A number of which its core is near by is worth a proof.
type core uint64

// halves are the cores of the public halves that a value may have, on all curves of one size.
type halves struct {
	n     int
	cores [7]core
}

func (h *halves) add(number []byte) {
	h.cores[h.n] = coreBits(number)
	h.n++
}

// memoBits is log2 of the number of values of which the public halves are remembered, in 10 MiB. Values of different
// curves have different lengths.
const memoBits = 17
