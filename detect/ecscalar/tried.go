package ecscalar

// triedBits is log2 of the number of lanes that met no public key and are remembered, in 8 MiB. The heaps of
// busy servers hold almost a million different lanes, most several times.
const triedBits = 20
