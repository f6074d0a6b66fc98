package scrub

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"time"

	"github.com/dumpscrub/dumpscrub/formats"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/mirror"
	"github.com/dumpscrub/dumpscrub/scrub/plan"
	"github.com/dumpscrub/dumpscrub/scrub/publish"
	"github.com/dumpscrub/dumpscrub/scrub/receipt"
	"github.com/dumpscrub/dumpscrub/scrub/source"
)

// Job is one dump to be read, and for [Scrub] one copy to be published.
type Job struct {
	Settings
	Version string
	Format  string // "" to detect it
	Input   *os.File
	Held    source.Source // the dump, in place of Input, when it is held already
	source.Options

	Output  string    // where the copy is published, or "" to write it to Stdout
	Stdout  io.Writer // only with an empty Output
	Force   bool      // replace an existing output
	Receipt string    // where the receipt is published; "" for none
	// Attest is what the receipt is written to, before the copy gets its name, when it is
	// not published as a file. It may be nil.
	Attest  io.Writer
	SignKey ed25519.PrivateKey
	// Digest is what the receipt calls the copy by: [receipt.SHA256], which "" stands
	// for, or [receipt.FSVerity].
	Digest  string
	Timings bool
	// FullAttack has the verification examine every byte of the copy again, and not
	// only what a change can have made a difference to. It finds the same.
	FullAttack bool
	// Confine is called when [Scrub] has opened all files that it writes, before it
	// looks at the input: from then on the process may give up opening files, if
	// there is a Reserve for spools. It may be nil.
	Confine func() error
	// Announce is called with the finished report before anything gets a name;
	// its error ends the run without an output. It may be nil.
	Announce func(*Report) error
}

// opened is a dump whose layout is known.
type opened struct {
	in *source.Input
	l  *layout.Layout
}

func (j *Job) open() (*opened, error) {
	in, err := j.input(j.Options)
	if err != nil {
		return nil, err
	}
	l, err := formats.Open(in, in.Size(), j.Format)
	if err != nil {
		if in.Cut && errors.Is(err, layout.ErrUnknown) {
			err = fmt.Errorf("%w: its container ends early, after %d bytes", err, in.Size())
		}
		in.Close()
		return nil, err
	}
	return &opened{in: in, l: l}, nil
}

// blame returns what err comes from: headers that were written over between their
// reading and the scan leave secrets in what was structure, and copies that are laid
// out in another way.
func (o *opened) blame(err error) error {
	if !errors.Is(err, plan.ErrStructure) && !errors.Is(err, mirror.ErrCollateral) {
		return err
	}
	if l, again := formats.Open(o.in, o.in.Size(), o.l.Format); again != nil || !reflect.DeepEqual(firm(l), firm(o.l)) {
		return fmt.Errorf("%w: its headers are others now", source.ErrChanged)
	}
	return err
}

func (j *Job) input(o source.Options) (*source.Input, error) {
	if j.Held != nil {
		return source.OpenSource(j.Held, o)
	}
	return source.Open(j.Input, o)
}

// Inspect says what is in a dump without looking for secrets.
func Inspect(j *Job) (*layout.Layout, *source.Input, error) {
	o, err := j.open()
	if err != nil {
		return nil, nil, err
	}
	return o.l, o.in, nil
}

// ScanOnly finds and reports, and writes nothing.
func ScanOnly(ctx context.Context, j *Job) (*Report, error) {
	o, err := j.open()
	if err != nil {
		return nil, err
	}
	defer o.in.Close()
	clock := newClock(j)
	res, err := Scan(ctx, o.in, o.l, j.Settings)
	if err != nil {
		return nil, err
	}
	defer res.Close()
	clock.lap("scan")
	if err := o.in.Unchanged(); err != nil {
		return nil, err
	}
	r, err := j.report(o, res)
	if err != nil {
		return nil, err
	}
	r.Run = clock.run
	return r, j.Disk.Err()
}

// report says what a scan found.
func (j *Job) report(o *opened, res *Result) (*Report, error) {
	r := NewReport(Tool(j.Version, j.Detectors), o.in, o.l, j.Policy.Name, res)
	r.Known = len(j.Known)
	if j.Allow != nil {
		digest, err := j.Allow.List().Digest()
		if err != nil {
			return nil, err
		}
		r.Policy += "+allow"
		r.Allow = &ReportAllow{Entries: len(j.Allow.List().Entries), SHA256: digest}
	}
	return r, nil
}

// Scrub publishes a verified copy without secrets, and its receipt. When it
// returns an error nothing has a name that had none before.
func Scrub(ctx context.Context, j *Job) (*Report, error) {
	out, rec, err := j.create()
	if err != nil {
		if j.Input != nil {
			j.Input.Close()
		}
		return nil, err
	}
	defer out.Close()
	if rec != nil {
		defer rec.Close()
	}
	if j.Confine != nil {
		if err := j.Confine(); err != nil {
			return nil, err
		}
	}
	o, err := j.open()
	if err != nil {
		return nil, err
	}
	defer o.in.Close()
	clock := newClock(j)
	res, err := Scan(ctx, o.in, o.l, j.Settings)
	if err != nil {
		return nil, err
	}
	defer res.Close()
	clock.lap("scan")
	if err := res.runOn(o.l); err != nil {
		return nil, err
	}
	r, p, err := j.redact(ctx, o, res, out, clock)
	if err != nil {
		return nil, o.blame(err)
	}
	r.Verified = true
	r.noteMinimized(p.Minimized())
	if err := o.in.Unchanged(); err != nil {
		return nil, err
	}
	r.Run = clock.run
	if j.Announce != nil {
		if err := j.Announce(r); err != nil {
			return nil, err
		}
	}
	// What was read of findings was right, or the copy has no right to a name.
	if err := j.Disk.Err(); err != nil {
		return nil, err
	}
	if err := j.publish(ctx, r, res, out, rec); err != nil {
		return nil, err
	}
	return r, nil
}

