// Package terms knows which texts of a found secret are searched for as a whole, beside the
// pieces of them that package sweep finds.
//
// [Of] makes texts of what a detector found: without an encoding, without escapes. A [Book]
// keeps those that are no common words, with the secrets that they belong to, and
// [Book.Search] makes a [Search] of it when it is known which of these secrets are to go.
package terms
