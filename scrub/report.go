package scrub

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/pubkey"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/policy"
	"github.com/dumpscrub/dumpscrub/scrub/receipt"
	"github.com/dumpscrub/dumpscrub/scrub/source"
)

// SchemaVersion is the version of the report's JSON form. Members may be added
// within one version; none changes its meaning or goes.
const SchemaVersion = 1

// Report is what a run has to say. It is a function of the input, the policy and
// the version alone, and holds nothing from the dump but positions.
type Report struct {
	Schema   int             `json:"schema"`
	Tool     ReportTool      `json:"tool"`
	Input    ReportInput     `json:"input"`
	Policy   string          `json:"policy"`
	Allow    *ReportAllow    `json:"allow,omitempty"`
	Known    int             `json:"known,omitempty"` // how many exact secrets the user named
	Coverage Coverage        `json:"coverage"`
	Secrets  ReportSecrets   `json:"secrets"`
	Findings ReportFindings  `json:"findings"`
	Possible map[string]int  `json:"possible,omitempty"` // by kind: how often bytes look random that no finding explains; they stay
	Wiped    []ReportWiped   `json:"wiped,omitempty"`
	Untested *ReportUntested `json:"untested,omitempty"`
	// Cut says that a container ends too early: what of the file could not be unpacked was not examined, and
	// is not in the copy.
	Cut      bool          `json:"cut,omitempty"`
	Output   *ReportOutput `json:"output,omitempty"`
	Verified bool          `json:"verified"`
	Run      *ReportRun    `json:"run,omitempty"`
}

// ReportTool says what made the report.
type ReportTool struct {
	Name      string `json:"name"`
	Version   string `json:"version"`
	Detectors string `json:"detectors"` // digest of the catalogue of detectors
}

// ReportInput describes the dump. Size counts the bytes of the dump itself,
// without its containers.
type ReportInput struct {
	Size      int64  `json:"size"`
	Format    string `json:"format"`
	Container string `json:"container"` // "none", "zstd", or "gzip+zstd" with the outermost first
	Truncated bool   `json:"truncated"`
}

// Coverage accounts for every byte of the input: the four add up to its size.
type Coverage struct {
	Scanned   int64 `json:"scanned"`   // examined, and redacted where a secret was
	Structure int64 `json:"structure"` // examined, but holding the dump together: kept
	Absent    int64 `json:"absent"`    // in the file without content of its own
	Refused   int64 `json:"refused"`   // not examined; a dump that has any is not published
}

// ReportSecret is one distinct secret.
type ReportSecret struct {
	Ordinal    int           `json:"ordinal"`
	Kind       string        `json:"kind"`
	Tag        string        `json:"tag"`
	Confidence string        `json:"confidence"`
	PublicKey  *pubkey.Names `json:"public_key,omitempty"`
}

// ReportFinding is one place of a secret.
type ReportFinding struct {
	Detector   string       `json:"detector"`
	Kind       string       `json:"kind"`
	Encoding   string       `json:"encoding"`
	Confidence string       `json:"confidence"`
	Secret     int          `json:"secret"`
	Spans      []ReportSpan `json:"spans"`
	Region     ReportRegion `json:"region"`
	Redacted   bool         `json:"redacted"`
	Allowed    bool         `json:"allowed,omitempty"`  // by the allowlist; it stays
	TestKey    bool         `json:"test_key,omitempty"` // a published one; it stays but under strict
	Kept       bool         `json:"kept,omitempty"`     // by the policy's file
}

// ReportSpan is a run of private bytes. Addr is there when it lies in memory.
type ReportSpan struct {
	Offset int64  `json:"offset"`
	Length int64  `json:"length"`
	Addr   string `json:"addr,omitempty"` // hexadecimal with 0x
}

// ReportRegion says where a finding begins.
type ReportRegion struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
}

// ReportWiped is what was removed because of where it lies: nothing was found in
// it, and nothing can prove it clean.
type ReportWiped struct {
	Class string `json:"class"` // a word of --wipe, or "minimized"
	Bytes int64  `json:"bytes"`
}

// ReportAllow names the allowlist that kept findings in place. The policy is then
// called by its name and "+allow".
type ReportAllow struct {
	Entries int    `json:"entries"`
	SHA256  string `json:"sha256"` // of the list in its canonical form
}

// ReportUntested says what a deep run left untried because there was too much of
// it. It is missing when nothing was.
type ReportUntested struct {
	PublicKeys int  `json:"public_keys"` // against which no proof was tried
	Values     bool `json:"values"`      // some found values were not hunted for elsewhere
}

// ReportOutput is the published file, with the digest that its receipt has.
type ReportOutput struct {
	Size     int64  `json:"size"`
	SHA256   string `json:"sha256,omitempty"`
	FSVerity string `json:"fsverity,omitempty"`
}

// digest returns the digest and what a receipt calls it.
func (o *ReportOutput) digest() (algorithm, digest string) {
	if o.FSVerity != "" {
		return receipt.FSVerity, o.FSVerity
	}
	return receipt.SHA256, o.SHA256
}

// ReportRun holds what differs from run to run.
type ReportRun struct {
	Seconds map[string]float64 `json:"seconds"`
	Jobs    int                `json:"jobs"`
}

// Tool returns how this version with these detectors names itself.
func Tool(version string, ds []probe.Detector) ReportTool {
	h := sha256.New()
	for _, d := range ds {
		s := d.Spec()
		fmt.Fprintf(h, "%s %d %d %t %q %q %q\n", s.ID, s.Before, s.After, s.Text, s.Anchors, s.Kinds, s.Revision)
	}
	return ReportTool{Name: "dumpscrub", Version: version, Detectors: hex.EncodeToString(h.Sum(nil))}
}

// NewReport describes what was found in a dump.
func NewReport(tool ReportTool, in *source.Input, l *layout.Layout, policy string, res *Result) *Report {
	r := &Report{
		Schema: SchemaVersion, Tool: tool, Policy: policy,
		Input: ReportInput{
			Size: l.Size, Format: l.Format, Container: containerName(in), Truncated: l.Truncated || in.Cut,
		},
		Cut:     in.Cut && len(in.Containers) > 0,
		Secrets: ReportSecrets{res}, Findings: ReportFindings{res, l},
	}
	if res.Untried > 0 || res.Unhunted {
		r.Untested = &ReportUntested{PublicKeys: res.Untried, Values: res.Unhunted}
	}
	for _, w := range res.Wiped {
		r.Wiped = append(r.Wiped, ReportWiped{w.Class, w.bytes()})
	}
	r.Possible = res.Possible
	r.Coverage.Structure = l.Bytes(layout.Structure)
	r.Coverage.Scanned = l.Size - r.Coverage.Structure
	return r
}

// noteMinimized adds the n bytes that went because no debugger needs them.
func (r *Report) noteMinimized(n int64) {
	if n > 0 {
		r.Wiped = append(r.Wiped, ReportWiped{policy.Minimized, n})
	}
}

func address(l *layout.Layout, off int64) string {
	reg := l.Regions[l.At(off)]
	if reg.Kind != layout.Memory {
		return ""
	}
	return fmt.Sprintf("0x%x", reg.Addr+uint64(off-reg.Off))
}

func containerName(in *source.Input) string {
	if len(in.Containers) == 0 {
		return "none"
	}
	var names []string
	for _, k := range in.Containers {
		names = append(names, k.String())
	}
	return strings.Join(names, "+")
}
