// Package storepass finds the passwords of Java's key stores, whatever stands near them: a key that the
// JDK's own key protector encrypted tells its password.
//
// The protector of JKS stores makes the exclusive or of a private key and a row of SHA-1: of the password
// and 20 octets of salt, then of the password and what the row had before. What it encrypts is a
// PrivateKeyInfo (RFC 5958), of which the beginning is known but for the length, which the encrypted octets
// tell: so one compression proves or refutes a candidate, by 64 bits at least.
//
// [Keys] is the harvester of such keys, [Text] and [Wide] are the provers of their passwords, in text of one
// byte a character and in UTF-16LE. Every string and every word of 8 to 128 characters is tried.
//
// Left out: passwords with other than printable ASCII; the stores of other formats, in which a candidate costs
// thousands of compressions (PKCS #12, JCEKS, BKS), and so all whose entries another password encrypts than
// the one that lies in memory.
//
// Source: sun.security.provider.KeyProtector of the OpenJDK, for the protector.
package storepass
