package context

import "github.com/dumpscrub/dumpscrub/detect/probe"

// cookies is the detector of cookies (RFC 6265): in their headers, and of sessions
// also where the pair stands alone, as HTTP/2 and cookie jars leave it.
type cookies struct{}

const (
	maxCookies = 8192
	minSession = 12 // characters of a session's identifier
	minCookie  = 20 // of another cookie's value
)

// NewCookie returns the detector of cookies.
func NewCookie() probe.Detector { return cookies{} }

// Spec implements [probe.Detector]. The names are those of the sessions of web
// frameworks, so far as a name leads to them.
func (cookies) Spec() probe.Spec {
	return probe.Spec{
		ID: "http-cookie", About: "session cookies and other random cookies",
		Kinds: []string{SessionCookie, Cookie},
		Anchors: []string{
			"cookie:", "cookie\"", "cookie'", "cookie\\\"", "cookie\x00",
			"session=", "sessionid=", "session_id=", "sess=", "sessid=", "sid=", "sid.sig=", "session.sig=", "connect.sid", "sessionid_", "auth=",
			".aspnetcore.", ".aspxauth=", "_logged_in_", "xsrf-token=", "csrftoken=", "remember_token=", "remember_me=", "rememberme=",
			"ssess", "jsessionidsso=", "keycloak_identity", "keycloak_session", "authservice-session",
			"__host-", "__secure-",
		},
		Text: true, Fold: true,
		Before: 96, After: maxCookies + 256,
	}
}

// Detect implements [probe.Detector].
func (cookies) Detect(v probe.View, emit func(probe.Match)) {
	t, at := textOf(v)
	if hasFold(t.Text, at, "cookie") {
		if i := headerValue(t.Text, at+len("cookie")); i >= 0 {
			pairs := cookiePairs{t: t, start: at, set: hasFold(t.Text, at-len("set-"), "set-"), emit: emit}
			pairs.read(i)
		}
		return
	}
	start := at
	for at-start < maxName && isCookieName(t.At(start-1)) {
		start--
	}
	end := run(t.Text, at, maxName, isCookieName)
	if t.At(end) != '=' || t.At(start-1) == '(' { // the argument of a call, in a format
		return
	}
	c := cookiePairs{t: t, emit: emit, alone: true}
	c.pair(start, end)
}

// isCookieName reports whether c stands in names of cookies in use.
func isCookieName(c byte) bool { return isName(c) || c == '!' || c == '~' }

// isCookieOctet reports whether c may stand in a cookie's value, quotes included,
// which some servers write.
func isCookieOctet(c byte) bool {
	return c > ' ' && c < 0x7f && c != ';' && c != '"' && c != '\\' && c != ','
}

// cookiePairs reads the pairs of one header.
type cookiePairs struct {
	t     text
	start int
	set   bool // a Set-Cookie header: one pair, then attributes
	alone bool // no header stands before the pair
	emit  func(probe.Match)
}

// read reads the pairs from i on.
func (c *cookiePairs) read(i int) {
	t := c.t
	for first := i; i-first < maxCookies; {
		end := run(t.Text, i, 2*maxName, isCookieName)
		if end == i || t.At(end) != '=' {
			return
		}
		i = c.pair(i, end)
		if c.set || t.At(i) != ';' {
			return
		}
		i = blanks(t.Text, i+1, 4)
	}
}

// pair judges the pair whose name is the characters [start, end), and returns
// where its value ends.
func (c *cookiePairs) pair(start, end int) int {
	t := c.t
	i := end + 1
	if t.At(i) == '"' {
		i++
	}
	s := span{i, run(t.Text, i, gradeLen, isCookieOctet)}
	if t.endless(i, s.end) {
		return s.end
	}
	s.end = run(t.Text, i, maxValue, isCookieOctet)
	after := s.end
	if t.At(after) == '"' {
		after++
	}
	if s.len() < minSession {
		return after
	}
	g := gradeOf(t.Text, s, false)
	f := found{kind: Cookie, confidence: probe.Likely, whole: span{start, s.end}, secret: s}
	if sessionName(t.Text, start, end) {
		f.kind = SessionCookie
	}
	switch {
	case g == random && (f.kind == SessionCookie || !c.alone && s.len() >= minCookie):
	case g >= word && f.kind == SessionCookie && !c.alone:
		f.confidence = probe.Possible
		if g == chosen {
			f.confidence = probe.Likely
		}
	default:
		return after
	}
	f.emitTo(t, c.emit)
	return after
}

// sessionWords are pieces of names of cookies that log somebody in.
var sessionWords = [...]string{"sess", "sid", "auth", "token", "login", "logged_in", "remember", "jwt", "aspnet", "aspx", "__host-", "__secure-", "csrf", "xsrf", "identity", "ticket", "credential", "keycloak"}

func sessionName(t probe.Text, start, end int) bool {
	for i := start; i < end; i++ {
		for _, w := range sessionWords {
			if lower(t.At(i)) == w[0] && i+len(w) <= end && hasFold(t, i, w) {
				return true
			}
		}
	}
	return false
}
