package policy

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// Version is the version of policy files that this package reads.
const Version = 1

// file is a policy as a user writes it, in TOML.
type file struct {
	Version   int               `toml:"version"`
	Name      string            `toml:"name"`
	Base      string            `toml:"base"`
	Wipe      *[]string         `toml:"wipe"` // words of --wipe, in place of the base's
	Kinds     map[string]string `toml:"kinds"`
	Detectors map[string]string `toml:"detectors"`
}

// policyName is what a policy may be called.
var policyName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)

// Read reads a policy file. ds are the detectors that it may name, beside those with the
// IDs of others. What it does not know is an error: a policy must not say less than its
// author meant.
func Read(data []byte, ds []probe.Detector, others ...string) (Policy, error) {
	var f file
	d := toml.NewDecoder(bytes.NewReader(data))
	md, err := d.Decode(&f)
	if err != nil {
		// The decoder's errors quote the text, which of a file that was named by
		// mistake may be a secret.
		var syntax toml.ParseError
		if errors.As(err, &syntax) {
			return Policy{}, fmt.Errorf("no TOML, or not of a policy, in line %d", syntax.Position.Line)
		}
		return Policy{}, fmt.Errorf("reading the policy: %w", err)
	}
	if unknown := md.Undecoded(); len(unknown) > 0 {
		return Policy{}, fmt.Errorf("unknown key %q", unknown[0].String())
	}
	if f.Version != Version {
		return Policy{}, fmt.Errorf("version %d: want %d", f.Version, Version)
	}
	if !policyName.MatchString(f.Name) || slices.Contains(Names(), f.Name) {
		return Policy{}, fmt.Errorf("name %q: want lower-case letters, digits, dots and dashes, and no built-in name", f.Name)
	}
	if f.Base == "" {
		return Policy{}, errors.New("base is missing: want standard, strict or minimize")
	}
	p, err := Builtin(f.Base)
	if err != nil {
		return Policy{}, fmt.Errorf("base: %w", err)
	}
	if f.Wipe != nil {
		words := wipeNone
		if len(*f.Wipe) > 0 {
			words = strings.Join(*f.Wipe, ",")
		}
		if p.wipe, err = ParseWipe(words); err != nil {
			return Policy{}, err
		}
	}
	ids, kinds := catalogue(ds, others)
	if p.detectors, err = actions("detector", f.Detectors, ids); err != nil {
		return Policy{}, err
	}
	if p.kinds, err = actions("kind", f.Kinds, kinds); err != nil {
		return Policy{}, err
	}
	sum := sha256.Sum256(data)
	p.Name = f.Name + "@sha256:" + hex.EncodeToString(sum[:])
	return p, nil
}

// catalogue returns the names of detectors and of what they find.
func catalogue(ds []probe.Detector, others []string) (ids, kinds map[string]bool) {
	ids, kinds = map[string]bool{}, map[string]bool{}
	for _, id := range others {
		ids[id] = true
	}
	for _, d := range ds {
		s := d.Spec()
		ids[s.ID] = true
		for _, k := range s.Kinds {
			kinds[k] = true
		}
	}
	return ids, kinds
}

// actions reads a table of what is done with the findings of a detector or kind.
func actions(what string, table map[string]string, known map[string]bool) (map[string]bool, error) {
	out := map[string]bool{}
	names := make([]string, 0, len(table))
	for name := range table {
		names = append(names, name)
	}
	slices.Sort(names) // so that of several errors the same one is told
	for _, name := range names {
		if !known[name] {
			return nil, fmt.Errorf("unknown %s %q", what, name)
		}
		switch table[name] {
		case "redact":
			out[name] = true
		case "keep":
			out[name] = false
		default:
			return nil, fmt.Errorf("%s %q: %q is neither redact nor keep", what, name, table[name])
		}
	}
	return out, nil
}
