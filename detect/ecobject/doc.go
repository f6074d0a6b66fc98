// Package ecobject finds the private keys of OpenSSL's objects for Ed25519, X25519,
// Ed448 and X448, which lie elsewhere than their public halves.
//
// OpenSSL 1.1 to 3 keep such a key in struct ecx_key_st (include/crypto/ecx.h): a flag
// that the public half is known, an array of 57 octets with it, and, behind padding, a
// pointer to the private octets, how many they are, and the type of the key. The
// pointer is followed, and the private octets give the public ones: that is the proof,
// wherever else no public key of it is in the dump.
//
// Looked at are 64-bit processes of little-endian processors, objects at
// multiples of eight. Objects that hold no private key have no pointer.
package ecobject
