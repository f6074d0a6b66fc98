package context

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// piped is the detector of passwords that a line of a shell hands to the standard input of a
// program: with echo or printf and a pipe, in a here string or a here document. Lines
// "root:password", as chpasswd reads them, count alone too.
type piped struct{}

// NewPiped returns the detector of passwords that lines of a shell hand to programs.
func NewPiped() probe.Detector { return piped{} }

// Spec implements [probe.Detector]. The anchors are programs and options that read a
// password, from the manual pages.
func (piped) Spec() probe.Spec {
	return probe.Spec{
		ID: "piped-password", About: "passwords that shells hand to sudo -S, chpasswd, --password-stdin and others",
		Kinds: []string{Password},
		Anchors: []string{
			"sudo -s", "sudo -k -s", "chpasswd", "-stdin", "|kinit", "| kinit", "cryptsetup ", "smbpasswd ", "vncpasswd", "| su ", "| passwd",
			"\nroot:", "\x00root:",
		},
		Text: true, Fold: true, Before: maxCommand + 64, After: 2*maxCommand + 64,
	}
}

// Detect implements [probe.Detector].
func (piped) Detect(v probe.View, emit func(probe.Match)) {
	t, at := textOf(v)
	c := t.At(at)
	if c == 0 || c == '\n' {
		accounts(t, at+1, emit)
		return
	}
	if c != '|' && c != '-' && isAlnum(t.At(at-1)) {
		return
	}
	accounting := hasFold(t.Text, at, "chpasswd")
	if s := echoed(t, at); s.len() > 0 {
		if accounting {
			s = secondField(t, s)
		}
		judgeArgument(t, s.start, s, ' ', emit)
		return
	}
	end := run(t.Text, at, maxCommand, func(c byte) bool { return isPrint(c) && c != '<' && c != '|' && c != ';' && c != '&' })
	switch {
	case t.Has(end, "<<<"):
		s := wordAt(t, blanks(t.Text, end+len("<<<"), 4)).span
		if accounting {
			s = secondField(t, s)
		}
		judgeArgument(t, s.start, s, ' ', emit)
	case accounting && t.Has(end, "<<"):
		accounts(t, t.line(end, maxCommand)+1, emit)
	}
}

// echoed returns what echo or printf writes to the pipe that ends before the program at i.
func echoed(t text, i int) span {
	limit := i - maxCommand
	bar := i
	for bar > limit && t.At(bar) != '|' {
		if c := t.At(bar); !isPrint(c) || c == ';' || i-bar > 64 {
			return span{}
		}
		bar--
	}
	for k := bar - 1; k > limit && isPrint(t.At(k)); k-- {
		name := 0
		switch {
		case isName(t.At(k - 1)):
		case t.Has(k, "echo "):
			name = len("echo")
		case t.Has(k, "printf "):
			name = len("printf")
		}
		if name == 0 {
			continue
		}
		for _, arg := range argumentsAt(t, k+name).list {
			s := arg.span
			if !arg.quoted && t.At(s.start) == '-' || t.At(s.start) == '%' {
				continue
			}
			if t.Has(s.end-2, `\n`) {
				s.end -= 2
			}
			return s
		}
		return span{}
	}
	return span{}
}

// secondField returns what stands behind the first colon in s.
func secondField(t text, s span) span {
	for k := s.start; k < s.end; k++ {
		if t.At(k) == ':' {
			return span{k + 1, s.end}
		}
	}
	return span{}
}

// accounts judges lines "user:password" from i on. Lines of passwd(5) have more colons.
func accounts(t text, i int, emit func(probe.Match)) {
	const most = 16
	for range most {
		user := run(t.Text, i, maxName, isName)
		if user == i || t.At(user) != ':' {
			return
		}
		s := span{user + 1, run(t.Text, user+1, maxCommand/4, isGraph)}
		if !ended(t.Text, s.end) {
			return
		}
		if colons := bytes.Count(t.Append(nil, s.start, s.end), []byte(":")); colons > 1 {
			return
		}
		judgeArgument(t, i, s, ' ', emit)
		if i = s.end + 1; t.At(s.end) == '\r' {
			i++
		}
	}
}
