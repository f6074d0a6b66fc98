// Package tokens holds the catalogue of tokens, keys and passwords whose issuers
// gave them a shape of their own, or a shape and a name: one rule file, embedded.
package tokens

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"sync"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/rule"
)

//go:generate go test -run TestSummaries -update .

//go:embed rules.toml
var file string

// File returns the embedded rule file, which users' own files may extend.
func File() []byte { return []byte(file) }

// Rules returns the embedded rules, all read and compiled, which takes longer than [Detectors].
// They are immutable and read once.
func Rules() *rule.Set { return rules() }

var rules = sync.OnceValue(func() *rule.Set {
	s, err := rule.Parse(File(), rule.Options{Strict: true})
	if err != nil {
		panic(fmt.Sprintf("tokens: the embedded rule file: %v", err)) // the tests load it
	}
	return s
})

// summarized are the same rules, each of which is read when its anchor is first met. Without summaries of
// this very file all are read at once.
var summarized = sync.OnceValue(func() *rule.Set {
	if sum := sha256.Sum256(File()); hex.EncodeToString(sum[:]) != summariesOf {
		return Rules()
	}
	return rule.Summarized(file, summaries)
})

// Detectors returns the detectors of the embedded rules.
func Detectors() []probe.Detector { return summarized().Detectors() }

// Glued returns the detectors of what the embedded rules take for a token but for its end.
func Glued() []probe.Detector { return summarized().Glued() }
