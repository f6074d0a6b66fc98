// Package policy says what is removed of what was found: the built-in policies, those that
// users write, and the classes of bytes that go without having been found.
package policy
