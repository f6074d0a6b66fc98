package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub"
	"github.com/dumpscrub/dumpscrub/scrub/plan"
	"github.com/dumpscrub/dumpscrub/scrub/publish"
	"github.com/dumpscrub/dumpscrub/scrub/receipt"
	"github.com/dumpscrub/dumpscrub/scrub/source"
	"github.com/dumpscrub/dumpscrub/scrub/workers"
)

// The exit codes of the contract.
const (
	exitOK          = 0
	exitError       = 1
	exitUsage       = 2
	exitSecrets     = 3
	exitUninspected = 4
	exitChanged     = 5
	exitReceipt     = 6
	exitInterrupted = 130
)

// usageError is a command line that cannot be carried out.
type usageError struct{ what, hint string }

func (e usageError) Error() string { return e.what }

// errSecrets ends a scan or a gate that found something; what was found has been
// said already.
var errSecrets = errors.New("secrets found")

// errNoReceipt ends a gate that wants a receipt where there is none.
var errNoReceipt = errors.New("there is no receipt")

// errCut ends a scan or a gate of a container that ends too early and in which nothing was found so far: its last bytes are in
// the file all the same.
var errCut = errors.New("its container ends too early, and what cannot be unpacked was not examined")

// codeOf returns the exit code that err stands for.
func codeOf(err error) int {
	var usage usageError
	var unsupported *layout.Unsupported
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &usage):
		return exitUsage
	case errors.Is(err, source.ErrChanged):
		return exitChanged
	case errors.Is(err, errSecrets), errors.Is(err, scrub.ErrResidue):
		return exitSecrets
	case errors.Is(err, errNoReceipt), errors.Is(err, receipt.ErrInvalid), errors.Is(err, receipt.ErrOtherBytes), errors.Is(err, receipt.ErrSignature), errors.Is(err, receipt.ErrFloor):
		return exitReceipt
	case errors.As(err, &unsupported), errors.Is(err, layout.ErrUnknown), errors.Is(err, source.ErrCut), errors.Is(err, errCut):
		return exitUninspected
	}
	return exitError
}

// hintOf returns what the user can do about err, or "".
func hintOf(err error) string {
	var usage usageError
	var unsupported *layout.Unsupported
	var malformed *layout.Error
	switch {
	case errors.As(err, &usage):
		return usage.hint
	case errors.As(err, &unsupported):
		return unsupported.Hint
	case errors.Is(err, source.ErrCut):
		return "get the whole file"
	case errors.Is(err, errCut):
		return "get the whole file, or scrub it: the copy ends where it can be unpacked to"
	case errors.Is(err, layout.ErrUnknown):
		return "if the file is plain memory, --format raw examines and redacts all of it as bytes"
	case errors.As(err, &malformed):
		return "--format raw examines and redacts the file as plain bytes, whatever its headers say"
	case errors.Is(err, source.ErrChanged):
		return "wait until the dump is complete, or scrub a copy of it"
	case errors.Is(err, source.ErrTooBig):
		return "--max-size raises the limit"
	case errors.Is(err, publish.ErrNoUnnamed):
		return "write to a local file system and move the result"
	case errors.Is(err, plan.ErrStructure):
		return "--format raw redacts it together with the header, at the price of a copy that no debugger opens"
	case errors.Is(err, fs.ErrExist):
		return "--force replaces it"
	}
	return ""
}

// exit says what ended a command and returns its exit code.
func (e *env) exit(ctx context.Context, err error) int {
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	code := codeOf(err)
	switch {
	case code == exitOK, errors.Is(err, errSecrets):
		return code
	case code == exitInterrupted:
		fmt.Fprintln(e.stderr, "dumpscrub: interrupted; nothing was published")
		return code
	}
	fmt.Fprintf(e.stderr, "dumpscrub: %s\n", message(err))
	if h := hintOf(err); h != "" {
		fmt.Fprintf(e.stderr, "hint: %s\n", h)
	}
	return code
}

// message returns what is told of err. Only a fault of ours, which names places in the
// code, has lines of its own: names of files are in errors too.
func message(err error) string {
	between := "; " // of errors that were joined
	if errors.Is(err, workers.ErrInternal) {
		between = "\n"
	}
	lines := strings.Split(err.Error(), "\n")
	for i, line := range lines {
		lines[i] = printable(line)
	}
	return strings.Join(lines, between)
}

// worse returns the code that a run over several files ends with: doubt about a
// file outweighs a verdict on another, and every verdict outweighs success.
func worse(a, b int) int {
	for _, c := range []int{exitInterrupted, exitError, exitChanged, exitReceipt, exitSecrets, exitUninspected} {
		if a == c || b == c {
			return c
		}
	}
	return exitOK
}
