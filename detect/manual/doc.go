// Package manual tells examples of documentation from what a process uses.
//
// A server holds documentation too: strings of its modules, help, pages that it
// serves. What stands there as an example is no secret of this process, and who looks
// for it finds it under the policy strict: a detector calls it possible.
//
// Two things say so. The place does: the prompt of a doctest, requests of roff, for a
// hash a paragraph of prose. A word such as "example" near by does not, for records, messages
// and names of tests hold it too; nor does source code, in which people leave real
// passwords. And the value does, if a standard or a manual prints it ([Published]).
//
// All functions read a bounded number of characters around the example: Before and After.
package manual

// Before and After are how many characters around an example are looked at.
const (
	Before = 512
	After  = 512
)
