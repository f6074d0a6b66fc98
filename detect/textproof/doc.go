// Package textproof tries the strings and words of memory: each run of eight to 128 characters that begins and
// ends like one goes to a [Judge], which knows what proves a secret. The judge decides alone; where a string may
// end is told by its length in a header before it, its terminator, its quotes and its separators.
package textproof
