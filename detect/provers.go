package detect

import "github.com/dumpscrub/dumpscrub/detect/probe"

// Provers returns the detectors of the second pass, built from what the first one
// learned. A family that the facts give nothing to prove for is not in the list.
func Provers(f probe.Facts) []probe.Detector {
	var ds []probe.Detector
	return ds
}
