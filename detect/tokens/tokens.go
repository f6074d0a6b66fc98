// Package tokens holds the catalogue of tokens, keys and passwords whose issuers
// gave them a shape of their own, or a shape and a name: one rule file, embedded.
package tokens

import (
	_ "embed"
	"fmt"
	"sync"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/rule"
)

//go:embed rules.toml
var file string

// File returns the embedded rule file, which users' own files may extend.
func File() []byte { return []byte(file) }

// Rules returns the embedded rules, which are immutable and read once.
func Rules() *rule.Set { return rules() }

var rules = sync.OnceValue(func() *rule.Set {
	s, err := rule.Parse(File(), rule.Options{Strict: true})
	if err != nil {
		panic(fmt.Sprintf("tokens: the embedded rule file: %v", err)) // the tests load it
	}
	return s
})

// Detectors returns the detectors of the embedded rules.
func Detectors() []probe.Detector { return Rules().Detectors() }
