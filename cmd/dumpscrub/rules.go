package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/rule"
	"github.com/dumpscrub/dumpscrub/detect/tokens"
)

// rulesFlag is the help of --rules.
const rulesFlag = "also look for what the rules in `FILE` describe (TOML of gitleaks or betterleaks); may be repeated"

// maxRuleFile bounds how much is read of a rule file, in bytes.
const maxRuleFile = 16 << 20

// readRules reads the files of --rules. The ids of the first file's rules begin
// with "rules/", of the second's with "rules2/", and so on: they must differ from
// those of built-in detectors and of each other.
func readRules(paths []string) ([]*rule.Set, error) {
	var sets []*rule.Set
	for i, path := range paths {
		data, err := readRuleFile(path)
		if err != nil {
			return nil, err
		}
		prefix := "rules/"
		if i > 0 {
			prefix = fmt.Sprintf("rules%d/", i+1)
		}
		set, err := rule.Parse(data, rule.Options{
			Prefix: prefix, Default: catalogue(),
			Read: func(extended string) ([]byte, error) {
				if !filepath.IsAbs(extended) {
					extended = filepath.Join(filepath.Dir(path), extended)
				}
				return readRuleFile(extended)
			},
		})
		if err != nil {
			return nil, usageError{fmt.Sprintf("%s: %v", path, err), "dumpscrub detectors test " + path + " checks a rule file"}
		}
		if len(set.Rules)+len(set.Ignored) == 0 {
			return nil, usageError{path + ": there are no rules in it", ""}
		}
		sets = append(sets, set)
	}
	return sets, nil
}

func readRuleFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxRuleFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxRuleFile {
		return nil, fmt.Errorf("%s: a rule file has at most %d bytes", path, maxRuleFile)
	}
	return data, nil
}

// userRules returns the detectors of --rules, and those of tokens that run on into
// other text. It says once what of the files is not evaluated.
func (o *lookOptions) userRules() (ds, glued []probe.Detector, err error) {
	sets, err := readRules(o.rules)
	if err != nil {
		return nil, nil, err
	}
	for i, set := range sets {
		ds = append(ds, set.Detectors()...)
		glued = append(glued, set.Glued()...)
		if !o.warned {
			warnRules(o.warnings, o.rules[i], set, o.quiet)
		}
	}
	o.warned = true
	return ds, glued, nil
}

// warnRules writes what of a rule file is not evaluated, a line each.
func warnRules(w io.Writer, path string, set *rule.Set, quiet bool) {
	if quiet {
		return
	}
	for _, s := range set.Warnings {
		fmt.Fprintf(w, "%s: %s\n", path, s)
	}
	for _, id := range set.Ignored {
		fmt.Fprintf(w, "%s: rule %q is ignored: it matches names of files only\n", path, id)
	}
}

// catalogue returns the embedded rules, which useDefault extends.
func catalogue() []byte { return tokens.File() }
