package workers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

type canaryPanic struct{ text string }

// A panic, of this goroutine or of a worker's, becomes an error that says where and
// not with what.
func TestGuardSaysNothingOfData(t *testing.T) {
	const canary = "canary-0123456789"
	var none []byte
	three := func() int { return 3 }()
	for name, c := range map[string]struct {
		do   func() error
		want string
	}{
		"a text of another's": {func() error { panic("cannot parse " + canary) }, "string"},
		"a value":             {func() error { panic(canaryPanic{canary}) }, "workers.canaryPanic"},
		"an error":            {func() error { panic(errors.New(canary)) }, "*errors.errorString"},
		"a wrapped error":     {func() error { panic(fmt.Errorf("%s", canary)) }, "*errors.errorString"},
		"an index":            {func() error { none[three] = 1; return nil }, "index out of range"},
		"a text of ours":      {func() error { panic("internal error: a tile") }, "a tile"},
		"a worker": {func() error {
			return Parallel(t.Context(), 2, 4, func(_ int, i int64) error {
				if i == 2 {
					panic(canary)
				}
				return nil
			})
		}, "string"},
	} {
		err := Guard(c.do)
		if !errors.Is(err, ErrInternal) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "guard_test.go:") {
			t.Errorf("%s: error %v, want one with %q and the place", name, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), canary) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Guard(func() error { return context.Canceled }); err != context.Canceled {
		t.Errorf("an error comes back as %v", err)
	}
}
