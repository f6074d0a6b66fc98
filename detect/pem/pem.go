package pem

import (
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/base64text"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// reach is how far, in characters, a body may extend from its boundary. An RSA key
// of 16,384 bits has 12,700 characters; certified OpenPGP keys with a photograph
// have more, and are redacted from both ends towards the middle.
const reach = 32 << 10

// anchors end every boundary of a private key. They leave out the beginning of
// "PRIVATE" and "SECRET", so that a boundary of which the allocator overwrote the
// first 16 bytes is still found; "PUBLIC KEY" and "CERTIFICATE" end otherwise. The
// last two are the first in a URL.
func anchors() []string {
	return []string{
		"TE KEY-----", "TE KEY BLOCK-----", "ET KEY BLOCK-----", "ET KEY-----",
		"TE KEY ----", "TE%20KEY-----", "TE+KEY-----",
	}
}

type detector struct{ anchors []string }

// New returns the detector "pem-private-key".
func New() probe.Detector { return detector{anchors()} }

func (d detector) Spec() probe.Spec {
	return probe.Spec{
		ID:    "pem-private-key",
		About: "private keys in PEM, OpenSSH files and OpenPGP armour, whole or damaged",
		Kinds: []string{
			privkey.RSA, privkey.EC, privkey.Ed25519, privkey.X25519, privkey.Ed448, privkey.X448,
			privkey.DSA, privkey.DH, privkey.MLDSA, privkey.MLKEM, privkey.SLHDSA,
			privkey.Encrypted, privkey.PGP, privkey.Other,
		},
		Anchors: d.anchors,
		Text:    true,
		Before:  reach,
		After:   reach,
	}
}

func (d detector) Detect(v probe.View, emit func(probe.Match)) {
	t, at := probe.TextOf(v)
	b := boundaryAt(t, at)
	var c candidate
	if b.closes {
		c = d.headless(t, b)
	} else {
		c = forward(t, b)
	}
	defer c.body.Wipe()
	if c.plausible() {
		c.emit(t, emit)
	}
}

// candidate is a body and what is known of its surroundings.
type candidate struct {
	label      string
	headers    headers
	body       base64text.Body
	start, end int             // the whole structure: the characters [start, end)
	sum        base64text.Line // the check sum of OpenPGP armour, if there is one
	stop       int             // the first character after the body that is no gap
	open       bool            // the head of the body is there
	apart      bool            // a line break separates the body from its boundary
}

// forward reads the body after the opening boundary b.
func forward(t probe.Text, b boundary) candidate {
	c := candidate{label: b.label, open: true}
	prefix := base64text.Prefix(t, b.start)
	i, broke := base64text.Gap(t, b.next, prefix)
	c.apart = broke
	c.headers = readHeaders(t, i, prefix, b.folds())
	c.body = base64text.Forward(t, c.headers.next, t.Len(), prefix)
	c.tail(t, prefix)
	end, closed := closing(t, c.stop)
	if !closed {
		// What follows may be any text: only what is wrapped like a body is.
		if n := c.body.Wrapped(); n < len(c.body.Lines) {
			c.body.Keep(n)
			c.sum = base64text.Line{}
			c.stop = c.body.End
		}
		end = max(c.body.End, c.sum.End)
	} else if kindOf(c.label) == privkey.Other {
		// Whatever is lost of the opening label, the closing one may have.
		c.label = string(t.Append([]byte(c.label+" "), c.stop, end))
	}
	c.start, c.end = b.start, end
	return c
}

// folds reports whether long header values of this format go on after a backslash:
// those of SSH Communications Security do.
func (b boundary) folds() bool { return strings.Contains(b.label, "SSH2") }

// tail looks for the check sum after the body, and for what follows.
func (c *candidate) tail(t probe.Text, prefix string) {
	next, _ := base64text.Gap(t, c.body.End, prefix)
	if start, end := base64text.Checksum(t, next); end > 0 {
		c.sum = base64text.Line{Start: start, End: end, N: 4}
		next, _ = base64text.Gap(t, end, prefix)
	}
	c.stop = next
}

// headless reads the body before the closing boundary b, unless its opening
// boundary is there to find it from.
func (d detector) headless(t probe.Text, b boundary) candidate {
	prefix := base64text.Prefix(t, b.start)
	body, first := base64text.Backward(t, b.start, 0, prefix)
	c := candidate{label: b.label, body: body}
	if len(body.Lines) == 0 || d.opened(t, first, b.start) {
		c.body.Keep(0)
		return c
	}
	c.tail(t, prefix)
	next, broke := base64text.Gap(t, max(body.End, c.sum.End), prefix)
	c.apart = broke && next >= b.start
	c.start, c.end = body.Lines[0].Start, b.next
	return c
}

// opened reports whether an opening boundary stands before the text at first, from
// which the body is read up to the closing boundary at end.
func (d detector) opened(t probe.Text, first, end int) bool {
	for k := first - 1; k >= 0 && k > first-maxHeaders-maxLabel; k-- {
		if c := t.At(k); c == probe.NotASCII || c == 0 {
			return false
		}
		for _, a := range d.anchors {
			if !t.Has(k, a) {
				continue
			}
			b := boundaryAt(t, k)
			if b.closes {
				return false
			}
			c := forward(t, b)
			defer c.body.Wipe()
			return c.stop >= end
		}
	}
	return false
}
