package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/dumpscrub/dumpscrub/detect"
	"github.com/dumpscrub/dumpscrub/scrub"
)

func newDetectorsCommand(e *env) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "detectors",
		Short: "List what dumpscrub looks for",
		Args:  args(cobra.NoArgs),
		RunE:  func(*cobra.Command, []string) error { return runDetectors(e, asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// detectorInfo is an entry of the list.
type detectorInfo struct {
	ID    string   `json:"id"`
	About string   `json:"about"`
	Kinds []string `json:"kinds"`
}

func runDetectors(e *env, asJSON bool) error {
	infos := []detectorInfo{}
	for _, d := range detect.Default() {
		s := d.Spec()
		infos = append(infos, detectorInfo{ID: s.ID, About: s.About, Kinds: s.Kinds})
	}
	infos = append(infos, detectorInfo{
		ID: scrub.HuntDetector, About: "copies, in any encoding, of the values that the others found (--depth deep)", Kinds: []string{"any"},
	})
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
