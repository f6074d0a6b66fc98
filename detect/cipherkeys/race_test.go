//go:build race

package cipherkeys

// racing says that the race detector slows the tests down.
const racing = true
