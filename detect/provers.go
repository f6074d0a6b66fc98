package detect

import (
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/sshshield"
)

// Provers returns the detectors of the second pass, built from what the first one
// learned. A family that the facts give nothing to prove for is not in the list.
func Provers(f probe.Facts) []probe.Detector {
	ds := []probe.Detector{
		sshshield.New(f),
	}
	return slices.DeleteFunc(ds, func(d probe.Detector) bool { return d == nil })
}
