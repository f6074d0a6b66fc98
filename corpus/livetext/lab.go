package livetext

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

//go:embed holders
var holders embed.FS

// Options are what [Run] needs.
type Options struct {
	Bin     string   // the program
	TempDir string   // where dumps lie while they are looked at; empty: the system's
	Size    int      // about how much other text the program keeps, in MiB
	Args    []string // more arguments for the program's scrub
	Keep    string   // an existing folder on the same file system that dumps are moved to; empty: they go
}

// Runtimes names the programs that plants are put into.
func Runtimes() []string { return []string{"python", "java"} }

// ErrMissing says that a program is not installed.
var ErrMissing = errors.New("missing")

// Run plants fresh samples in a runtime, dumps and scrubs it.
func Run(ctx context.Context, o Options, runtime string) (*Result, error) {
	dir, err := os.MkdirTemp(o.TempDir, "livetext")
	if err != nil {
		return nil, err
	}
	defer o.dispose(dir, runtime)
	ps := Plants()
	if err := os.WriteFile(filepath.Join(dir, "plan"), plan(ps), 0o600); err != nil {
		return nil, err
	}
	argv, err := o.holder(ctx, runtime, dir)
	if err != nil {
		return nil, err
	}
	if err := dump(ctx, dir, argv); err != nil {
		return nil, err
	}
	began := time.Now()
	said, err := o.scrub(ctx, dir)
	if err != nil {
		return nil, err
	}
	r := &Result{Runtime: runtime, Seconds: time.Since(began).Seconds(), Said: said}
	return r, r.judge(ps, dir)
}

func (o Options) dispose(dir, name string) {
	if o.Keep != "" && os.Rename(dir, filepath.Join(o.Keep, name)) == nil {
		return
	}
	os.RemoveAll(dir)
}

// The files of a run.
const (
	coreFile     = "core"
	scrubbedFile = "scrubbed"
	reportFile   = "report.json"
)

// holder prepares the program of a runtime and returns how to start it.
func (o Options) holder(ctx context.Context, runtime, dir string) ([]string, error) {
	name, tools := "holder.py", []string{"python3", "gcore"}
	if runtime == "java" {
		name, tools = "TextHolder.java", []string{"java", "javac", "gcore"}
	}
	for _, t := range tools {
		if _, err := exec.LookPath(t); err != nil {
			return nil, fmt.Errorf("%s: %w", t, ErrMissing)
		}
	}
	data, err := holders.ReadFile("holders/" + name)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
		return nil, err
	}
	args := []string{"plan", "ready", strconv.Itoa(o.Size), strconv.Itoa(mask)}
	if runtime == "java" {
		if _, err := run(ctx, dir, "javac", "-d", ".", name); err != nil {
			return nil, err
		}
		heap := fmt.Sprintf("-Xmx%dm", max(64, 2*o.Size))
		// Small reservations keep the dump small; they change nothing about what lies in it.
		return append([]string{"java", heap, "-XX:+UseSerialGC", "-XX:CompressedClassSpaceSize=16m", "-XX:ReservedCodeCacheSize=32m",
			"-cp", ".", "TextHolder"}, args...), nil
	}
	// The first python3 in PATH may be a script that chooses one.
	out, err := run(ctx, dir, "python3", "-c", "import sys; print(sys.executable)")
	return append([]string{strings.TrimSpace(string(out)), name}, args...), err
}

// dump starts a holder, waits until it holds all, and dumps it.
func dump(ctx context.Context, dir string, argv []string) error {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = dir
	var said bytes.Buffer
	cmd.Stderr = &said
	// It ends with us, even when we are killed.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(done)
	}()
	defer func() {
		_ = cmd.Process.Kill()
		<-done
	}()
	const pause = 100 * time.Millisecond
	for {
		if _, err := os.Stat(filepath.Join(dir, "ready")); err == nil {
			break
		}
		select {
		case <-done:
			return fmt.Errorf("%s ended: %s", argv[0], lastLine(said.Bytes()))
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
	pid := strconv.Itoa(cmd.Process.Pid)
	if _, err := run(ctx, dir, "gcore", "-o", coreFile, pid); err != nil {
		return err
	}
	return os.Rename(filepath.Join(dir, coreFile+"."+pid), filepath.Join(dir, coreFile))
}

func (o Options) scrub(ctx context.Context, dir string) (string, error) {
	args := append([]string{"scrub", coreFile, "-o", scrubbedFile, "--report", reportFile, "--no-progress"}, o.Args...)
	out, err := run(ctx, dir, o.Bin, args...)
	return sentence(out), err
}

// sentence keeps of a summary what it says of the dump as a whole.
func sentence(said []byte) string {
	first, _, _ := strings.Cut(lastLine(said), ": ")
	_, rest, _ := strings.Cut(lastLine(said), "Redacted ")
	redacted, _, _ := strings.Cut(rest, ". ")
	return first + ": redacted " + redacted
}

func run(ctx context.Context, dir, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "DEBUGINFOD_URLS=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return out, fmt.Errorf("%s: %w: %s", name, err, lastLine(out))
	}
	return out, nil
}

func lastLine(p []byte) string {
	lines := bytes.Split(bytes.TrimSpace(p), []byte("\n"))
	return string(lines[len(lines)-1])
}

// report is what is read of dumpscrub's report.
type report struct {
	Findings []struct {
		Detector string `json:"detector"`
		Kind     string `json:"kind"`
		Redacted bool   `json:"redacted"`
		Spans    []struct {
			Offset int64 `json:"offset"`
			Length int64 `json:"length"`
		} `json:"spans"`
	} `json:"findings"`
}

func readReport(path string) (*report, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	r := &report{}
	return r, json.Unmarshal(data, r)
}
