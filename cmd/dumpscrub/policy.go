package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/scrub"
	"github.com/dumpscrub/dumpscrub/scrub/policy"
)

// maxPolicy bounds how much of a file is read as a policy, in bytes.
const maxPolicy = 1 << 20

// readPolicy returns the policy of a built-in name, or that in the file of that
// name. ds are the detectors that a file may name.
func readPolicy(name string, ds []probe.Detector) (policy.Policy, error) {
	p, unknown := policy.Builtin(name)
	if unknown == nil {
		return p, nil
	}
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return p, usageError{unknown.Error(), "a policy file is TOML: version = 1, name, base, wipe, [kinds], [detectors]"}
	}
	if err != nil {
		return p, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxPolicy+1))
	if err != nil {
		return p, err
	}
	if len(data) > maxPolicy {
		return p, usageError{fmt.Sprintf("%s: larger than any policy", name), ""}
	}
	if p, err = policy.Read(data, ds, scrub.HuntDetector); err != nil {
		return p, usageError{fmt.Sprintf("%s: %v", name, err), "dumpscrub detectors lists detectors and kinds"}
	}
	return p, nil
}
