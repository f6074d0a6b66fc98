// Package jose finds the secrets of JSON Object Signing and Encryption: private
// keys as JWK (RFC 7517, RFC 7518, RFC 8037), alone, in a JWKS or inside other JSON,
// signed tokens as JWT (RFC 7519) in JWS compact serialization (RFC 7515, section
// 7.1), and encrypted ones in JWE compact serialization (RFC 7516, section 7.1).
//
// Vocabulary:
//
//   - A part is what lies between the dots of a token: three in a JWS (header,
//     payload, signature), five in a JWE (header, encrypted key, initialization
//     vector, ciphertext, tag). Parts are base64url (RFC 4648, section 5).
//   - A token is glued when characters of its own alphabet follow it, as in
//     memory that held something longer before. Where the algorithm fixes the
//     length of the last part, the token ends there.
//   - A member is private when it is in the Private column of RFC 7518, section
//     6.3.2, or is the "d" of EC and OKP, the "k" of oct or the "priv" of AKP.
//
// What is redacted: of a JWK, the characters of private members, so that names,
// quotes and the public half stay; of a token, every part but the header, which
// says algorithm and key and nothing else, or else goes too.
//
// Not found: detached payloads (RFC 7515, appendix F), which authorize nobody,
// and the JSON serializations of JWS and JWE.
package jose
