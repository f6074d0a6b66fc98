// Package tokens holds the catalogue of tokens, keys and passwords whose issuers
// gave them a shape of their own, or a shape and a name: one rule file, embedded.
package tokens

import (
	_ "embed"
	"fmt"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/rule"
	"github.com/dumpscrub/dumpscrub/detect/tokens/azurekey"
)

//go:embed rules.toml
var file string

// File returns the embedded rule file, which users' own files may extend.
func File() []byte { return []byte(file) }

// Rules returns the embedded rules.
func Rules() *rule.Set {
	s, err := rule.Parse(File(), rule.Options{Strict: true})
	if err != nil {
		panic(fmt.Sprintf("tokens: the embedded rule file: %v", err)) // the tests load it
	}
	return s
}

// Detectors returns the detectors of the embedded rules, and that of Azure's keys
// in the form in which programs use them.
func Detectors() []probe.Detector {
	return append(Rules().Detectors(), azurekey.New())
}
