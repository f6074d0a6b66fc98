// Package stringpair finds tokens of which only a string header elsewhere in memory
// tells the end.
//
// A string of Go or Rust is a pair of a pointer and a length; no NUL follows its
// characters. Behind a token may stand the next string or what an older one left, so
// the rule that knows the token sees text that it does not match. In the first pass the
// rules note such texts ([probe.Glued]); this package looks through memory for the pairs
// that point to them and asks the rule again, about exactly the characters that
// the pair covers.
//
// # Layouts
//
// In words of the processor, at multiples of their size:
//
//	pointer, length            Go's string; Rust's &str; C++'s std::string
//	pointer, length, capacity  Go's []byte
//	capacity, pointer, length  Rust's String and Vec<u8>
//	pointer, capacity, length  older ones
//
// Go's headers are defined by the reflect package (StringHeader, SliceHeader). Rust
// promises no order; these are the orders that its compilers have chosen.
//
// # What a pair must say
//
// The string ends where a match of the rule may end. It begins at most [maxBefore]
// bytes before the match, or with the match, or with the secret in it; a token with
// letters glued to its beginning must be all of the string. The characters are read
// from the dump's memory, so what has been redacted is not found again.
//
// # What is left out
//
// UTF-16, for no such runtime uses it; strings in the middle of which the token ends
// before more letters; (length, pointer), which libstdc++'s string_view is; the 17th and
// further candidates of one pair; tokens of more than 512 characters; rules
// that report possible secrets only.
package stringpair
