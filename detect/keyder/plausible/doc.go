// Package plausible says how much of a damaged private key is still the key's.
//
// Memory is reused in pieces: the header of a structure may stand, and claim a
// thousand octets, of which the last half is something else by now. What
// followed must neither be redacted at length nor be taken for the key's numbers
// and hunted for in the rest of the dump.
//
// The octets of a private number look random. Pointers, text, pictures and zeros
// do not, and end a number ([Prefix]); machine code and compressed data may pass,
// so that looks alone never prove a value. [RSA] keeps the values that the other
// numbers of a key confirm.
package plausible
