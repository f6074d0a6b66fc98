package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/landlock-lsm/go-landlock/landlock"
	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"

	"github.com/dumpscrub/dumpscrub/scrub/publish"
	"github.com/dumpscrub/dumpscrub/scrub/source"
)

// access is what a confined process may still do with the file system, beside
// using what it has open.
type access struct {
	read []string // files, and folders with all below them, that may be read
	name []string // files whose folder may get and lose names, but no bytes by open
}

// reserved is how many spools one run needs at a time: what the gate holds, one
// that is unpacked into another, the same for the copy that is verified, and the one
// for what is found.
const reserved = 6

// confine makes the rest of the process do without most of the system: its threads
// can open no file but those of a, run no program and use no network. It returns
// what the kernel does not offer.
func confine(a access) (missing []string) {
	if err := restrictFiles(a); err != nil {
		missing = append(missing, "files (Landlock): "+err.Error())
	}
	if err := restrictCalls(); err != nil {
		missing = append(missing, "system calls (seccomp): "+err.Error())
	}
	return missing
}

// restrictFiles confines all threads by Landlock. Version 5 of its interface is
// the last that has nothing to do with signals, which the Go runtime sends between
// its threads.
func restrictFiles(a access) error {
	if v, err := ll.LandlockGetABIVersion(); err != nil || v < 1 {
		return errors.New("the kernel has none")
	}
	var rules []landlock.Rule
	for _, path := range a.read {
		st, err := os.Stat(path)
		if err != nil {
			continue // told when it is opened
		}
		var rights landlock.AccessFSSet = ll.AccessFSReadFile
		if st.IsDir() {
			rights |= ll.AccessFSReadDir
		}
		rules = append(rules, landlock.PathAccess(rights, path).IgnoreIfMissing())
	}
	for _, path := range a.name {
		rules = append(rules, landlock.PathAccess(ll.AccessFSMakeReg|ll.AccessFSRemoveFile, filepath.Dir(path)).IgnoreIfMissing())
	}
	return landlock.V5.BestEffort().Restrict(rules...)
}

// confine opens what a run writes beside its copy, and gives up the rest. The job
// that it makes ready is the one that later runs start from: the files behind its
// flags cannot be read again.
func (o *lookOptions) confine(e *env, a access) error {
	if o.noSandbox || e.confine == nil {
		return nil
	}
	var err error
	if o.base, err = o.job(nil); err != nil {
		return err
	}
	o.reserve(o.base.Options)
	return o.enter(e, a)
}

// reserve opens the files of spools.
func (o *lookOptions) reserve(opts source.Options) *source.Reserve {
	r := source.NewReserve(opts.SpoolDir, reserved)
	o.spools = r
	if o.base != nil {
		o.base.Reserve = r
	}
	return r
}

// enter opens the outlets and confines the process.
func (o *lookOptions) enter(e *env, a access) error {
	for _, path := range o.outlets() {
		if err := e.prepare(path); err != nil {
			return err
		}
		a.name = append(a.name, path)
	}
	for _, m := range e.confine(a) {
		o.say(e.stderr, "note: not confined: %s", m)
	}
	return nil
}

// outlets are the files that a command writes with [env.writeFile]. Whatever is not
// named here cannot be written by a confined process.
func (o *lookOptions) outlets() []string {
	var paths []string
	for _, path := range []string{o.report, o.sarif, o.html} {
		if path != "" && path != "-" {
			paths = append(paths, path)
		}
	}
	return paths
}

// outlet is a file that is written at once, at the end.
type outlet struct {
	unnamed *publish.Unnamed
	plain   *os.File // what is not a regular file, or cannot be unnamed
	regular bool
}

// prepare opens path for a later [env.writeFile].
func (e *env) prepare(path string) error {
	out, err := openOutlet(path)
	if err != nil {
		return err
	}
	if e.outlets == nil {
		e.outlets = map[string]*outlet{}
	}
	e.outlets[path] = out
	return nil
}

func openOutlet(path string) (*outlet, error) {
	if st, err := os.Stat(path); err == nil && !st.Mode().IsRegular() {
		return plainOutlet(path)
	}
	u, err := publish.Create(path)
	if errors.Is(err, publish.ErrNoUnnamed) {
		out, err := plainOutlet(path)
		if err == nil {
			out.regular = true
		}
		return out, err
	}
	if err != nil {
		return nil, err
	}
	return &outlet{unnamed: u, regular: true}, nil
}

func plainOutlet(path string) (*outlet, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	return &outlet{plain: f}, nil
}

// write writes data and closes the outlet.
func (o *outlet) write(fill func(io.Writer) error) error {
	if o.unnamed != nil {
		defer o.unnamed.Close()
		if err := fill(o.unnamed); err != nil {
			return err
		}
		return o.unnamed.Link(replaceExisting)
	}
	st, err := o.plain.Stat()
	if err == nil && st.Mode().IsRegular() {
		err = o.plain.Truncate(0)
	}
	if err == nil {
		err = fill(o.plain)
	}
	if err := errors.Join(err, o.plain.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", o.plain.Name(), err)
	}
	return nil
}