// create makes the files that the copy and the receipt, if there is one, go to.
func (j *Job) create() (out, rec *publish.Unnamed, err error) {
	path := j.Output
	if path == "" {
		path = filepath.Join(j.SpoolDir, "dumpscrub")
	}
	if out, err = publish.Create(path); err != nil {
		return nil, nil, err
	}
	if j.Receipt == "" {
		return out, nil, nil
	}
	if rec, err = publish.Create(j.Receipt); err != nil {
		out.Close()
		return nil, nil, err
	}
	return out, rec, nil
}

// publish names the output and the receipt, both or neither.
func (j *Job) publish(ctx context.Context, r *Report, res *Result, out, rec *publish.Unnamed) error {
	data, err := receipt.Marshal(ctx, j.statement(r, res), j.SignKey)
	if err != nil {
		return err
	}
	if rec != nil {
		if _, err := rec.Write(data); err != nil {
			return fmt.Errorf("writing the receipt: %w", err)
		}
		// What a disk says that it wrote is not what it wrote.
		back, err := io.ReadAll(io.NewSectionReader(rec, 0, int64(len(data))+1))
		if err != nil {
			return fmt.Errorf("reading the receipt back: %w", err)
		}
		if !bytes.Equal(back, data) {
			return fmt.Errorf("reading the receipt back: %w", source.ErrSpool)
		}
		if err := rec.Sync(); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if j.Attest != nil {
		if _, err := j.Attest.Write(data); err != nil {
			return fmt.Errorf("writing the receipt: %w", err)
		}
	}
	if j.Output == "" {
		return j.release(out, rec)
	}
	if err := out.Link(j.Force); err != nil {
		return err
	}
	if rec != nil {
		if err := rec.Link(j.Force); err != nil {
			return errors.Join(err, out.Unlink())
		}
		if err := rec.SyncDir(); err != nil {
			return errors.Join(err, rec.Unlink(), out.Unlink())
		}
	}
	if err := out.SyncDir(); err != nil {
		if rec != nil {
			err = errors.Join(err, rec.Unlink())
		}
		return errors.Join(err, out.Unlink())
	}
	return nil
}

// release writes the verified copy to standard output. A receipt has its name before,
// for nobody can take back what was written, and loses it when that fails.
func (j *Job) release(out, rec *publish.Unnamed) (err error) {
	if rec != nil {
		if err := rec.Link(j.Force); err != nil {
			return err
		}
		defer func() {
			if err != nil {
				err = errors.Join(err, rec.Unlink())
			}
		}()
	}
	if _, err := out.Seek(0, io.SeekStart); err != nil {
		return err
	}
	st, err := out.Stat()
	if err != nil {
		return fmt.Errorf("reading the output back: %w", err)
	}
	n, err := io.Copy(j.Stdout, out)
	if err != nil {
		return fmt.Errorf("writing to standard output: %w", err)
	}
	if n != st.Size() {
		return fmt.Errorf("reading the output back: %w", io.ErrUnexpectedEOF)
	}
	return nil
}

// statement is what the receipt says.
func (j *Job) statement(r *Report, res *Result) receipt.Statement {
	name := "-"
	if j.Output != "" {
		name = filepath.Base(j.Output)
	}
	redacted := res.Redacted()
	allowed := ""
	if r.Allow != nil {
		allowed = r.Allow.SHA256
	}
	algorithm, digest := r.Output.digest()
	return receipt.New(name, algorithm, digest, receipt.Predicate{
		Tool:     receipt.Tool(r.Tool),
		Policy:   r.Policy,
		Depth:    j.Depth.String(),
		Allow:    allowed,
		Known:    r.Known,
		Input:    receipt.Input(r.Input),
		Coverage: receipt.Coverage(r.Coverage),
		Secrets:  r.Secrets.Len(), Redacted: redacted, Kept: r.Findings.Len() - redacted,
		Size: r.Output.Size, Verified: r.Verified,
	})
}

// clock measures the steps of a run when the job asks for it.
type clock struct {
	last time.Time
	run  *ReportRun
}

func newClock(j *Job) *clock {
	c := &clock{last: time.Now()}
	if j.Timings {
		c.run = &ReportRun{Seconds: map[string]float64{}, Jobs: j.jobs()}
	}
	return c
}

func (c *clock) lap(step string) {
	now := time.Now()
	if c.run != nil {
		c.run.Seconds[step] = now.Sub(c.last).Seconds()
	}
	c.last = now
}
