//go:build !race

package elfcore

// maxSample is how much of a sample is unpacked: all of the largest.
const maxSample = 1 << 30
