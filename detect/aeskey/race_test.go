//go:build race

package aeskey

// racing says that the race detector slows the tests down.
const racing = true
