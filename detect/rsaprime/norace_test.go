//go:build !race

package rsaprime

const raceEnabled = false
