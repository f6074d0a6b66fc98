package workers

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
)

// ErrInternal is a fault of this program.
var ErrInternal = errors.New("internal error")

// Guard calls do and returns a panic of its goroutine as an error that names the places
// in the code and nothing else: what the runtime prints of a panic has the arguments
// of functions in it, and those of a detector are bytes of a secret.
func Guard(do func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %s%s", ErrInternal, kindOf(r), places())
		}
	}()
	return do()
}

// kindOf tells what was thrown: its type, and its text where that is known to hold no
// data, which is with what the runtime finds out of range or nil and with ours.
func kindOf(r any) string {
	switch v := r.(type) {
	case runtime.Error:
		return v.Error()
	case string:
		if text, ours := strings.CutPrefix(v, "internal error: "); ours {
			return text
		}
	}
	return fmt.Sprintf("%T", r)
}

// maxPlaces bounds how many places are told.
const maxPlaces = 12

// places returns the functions and lines between the panic and Guard.
func places() string {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	var b strings.Builder
	told := 0
	for more := true; more && told < maxPlaces; {
		var f runtime.Frame
		f, more = frames.Next()
		if strings.HasPrefix(f.Function, "runtime.") {
			continue
		}
		if strings.HasSuffix(f.Function, "workers.Guard") {
			break
		}
		fmt.Fprintf(&b, "\n  %s %s:%d", f.Function, filepath.Base(f.File), f.Line)
		told++
	}
	return b.String()
}
