// Package textrun finds the text around a character: the maximal run of
// printable characters, and where the string in it ends when the runtime that
// made it wrote its length down.
//
// Memory has no lines and no quotes, but it has borders: a NUL, a control
// character, a byte that is no UTF-8. Patterns are run on what lies between two
// of them and never on raw memory, so that a match cannot join a token with the
// pointer behind it.
//
// A JVM does not clear what lies between the end of an array and the next
// multiple of eight bytes. The last characters of such a run are stale: they
// belong to an older object. [Run.Stop] tells where the string really ends.
package textrun
