package rsaprime

// triedBits is log2 of the number of candidates that divide no modulus and are remembered, in a
// mebibyte.
const triedBits = 17
