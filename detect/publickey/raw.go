package publickey

import "github.com/dumpscrub/dumpscrub/detect/probe"

// rawDetectors returns the detectors of keys without an encoding.
func rawDetectors() []probe.Detector { return nil }
