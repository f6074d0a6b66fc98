package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/scrub/workers"
)

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"core.1234":           "core.1234",
		"a b/größe.dmp":       "a b/größe.dmp",
		"x\n::error::y":       `x\x0a::error::y`,
		"\x1b[31mred\x07":     `\x1b[31mred\x07`,
		"\xff\xfe":            `\xff\xfe`,
		"fdp.\u202e1.core":    `fdp.\xe2\x80\xae1.core`,
		"tab\tand\u00a0blank": `tab\x09and\xc2\xa0blank`,
	} {
		if got := printable(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// Whoever names a file writes no line of ours.
func TestMessagesAreOneLine(t *testing.T) {
	err := fmt.Errorf("a\n::error::b: %w", errors.Join(errors.New("c"), errors.New("d\x1b")))
	if got, want := message(err), `a; ::error::b: c; d\x1b`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	fault := workers.Guard(func() error { panic("internal error: of a test") })
	if got := message(fault); !strings.Contains(got, "\n  ") || strings.Contains(got, `\x0a`) {
		t.Errorf("%q does not name the place on a line of its own", got)
	}
}
