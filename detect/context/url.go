package context

import "github.com/dumpscrub/dumpscrub/detect/probe"

// urls is the detector of passwords in the user information of URLs (RFC 3986,
// section 3.2.1), of any scheme.
type urls struct{}

const (
	maxScheme   = 24
	maxUserInfo = 512
)

// NewURL returns the detector of passwords in URLs.
func NewURL() probe.Detector { return urls{} }

// Spec implements [probe.Detector]. The second anchor is the first as JSON
// encoders escape it.
func (urls) Spec() probe.Spec {
	return probe.Spec{
		ID: "url-password", About: "passwords in URLs: scheme://user:password@host",
		Kinds: []string{ConnectionString, Password, Token}, Anchors: []string{"://", `:\/\/`},
		Text: true, Before: 1024, After: maxUserInfo + 128,
	}
}

// Glance implements [probe.Glancer]: most URLs have no "@" among the characters that
// [userInfo] looks at.
func (urls) Glance(data []byte, pos int, wide bool) bool {
	width := 1
	if wide {
		width = 2
	}
	i := pos + len("://")*width
	if k := pos + width; k < len(data) && data[k] == '\\' {
		i = pos + len(`:\/\/`)*width
	}
	end := min(len(data), i+maxUserInfo*width)
	for ; i+width <= end; i += width {
		c := data[i]
		switch {
		case wide && data[i+1] != 0, c >= 0x80:
		case c == '@':
			return true
		case c <= ' ', c == '"', c == '<', c == '>', c == '`', c == '\\', c == 0x7f:
			return false
		}
	}
	return false
}

// Detect implements [probe.Detector].
func (urls) Detect(v probe.View, emit func(probe.Match)) {
	t, at := textOf(v)
	i := at + len("://")
	if t.At(at+1) == '\\' {
		i = at + len(`:\/\/`)
	}
	start := at
	for at-start < maxScheme && (isAlnum(t.At(start-1)) || t.At(start-1) == '+' || t.At(start-1) == '-' || t.At(start-1) == '.') {
		start--
	}
	if start == at || !isLetter(t.At(at-1)) && !isDigit(t.At(at-1)) {
		return
	}
	store := storeScheme(t.Text, span{start, at})
	user, password, end := userInfo(t, i, store)
	// A user's name is no token because the password beside it is gone.
	if end < 0 || !hostAt(t.Text, end+1) || password.len() > 0 && redacted(t.Text, password) {
		return
	}
	f := found{kind: Password, whole: span{start, end}, secret: password, confidence: probe.Possible}
	if store {
		f.kind = ConnectionString
	}
	g := gradeOf(t.Text, password, false)
	if gradeOf(t.Text, user, false) == random && user.len() >= minUserToken && g < chosen {
		f.kind, f.secret, g = Token, user, random // https://token@host, https://token:x-oauth-basic@host
	}
	switch {
	case g == nothing && (!store || !loose(t.Text, password)):
		return
	case g >= numbered:
		f.confidence = probe.Likely
	}
	f.unescaped(t).emitTo(t, emit)
}

// minUserToken is the shortest token that stands in place of a user's name.
const minUserToken = 20

// loose reports whether a value that grades as nothing may yet be a password:
// numbers of one sort and very short words are chosen by people.
func loose(t probe.Text, s span) bool {
	if s.len() < 3 {
		return false
	}
	for i := s.start; i < s.end; i++ {
		if !isAlnum(t.At(i)) {
			return false
		}
	}
	var buf [gradeLen]byte
	return !vacant(t.Append(buf[:0], s.start, min(s.end, s.start+gradeLen)))
}

// userInfo returns user and password of the authority at i, and where the "@" is,
// -1 when there is none. Passwords that were not percent-encoded, as programs accept
// them, hold the characters that end an authority; so the "@" that counts is the
// last one in front of a host before the path begins.
func userInfo(t text, i int, store bool) (user, password span, end int) {
	colon, best := -1, -1
scan:
	for j := i; j-i < maxUserInfo; {
		c := t.At(j)
		switch {
		case c == '@':
			if best < 0 || hostAt(t.Text, j+1) && t.At(j+1) != '/' {
				best = j
			}
		case c == ':' && colon < 0:
			colon = j
		case c == '/' || c == '?' || c == '#':
			if best >= 0 && t.At(best+1) != '/' || colon < 0 || onlyDigits(t.Text, colon+1, j) || c == '/' && !store {
				break scan
			}
		case c == '"' || c == ' ' || c == '<' || c == '>' || c == '`' || c == '\\' || c == '\t':
			break scan
		case c == '\'' && best < 0 && !store:
			break scan
		}
		n := t.printable(j)
		if n == 0 {
			break
		}
		j += n
	}
	switch {
	case best < 0:
		return span{}, span{}, -1
	case colon < 0 || colon > best:
		return span{i, best}, span{best, best}, best
	}
	return span{i, colon}, span{colon + 1, best}, best
}

func onlyDigits(t probe.Text, i, j int) bool { return run(t, i, j-i, isDigit) == j }

// hostAt reports whether a host can begin at i: a name, an address, or a bracket.
// A socket's URL has a slash.
func hostAt(t probe.Text, i int) bool {
	c := t.At(i)
	return isAlnum(c) || c == '[' || c == '/' || c == '_' || c == '('
}

// stores are the beginnings of the schemes that are used for connections of
// programs, where passwords are the rule and not a courtesy of documentation.
var stores = [...]string{
	"postgres", "mysql", "mariadb", "mongodb", "redis", "valkey", "amqp", "mssql", "sqlserver", "oracle", "kafka", "nats", "ldap", "smtp",
	"cockroach", "clickhouse", "cassandra", "couchdb", "neo4j", "bolt", "mqtt", "pulsar", "memcache", "db2", "snowflake", "tcp", "pyamqp",
}

// storeScheme reports whether s holds the scheme of a database, a queue or the
// like. Letters of other text may be glued to it.
func storeScheme(t probe.Text, s span) bool {
	for i := s.start; i < s.end; i++ {
		for _, p := range stores {
			if lower(t.At(i)) == p[0] && i+len(p) <= s.end && hasFold(t, i, p) {
				return true
			}
		}
	}
	return false
}
