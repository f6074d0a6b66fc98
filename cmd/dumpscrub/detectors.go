package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/dumpscrub/dumpscrub/detect"
	"github.com/dumpscrub/dumpscrub/detect/rule"
	"github.com/dumpscrub/dumpscrub/scrub"
)

func newDetectorsCommand(e *env) *cobra.Command {
	var asJSON, quiet bool
	var rules []string
	cmd := &cobra.Command{
		Use:   "detectors",
		Short: "List what dumpscrub looks for",
		Args:  args(cobra.NoArgs),
		RunE:  func(*cobra.Command, []string) error { return runDetectors(e, rules, asJSON, quiet) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().StringArrayVar(&rules, "rules", nil, rulesFlag)
	cmd.Flags().BoolVar(&quiet, "quiet", false, "do not say what of a rule file is not evaluated")
	cmd.AddCommand(newDetectorsTestCommand(e))
	return cmd
}

// detectorInfo is an entry of the list.
type detectorInfo struct {
	ID    string    `json:"id"`
	About string    `json:"about"`
	Kinds []string  `json:"kinds"`
	Rule  *ruleInfo `json:"rule,omitempty"`
}

// ruleInfo is what is told of text rules beside that.
type ruleInfo struct {
	Confidence string      `json:"confidence"`
	Chance     rule.Chance `json:"chance_per_gib"`
	Glue       bool        `json:"glue"`   // letters on either side do not hide the token
	Anchor     bool        `json:"anchor"` // false: runs of characters are looked for, in ASCII only
	Hidden     bool        `json:"hidden,omitempty"`
	Tags       []string    `json:"tags,omitempty"`
	Examples   int         `json:"examples"`
}

func runDetectors(e *env, paths []string, asJSON, quiet bool) error {
	infos := []detectorInfo{}
	for _, d := range detect.Default() {
		s := d.Spec()
		infos = append(infos, detectorInfo{ID: s.ID, About: s.About, Kinds: s.Kinds})
	}
	infos = append(infos, detectorInfo{
		ID: scrub.HuntDetector, About: "copies, in any encoding, of the values that the others found (--depth deep)", Kinds: []string{"any"},
	})
	sets, err := readRules(paths)
	if err != nil {
		return err
	}
	for i, set := range sets {
		warnRules(e.stderr, paths[i], set, quiet)
		for _, r := range set.Rules {
			infos = append(infos, describe(r))
		}
	}
	if asJSON {
		enc := json.NewEncoder(e.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(infos)
	}
	w := tabwriter.NewWriter(e.stdout, 0, 4, 2, ' ', 0)
	for _, i := range infos {
		fmt.Fprintf(w, "%s\t%s\t(%s)\n", i.ID, i.About, strings.Join(i.Kinds, ", "))
	}
	return w.Flush()
}

func describe(r *rule.Rule) detectorInfo {
	return detectorInfo{ID: r.ID, About: r.Description, Kinds: []string{r.Kind}, Rule: &ruleInfo{
		Confidence: r.Confidence.String(), Chance: r.Chance, Glue: r.Glue, Anchor: !r.Filters,
		Hidden: r.Hidden, Tags: r.Tags, Examples: len(r.Examples) + len(r.Counterexamples),
	}}
}

func newDetectorsTestCommand(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "test FILE...",
		Short: "Run the examples of rule files",
		Long: `Tries every true example of every rule as it may lie in memory: alone, between
NULs, as UTF-16LE at both parities, behind the length words of JVM, .NET and
CPython strings with stale letters behind it and, where the token's form allows,
with letters glued on; and every false one. Ends with 0 when all are right and
with 1 when one is not.`,
		Args: args(cobra.MinimumNArgs(1)),
		RunE: func(_ *cobra.Command, paths []string) error { return testRules(e, paths) },
	}
}

// errExamples ends a test of rules in which an example failed.
var errExamples = errors.New("examples failed")

func testRules(e *env, paths []string) error {
	sets, err := readRules(paths)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(e.stdout, 0, 4, 2, ' ', 0)
	failed, tried, without := 0, 0, 0
	for i, set := range sets {
		warnRules(e.stderr, paths[i], set, false)
		for _, r := range set.Rules {
			n := len(r.Examples) + len(r.Counterexamples)
			tried += n
			fs, err := r.Test()
			if err != nil {
				return err
			}
			switch {
			case n == 0:
				without++
				fmt.Fprintf(w, "%s\t%s\tno examples\n", r.ID, r.Confidence)
			case len(fs) == 0:
				fmt.Fprintf(w, "%s\t%s\t%d examples right\n", r.ID, r.Confidence, n)
			}
			for _, f := range fs {
				failed++
				fmt.Fprintf(w, "%s\t%s\t%s\n", r.ID, r.Confidence, f)
			}
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(e.stderr, "%d examples tried, %d rules without any, %d failures\n", tried, without, failed)
	switch {
	case failed > 0:
		return errExamples
	case tried+without == 0:
		return usageError{"there is no rule to test", ""}
	}
	return nil
}
