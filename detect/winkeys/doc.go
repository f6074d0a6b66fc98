// Package winkeys finds the key blobs of the Windows cryptography interfaces.
//
// Vocabulary:
//
//   - CNG blobs are what BCryptExportKey and NCryptExportKey return: a magic of
//     four letters, sizes as little-endian words of 32 bits, then the numbers,
//     big-endian and padded to their sizes (bcrypt.h, BCRYPT_RSAKEY_BLOB and its
//     siblings).
//   - CAPI blobs are what the older CryptExportKey returns: a BLOBHEADER, the words
//     that describe the key, then the numbers, little-endian (wincrypt.h; "Base
//     Provider Key BLOBs" and "DSS Provider Key BLOBs" at Microsoft Learn).
//   - The BSAFE form is how the RSA providers keep a key inside and in their key
//     files, once these are decrypted: as a CAPI blob, but with more words in front
//     and spare bytes behind each number, eight or four (SharpDPAPI,
//     ParseDecCertBlob, reads it).
//   - A PVK file is a CAPI blob behind a header of its own, the blob's body perhaps
//     encrypted.
//   - SymCrypt is what computes for CNG since Windows 8.1. Its objects begin with a type
//     word that tells them in memory (symcrypt_internal.h).
//   - What a BCRYPT_KEY_HANDLE leads to is an object with a tag, MSRK for RSA keys, MSKY for others. As
//     mimikatz reads them (kuhl_m_crypto_extractor.h), those of Windows Vista to 10 hold sizes and
//     pointers but no private number, so that they are no match. What they point to are SymCrypt's
//     objects or, before Windows 10, bare limbs, which are found as such (detect/rsaprime,
//     detect/rsapair, detect/ecscalar). MSKY's layouts are in no public source that we know.
//
// Several blobs share the letters RSA2, which also stand in every program that
// knows the formats: nothing is a match before the sizes fit one another. What is
// redacted are the private numbers; headers, modulus, exponents, points and domain
// parameters stay.
package winkeys
