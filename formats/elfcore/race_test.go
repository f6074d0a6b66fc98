//go:build race

package elfcore

// maxSample is how much of a sample is unpacked. The race detector makes that
// ten times slower and has nothing to find in a reader without goroutines.
const maxSample = 16 << 20
