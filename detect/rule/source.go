package rule

import (
	"fmt"
	"regexp/syntax"
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// source returns the pattern that runs on windows: the body as a group, and
// behind it what is not in the token's alphabet.
func source(body *syntax.Regexp, c *code) string {
	s := "(" + body.String() + ")"
	if c.right {
		s += "(?:" + notIn(c.letters) + `|\z)`
	}
	return begin(c) + s
}

// maxLoose is up to how many places a match may begin at for the pattern to name
// them: without that it would go on to the end of its window.
const maxLoose = 64

// begin returns the pattern of where on a window a match may begin.
func begin(c *code) string {
	switch loose := c.preMax - c.preMin; {
	case c.filter || loose > maxLoose:
		return ""
	case loose > 0:
		return fmt.Sprintf(`\A(?s:.){0,%d}?`, loose)
	}
	return `\A`
}

// notIn returns the pattern of one character outside c.
func notIn(c class) string {
	var sb strings.Builder
	sb.WriteString("[^")
	for b := range 0x80 {
		if c.has(byte(b)) {
			fmt.Fprintf(&sb, `\x%02x`, b)
		}
	}
	if c.has(probe.NotASCII) {
		sb.WriteString(`\x{fffd}`)
	}
	sb.WriteString("]")
	return sb.String()
}
