package context

import (
	"bytes"
	"encoding/base64"
	"unicode/utf8"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// authorizations is the detector of HTTP credentials (RFC 7235): of whole headers,
// and of values that stand alone, as HTTP/2 and header maps leave them.
type authorizations struct{}

const (
	maxCredentials = 8192
	minBearer      = 16 // characters of a bearer token without its header
	minAuthParam   = 16 // of a response or signature
)

// NewAuthorization returns the detector of HTTP credentials.
func NewAuthorization() probe.Detector { return authorizations{} }

// Spec implements [probe.Detector].
func (authorizations) Spec() probe.Spec {
	return probe.Spec{
		ID: "http-authorization", About: "credentials in Authorization headers: Basic, Bearer, Digest, Negotiate, AWS4 and others",
		Kinds:   []string{BearerToken, BasicCredentials, DigestResponse, NegotiateToken, RequestSignature, APIKey},
		Anchors: []string{"authorization", "bearer ", "basic ", "digest username=", "negotiate ", "ntlm ", "aws4-hmac-sha256 ", "bearer, ", "bearer.authorization.k8s.io."},
		Text:    true, Fold: true,
		Before: 64, After: maxCredentials + 256,
	}
}

// Detect implements [probe.Detector].
func (authorizations) Detect(v probe.View, emit func(probe.Match)) {
	t, at := textOf(v)
	if !hasFold(t.Text, at, "authorization") {
		for _, s := range [...]string{"bearer, ", "bearer.authorization.k8s.io."} { // Sec-WebSocket-Protocol
			if hasFold(t.Text, at, s) {
				bearer(t, at, at+len(s), true, BearerToken, emit)
				return
			}
		}
		if end, ok := counted(t.Text, at); ok {
			v.Data = v.Data[:end]
			t, at = textOf(v)
			credentials(t, at, at, emit)
		} else if !isAlnum(t.At(at - 1)) {
			credentials(t, at, at, emit)
		}
		return
	}
	if i := at + len("authorization") + 1; t.At(at-1) == byte(len("authorization")) && i < t.Len() {
		if end, ok := counted(t.Text, i); ok {
			v.Data = v.Data[:end]
			t, at = textOf(v)
			credentials(t, at, i, emit)
			return
		}
	}
	i := headerValue(t.Text, at+len("authorization"))
	if i < 0 {
		return
	}
	credentials(t, at, i, emit)
}

// headerValue returns where the value of the header begins whose name ends at i, or
// -1: behind a colon, behind the NUL that servers put in its place, or in quotes.
func headerValue(t probe.Text, i int) int {
	if d, q := quoteAt(t, i); q != 0 {
		i = blanks(t, i+d+1, 4)
		if c := t.At(i); c != ':' && c != ',' && c != '=' && c != ']' {
			return -1
		}
		i = run(t, i+1, 4, func(c byte) bool { return isBlank(c) || c == '[' || c == '=' })
		if t.At(i) == 'b' {
			i++
		}
		if d, q = quoteAt(t, i); q == 0 {
			return -1
		}
		return i + d + 1
	}
	switch t.At(i) {
	case ':':
		return blanks(t, i+1, 4)
	case '=':
		return i + 1
	case 0:
		return blanks(t, i+1, 1)
	}
	return -1
}

// counted reports whether the octet before the value at i is a letter or a digit and counts the octets of
// the value, all of them printable, and where it ends: so HTTP/2 writes strings of up to 126
// octets (RFC 7541, section 5.2), and 127 and an octet more before longer ones.
func counted(t probe.Text, i int) (end int, ok bool) {
	n := t.At(i - 1)
	if t.Wide() || !isAlnum(n) {
		return 0, false
	}
	end = i + int(n)
	if t.At(i-2) == 0x7f {
		end += 0x7f
	}
	if end > t.Len() || run(t, i, end-i, isPrint) != end {
		return 0, false
	}
	return end, true
}

// credentials judges the value at i. start is where the header, or the value if it
// stands alone, begins.
func credentials(t text, start, i int, emit func(probe.Match)) {
	alone := start == i
	word := run(t.Text, i, 24, func(c byte) bool { return isAlnum(c) || c == '-' })
	s := blanks(t.Text, word, 4)
	switch {
	case s == word:
	case hasFold(t.Text, i, "basic "):
		basic(t, start, s, emit)
		return
	case hasFold(t.Text, i, "digest "):
		param(t, start, s, "response=", DigestResponse, emit)
		return
	case hasFold(t.Text, i, "aws4-"):
		param(t, start, s, "signature=", RequestSignature, emit)
		return
	case hasFold(t.Text, i, "negotiate "), hasFold(t.Text, i, "ntlm "):
		end := padded(t.Text, run(t.Text, s, maxCredentials, isBase64))
		if end-s >= 24 && gradeOf(t.Text, span{s, end}, false) == random {
			found{kind: NegotiateToken, confidence: probe.Likely, whole: span{start, end}, secret: span{s, end}}.emitTo(t, emit)
		}
		return
	case hasFold(t.Text, i, "bearer "):
		bearer(t, start, s, alone, BearerToken, emit)
		return
	}
	if alone {
		return
	}
	// Some other scheme, or a key without one.
	if s > word && s-i <= 24 && (isGraph(t.At(s)) && t.At(s) != '"') {
		bearer(t, start, s, false, APIKey, emit)
		return
	}
	bearer(t, start, i, false, APIKey, emit)
}

func padded(t probe.Text, i int) int { return run(t, i, 2, func(c byte) bool { return c == '=' }) }

// bearer judges the token at s.
func bearer(t text, start, s int, alone bool, kind string, emit func(probe.Match)) {
	end := padded(t.Text, run(t.Text, s, maxCredentials, isToken68))
	if c := t.At(end); (c == '=' || isAlnum(c)) && end-s < maxCredentials {
		return // a parameter such as realm="..."
	}
	for end > s && t.At(end-1) == '.' {
		end--
	}
	f := found{kind: kind, confidence: probe.Likely, whole: span{start, end}, secret: span{s, end}}
	n := f.secret.len()
	switch g := gradeOf(t.Text, f.secret, true); {
	case alone && (g < random || n < minBearer), n < 6:
		return
	case g == nothing && n < 24:
		return
	case g < random && kind == APIKey, n < minBearer:
		f.confidence = probe.Possible
	}
	f.emitTo(t, emit)
}

// minWhole is how many octets of a pair must be readable when stale characters of
// an older string follow it and are base64 as well.
const minWhole = 9

// basic judges base64 of user and password at s (RFC 7617).
func basic(t text, start, s int, emit func(probe.Match)) {
	digits := run(t.Text, s, 1024, isBase64)
	end := padded(t.Text, digits)
	if digits-s < 6 {
		return
	}
	pair := decode(t.Append(make([]byte, 0, digits-s), s, digits))
	defer clear(pair)
	n := readable(pair)
	torn := n < len(pair) || (digits-s)%4 == 1 || end > digits && (end-s)%4 != 0
	if torn && n < minWhole {
		return
	}
	colon := bytes.IndexByte(pair[:n], ':')
	// Of shorter pairs too many words are base64 by chance.
	if colon < 0 || n < 5 || n-colon < 3 {
		return
	}
	password := pair[colon+1 : n]
	f := found{kind: BasicCredentials, confidence: probe.Possible, whole: span{start, end}, secret: span{s, end}}
	f.encoding, f.identity = probe.Base64, password
	if judge(bytes.Clone(password), false) >= chosen {
		f.confidence = probe.Likely
	}
	f.emitTo(t, emit)
}

// decode returns the octets of the base64 or base64url digits p, which it clears.
// What is left over at their end is dropped.
func decode(p []byte) []byte {
	defer clear(p)
	for i, c := range p {
		switch c {
		case '-':
			p[i] = '+'
		case '_':
			p[i] = '/'
		}
	}
	if len(p)%4 == 1 {
		p = p[:len(p)-1]
	}
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(p)))
	n, err := base64.RawStdEncoding.Decode(out, p)
	if err != nil {
		return nil
	}
	return out[:n]
}

// readable returns how many octets at the beginning of p are printable UTF-8.
func readable(p []byte) int {
	for i := 0; i < len(p); {
		r, n := utf8.DecodeRune(p[i:])
		if r < ' ' || r == 0x7f || r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return len(p)
}

// param judges the parameter with that name among those at s.
func param(t text, start, s int, name, kind string, emit func(probe.Match)) {
	for i := s; i-s < 1024 && isPrint(t.At(i)); i++ {
		if lower(t.At(i)) != name[0] || isName(t.At(i-1)) || !hasFold(t.Text, i, name) {
			continue
		}
		i += len(name)
		if d, q := quoteAt(t.Text, i); q != 0 {
			i += d + 1
		}
		end := run(t.Text, i, 512, isHex)
		if end-i >= minAuthParam && gradeOf(t.Text, span{i, end}, false) == random {
			found{kind: kind, confidence: probe.Likely, whole: span{start, end}, secret: span{i, end}}.emitTo(t, emit)
		}
		return
	}
}
