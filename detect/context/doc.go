// Package context finds secrets that have no shape of their own: what makes a
// password of eight letters a secret is the name before it, the header it stands
// in or the address it belongs to.
//
// Every detector here reads a name or a delimiter that it was led to by an
// anchor, cuts out the value beside it, and asks what the value looks like: a
// placeholder or code (nothing is reported), a word (possible), something
// somebody chose or a generator made (likely). Only the value is redacted; the
// name and the form of what surrounds it stay for whoever debugs.
//
// Vocabulary:
//
//   - A role is what a name says of its value: a password, a key, a token.
//   - A syntax is how name and value are tied: a member of JSON, a header, a form.
//   - A grade is what the characters of a value say of themselves.
//
// The forms are those of RFC 7235 and 7617 (HTTP authentication), RFC 6750
// (bearer tokens), RFC 6265 (cookies), RFC 3986 (user information in URLs),
// crypt(5), and the manuals of the programs named at each detector.
package context
