package score

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/dumpscrub/dumpscrub/corpus"
)

// Program is the program under test.
type Program struct {
	Path    string
	Timeout time.Duration // of one run
}

// finding is one entry of the report's "findings".
type finding struct {
	Detector   string        `json:"detector"`
	Kind       string        `json:"kind"`
	Encoding   string        `json:"encoding"`
	Confidence string        `json:"confidence"`
	Spans      []corpus.Span `json:"spans"`
	Redacted   bool          `json:"redacted"`
}

type report struct {
	Schema   int       `json:"schema"`
	Findings []finding `json:"findings"`
}

// run is one run of scrub: the files it left and what it said.
type run struct {
	out   string
	rep   report
	sides []byte        // report, receipt, standard output and error, one after another
	took  time.Duration // of the processors
}

// possible is the confidence of what the standard policy leaves in place.
const possible = "possible"

// exitFindings is scan's exit code when it found something.
const exitFindings = 3

// scrub runs `dumpscrub scrub` on the dump at in and leaves its files in dir.
func (p Program) scrub(ctx context.Context, in, dir string) (run, error) {
	r := run{out: filepath.Join(dir, "out")}
	rep, receipt := filepath.Join(dir, "report.json"), filepath.Join(dir, "receipt.json")
	said, code, took, err := p.start(ctx, "scrub", in, "--wipe", "none", "-o", r.out, "--report", rep, "--receipt", receipt, "--force", "--quiet")
	r.took, r.sides = took, said
	if err != nil {
		return r, err
	}
	if code != 0 {
		return r, fmt.Errorf("scrub exits with %d: %s", code, firstLine(said))
	}
	data, err := os.ReadFile(rep)
	if err != nil {
		return r, err
	}
	r.sides = append(r.sides, data...)
	if err := json.Unmarshal(data, &r.rep); err != nil {
		return r, fmt.Errorf("reading report: %w", err)
	}
	if data, err = os.ReadFile(receipt); err != nil {
		return r, err
	}
	r.sides = append(r.sides, data...)
	return r, sameLength(in, r.out)
}

// scan runs `dumpscrub scan` on path and returns its findings, without those that are only possible.
func (p Program) scan(ctx context.Context, path, dir string) ([]finding, error) {
	rep := filepath.Join(dir, "scan.json")
	said, code, _, err := p.start(ctx, "scan", path, "--report", rep, "--quiet")
	if err != nil {
		return nil, err
	}
	if code != 0 && code != exitFindings {
		return nil, fmt.Errorf("scan exits with %d: %s", code, firstLine(said))
	}
	data, err := os.ReadFile(rep)
	if err != nil {
		return nil, err
	}
	var r report
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("reading report: %w", err)
	}
	// What is only possible is reported, but is no reason to stop anything.
	certain := slices.DeleteFunc(r.Findings, func(f finding) bool { return f.Confidence == possible })
	if (code == exitFindings) != (len(certain) > 0) {
		return nil, fmt.Errorf("scan exits with %d and reports %d findings", code, len(certain))
	}
	return certain, nil
}

// start runs the program and returns all it printed, its exit code, and the time of the processors that it took.
func (p Program) start(ctx context.Context, args ...string) (said []byte, code int, took time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, p.Timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.Path, args...)
	cmd.WaitDelay = time.Second
	said, err = cmd.CombinedOutput()
	if cmd.ProcessState != nil {
		took = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	if ctx.Err() != nil {
		return said, 0, took, fmt.Errorf("%s is not done after %v", args[0], p.Timeout)
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return said, exit.ExitCode(), took, nil
	}
	return said, 0, took, err
}

// sameLength fails unless the files a and b have one length.
func sameLength(a, b string) error {
	x, err := os.Stat(a)
	if err != nil {
		return err
	}
	y, err := os.Stat(b)
	if err != nil {
		return err
	}
	if x.Size() != y.Size() {
		return fmt.Errorf("the output has %d bytes, the input %d", y.Size(), x.Size())
	}
	return nil
}

// firstLine keeps what a program says within a table.
func firstLine(said []byte) string {
	const most = 160
	line, _, _ := bytes.Cut(bytes.TrimSpace(said), []byte("\n"))
	return string(line[:min(len(line), most)])
}
