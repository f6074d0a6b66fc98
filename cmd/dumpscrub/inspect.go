package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub"
)

// inspectOptions are the flags of `dumpscrub inspect`.
type inspectOptions struct {
	lookOptions
	json bool
}

func newInspectCommand(e *env) *cobra.Command {
	var o inspectOptions
	cmd := &cobra.Command{
		Use:   "inspect INPUT",
		Short: "Say what is in a dump: format, regions, threads, coverage",
		Long: `Lays out the dump INPUT (- for standard input) and says what its bytes are, without
looking for secrets.

` + exitHelp,
		Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, as []string) error { return runInspect(cmd.Context(), e, &o, as[0]) },
	}
	o.addInput(cmd, e)
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON")
	return cmd
}

// inspection is what inspect prints.
type inspection struct {
	Format    string           `json:"format"`
	Arch      string           `json:"arch,omitempty"`
	Container string           `json:"container"`
	Size      int64            `json:"size"`
	Truncated bool             `json:"truncated"`
	Missing   int64            `json:"missing"` // bytes that the headers promise and the file lacks
	Threads   []uint64         `json:"threads"`
	Coverage  scrub.Coverage   `json:"coverage"`
	Kinds     map[string]int64 `json:"kinds"` // bytes of each kind of region
	Regions   []inspectRegion  `json:"regions"`
}

type inspectRegion struct {
	Offset int64  `json:"offset"`
	Length int64  `json:"length"`
	Kind   string `json:"kind"`
	Addr   string `json:"addr,omitempty"`
	Name   string `json:"name,omitempty"`
}

func runInspect(ctx context.Context, e *env, o *inspectOptions, path string) error {
	o.policy, o.depth, o.jobs = "standard", "fast", 1
	j, err := o.job(nil)
	if err != nil {
		return err
	}
	if j.Input, err = e.open(ctx, path); err != nil {
		return err
	}
	if !o.noSandbox && e.confine != nil {
		j.Reserve = o.reserve(j.Options)
		if err := o.enter(e, access{}); err != nil {
			return err
		}
	}
	l, in, err := scrub.Inspect(j)
	if err != nil {
		return err
	}
	defer in.Close()
	r := scrub.NewReport(scrub.Tool(version, nil), in, l, "", &scrub.Result{})
	v := inspection{
		Format: l.Format, Arch: l.Arch, Container: r.Input.Container, Size: l.Size,
		Truncated: r.Input.Truncated, Missing: l.Missing, Threads: []uint64{},
		Coverage: r.Coverage, Kinds: map[string]int64{}, Regions: []inspectRegion{},
	}
	for _, t := range l.Threads {
		v.Threads = append(v.Threads, t.ID)
	}
	for _, reg := range l.Regions {
		v.Kinds[reg.Kind.String()] += reg.Len
		ir := inspectRegion{Offset: reg.Off, Length: reg.Len, Kind: reg.Kind.String(), Name: reg.Name}
		if reg.Kind == layout.Memory {
			ir.Addr = fmt.Sprintf("0x%x", reg.Addr)
		}
		v.Regions = append(v.Regions, ir)
	}
	if o.json {
		enc := json.NewEncoder(e.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(v)
	}
	w := bufio.NewWriter(e.stdout)
	printInspection(w, printable(path), &v)
	return w.Flush()
}

func printInspection(w io.Writer, path string, v *inspection) {
	fmt.Fprintf(w, "file        %s\nformat      %s\n", path, v.Format)
	if v.Arch != "" {
		fmt.Fprintf(w, "processor   %s\n", v.Arch)
	}
	fmt.Fprintf(w, "container   %s\nsize        %s bytes\n", v.Container, grouped(v.Size))
	if v.Truncated {
		fmt.Fprintf(w, "truncated   at least %s bytes are missing\n", grouped(v.Missing))
	}
	fmt.Fprintf(w, "threads     %d\n", len(v.Threads))
	c := v.Coverage
	fmt.Fprintf(w, "coverage    %s scanned, %s structure, %s absent, %s refused\n\n",
		grouped(c.Scanned), grouped(c.Structure), grouped(c.Absent), grouped(c.Refused))
	fmt.Fprintf(w, "%12s %12s  %-10s %-18s %s\n", "offset", "length", "kind", "address", "name")
	for _, r := range v.Regions {
		fmt.Fprintf(w, "%12d %12d  %-10s %-18s %s\n", r.Offset, r.Length, r.Kind, r.Addr, r.Name)
	}
}
