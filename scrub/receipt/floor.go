package receipt

import (
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/semver"
)

// ErrFloor says that a receipt is good but not good enough: an older version or
// another policy than was asked for.
var ErrFloor = errors.New("the receipt does not meet what is required")

// Floor is the least that a receipt must say. The zero Floor asks for nothing.
type Floor struct {
	// MinVersion is the oldest version of the tool that will do, without a "v"
	// before it (Semantic Versioning 2.0.0); "" means any.
	MinVersion string
	// Policies are the names of the policies that will do; none means any.
	Policies []string
}

// Check returns an error when f itself makes no sense.
func (f Floor) Check() error {
	if f.MinVersion != "" && !semver.IsValid("v"+f.MinVersion) {
		return fmt.Errorf("%q is not a version", f.MinVersion)
	}
	return nil
}

// Admits returns [ErrFloor] unless a run of this version under this policy is
// good enough. A version that cannot be compared never is.
func (f Floor) Admits(version, policy string) error {
	if f.MinVersion != "" {
		v := "v" + version
		if !semver.IsValid(v) || semver.Compare(v, "v"+f.MinVersion) < 0 {
			return fmt.Errorf("%w: version %q is below %s", ErrFloor, version, f.MinVersion)
		}
	}
	if len(f.Policies) > 0 && !slices.Contains(f.Policies, policy) {
		return fmt.Errorf("%w: policy %q", ErrFloor, policy)
	}
	return nil
}

// Meets returns [ErrFloor] unless s says what f asks for.
func (s *Statement) Meets(f Floor) error {
	return f.Admits(s.Predicate.Tool.Version, s.Predicate.Policy)
}
