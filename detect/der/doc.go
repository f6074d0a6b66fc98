// Package der reads the headers of DER and BER values (ITU-T X.690, section 8.1)
// in memory that may be hostile, damaged or cut off.
//
// encoding/asn1 and cryptobyte refuse a value that is not there to its last
// octet. In a dump the end of a key is often gone, while the octets before it are
// as secret as ever; so a [Cursor] reports a value that runs past the end of the
// data with how much of it is present, and never allocates.
//
// Vocabulary:
//
//   - A value is cut when its declared length reaches past the end of the data,
//     and whole otherwise. It must still fit into the container that holds it.
//   - A cursor is bad after it met octets that are no header, or a value that
//     does not fit into its container. It then yields nothing more.
//   - All positions are indices of the slice that the cursor was made from.
//
// Lengths have up to four octets and need not be minimal. Indefinite lengths
// (X.690, section 8.1.3.6) are refused unless [BER] asks for them: only PKCS#12
// files of NSS and old Java versions have them. Multi-octet tags are refused: no
// key format uses one.
//
//	c := der.At(data, 0)
//	seq, _ := c.Expect(der.Sequence)
//	in := c.Inside(seq)
//	version, ok := in.Expect(der.Integer)
package der
