// Package aeskey finds expanded AES keys.
//
// A cipher context holds its key as a schedule: 44, 52 or 60 words of 32 bits
// which obey a recurrence (FIPS 197, section 5.2). With Nk the number of words
// of the key,
//
//	w[i] = w[i-Nk] ^ w[i-1]               in the linear columns,
//	w[i] = w[i-Nk] ^ f(w[i-1], i)         in the others,
//
// where f is SubWord, with RotWord and a round constant when Nk divides i. The
// first line holds whatever a library does to all words alike: it is blind to
// swapped bytes and to InvMixColumns. The filter therefore looks for
// zeros of w[i] ^ w[i-1] ^ w[i-Nk], once for each distance at which the three
// words lie in some order of words and rounds; the second line then decides,
// tells the number of the round by its constant, and gives back the key.
//
// # Vocabulary
//
//   - A word is 32 bits, its first byte in the most significant place, however
//     it lies in memory. A column is a word's number modulo four.
//   - A [Form] is the way a schedule lies in memory: the [Order] of its bytes,
//     the order of its rounds, and whether it is mixed, that is, has passed
//     InvMixColumns for the equivalent inverse cipher (FIPS 197, section 5.3.5).
//   - A relation is one distance between the three words, a run the bytes over
//     which it holds, a link a column that is not linear and was verified.
//
// # Coverage
//
// Every key size is found in every [Form], at every byte offset. Words in plain
// and in swapped order are found from three consecutive round keys on. Of the two
// orders of POWER whole schedules are found, and pieces of at least eight round keys
// (ten of reversed AES-192 in order [Swapped64]); shorter ones if their offset
// allows. Where the words are mixed, a piece with the first or the last round key, which
// are not, must be longer by one. The first round key in front of the
// reversed others, as Java stores it, is part of the match, and so are the pieces
// of a schedule with a hole in it.
//
// Three round keys of AES-256 which share no round constant fit six keys. Such a
// match is identified by its own words, and its values are those six keys.
//
// The schedules of vpaes (OpenSSL and BoringSSL on x86-64 and arm64 without AES
// instructions) stand in another basis of the field, with rotated rows. They have a
// detector of their own, [NewVPAES], which finds whole ones at every byte offset, and
// pieces of ten round keys or more (twelve of AES-192 for decryption).
//
// Not covered are other layouts that are no permutation of the standard words:
// bit-sliced and fix-sliced ones (BoringSSL's nohw, BearSSL's ct and ct64, the portable code of
// Rust's aes, what OpenSSL's bsaes makes on the stack, during a call, of a
// plain schedule, which is found); the schedules that OpenSSL stores at an
// address not divisible by 16 on little-endian POWER; a schedule with something
// between its round keys other than the headers of arrays, which [NewArrays] looks for in deep
// runs; and single round keys. Hardware that takes
// the key itself, such as that of s390x, leaves no schedule.
//
// Keys that every test suite knows are keys: their schedules are reported too.
// No Values are given for a key so regular that copies of it occur by chance.
//
// # Sources
//
// FIPS 197 for the schedule. J. A. Halderman et al., "Lest We Remember: Cold Boot
// Attacks on Encryption Keys", 2008, for the idea of verifying schedules. The
// orders of POWER are read from OpenSSL's aesp8-ppc.pl and Go's aes_ppc64x.s, Java's
// rotation from OpenJDK's AESCrypt.expandToSubKey. The forms of OpenSSL, Node.js and Java on
// x86-64 were seen in cores of such processes, Go's in its own tests' memory.
package aeskey
