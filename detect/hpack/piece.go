package hpack

import (
	"slices"
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// pieces is the detector of secrets in header fields without their frame.
type pieces struct {
	*core
	anchors []string
}

// credentialNames are the beginnings of the names of headers that hold credentials.
var credentialNames = [...]string{
	"authorization", "proxy-authorization", "cookie", "set-cookie", "api-key", "apikey", "api-token", "private-token", "access-token",
	"auth-token", "id-token", "refresh-token", "token", "ocp-apim-subscription-key", "dd-api", "dd-application-key", "xi-api", "cf-access",
	"x-api", "x-auth", "x-access", "x-amz-security", "x-vault", "x-csrf", "x-xsrf", "x-goog-api", "x-goog-iam", "x-functions-key",
	"x-gitlab", "x-shopify-access", "x-session", "x-token", "x-secret", "x-user-token", "x-client-secret", "x-rapidapi-key",
	"x-mashape-key", "x-figma", "x-forwarded-access", "x-amzn-oidc", "x-id-token", "x-refresh-token", "x-service-token", "x-app",
	"x-ms-token", "x-plex", "x-n8n", "x-admin", "x-jwt", "x-key", "x-internal", "x-hasura", "x-subscription", "x-master", "x-parse",
}

// schemes are the beginnings of credentials (RFC 9110, section 11.4).
var schemes = [...]string{
	"Bearer ", "bearer ", "Basic ", "Digest username=", "AWS4-HMAC-SHA256 ", "Token ", "token ", "ApiKey ", "Negotiate ", "SharedAccessSignature ",
	"GoogleLogin auth=", "Splunk ", "Bot ",
}

// sessionNames are pieces of the names of cookies that log somebody in.
var sessionNames = [...]string{"session", "SESSION", "Session", "SESSID", "token=", "TOKEN=", "_token", "sess=", "auth=", "remember", "connect.sid", "__Host-", "__Secure-", "identity", "ticket"}

// queryNames are pieces of the names of credentials in URLs.
var queryNames = [...]string{
	"secret=", "api_key=", "apikey=", "password=", "passwd=", "access_key", "signature=", "Signature=", "api-key=", "auth_key", "client_secret", "id_token_hint",
}

// newPieces returns the detector with its anchors: names and schemes at the beginning
// of a string, names of cookies at any bit.
func newPieces(c *core) pieces {
	d := pieces{core: c}
	add := func(s string, shift int) {
		if p := Octets(nil, []byte(s), shift); len(p) >= 3 {
			d.anchors = append(d.anchors, string(p))
		}
	}
	for _, s := range slices.Concat(credentialNames[:], schemes[:]) {
		add(s, 0)
	}
	for _, s := range slices.Concat(sessionNames[:], queryNames[:]) {
		for shift := range 8 {
			add(s, shift)
		}
	}
	slices.Sort(d.anchors)
	d.anchors = slices.Compact(d.anchors)
	return d
}

// maxLead is how many octets before an anchor its field begins at most: a cookie may
// stand behind others.
const maxLead = 512

// Spec implements [probe.Detector].
func (d pieces) Spec() probe.Spec {
	return probe.Spec{
		ID: "http2-field", About: "credentials, cookies and keys in header fields of HTTP/2 in Huffman's code, also without their frame", Kinds: d.kinds,
		Anchors: d.anchors, Before: maxLead, After: maxPiece,
	}
}

// maxPiece is how far behind an anchor its field ends at most, in octets.
const maxPiece = 8 << 10

// Detect implements [probe.Detector].
func (d pieces) Detect(v probe.View, emit func(probe.Match)) {
	// A name begins at the anchor, or a value does: the octets that count it are before.
	for i := v.At - 2; i >= max(0, v.At-maxName-8); i-- {
		f, ok := readField(v.Data, i)
		switch {
		case !ok:
		case f.index == 0 && f.name.huffman && f.name.start == v.At:
			d.judge(v, f, nil, emit)
			return
		case f.value.huffman && f.value.start == v.At:
			if d.value(v, f, emit) {
				return
			}
		}
	}
	for i := v.At - 2; i >= max(0, v.At-maxLead); i-- {
		if f, ok := readField(v.Data, i); ok && f.value.huffman && f.value.start <= v.At && f.value.end > v.At {
			switch {
			case f.cookie(v.Data):
				d.judge(v, f, text.cookies, emit)
			case f.target(v.Data):
				d.judge(v, f, text.query, emit)
			}
		}
	}
}

// value judges the value of f, which begins with the anchor, and reports whether f has the
// name of credentials: what counts a value may be read as an index as well.
func (d pieces) value(v probe.View, f field, emit func(probe.Match)) bool {
	name, ok := f.nameOf(v.Data)
	if !ok {
		return false
	}
	known := name == "authorization" || name == "proxy-authorization" || f.index == 0 || f.cookie(v.Data)
	d.judge(v, f, func(t text) bool {
		for _, s := range schemes {
			if strings.HasPrefix(string(t.chars[:min(len(t.chars), len(s))]), s) {
				return known || strings.EqualFold(s, "Bearer ")
			}
		}
		return f.cookie(v.Data) && t.cookies()
	}, emit)
	return known
}

// cookie reports whether f is a cookie by an index of the static table or by a name in plain text.
func (f field) cookie(p []byte) bool {
	name, ok := f.nameOf(p)
	return ok && (name == "cookie" || name == "set-cookie")
}

// target reports whether f is a path or another reference.
func (f field) target(p []byte) bool {
	name, ok := f.nameOf(p)
	return ok && (name == ":path" || name == "referer" || name == "location")
}

// New returns the detectors of what those of text among inner find in header fields.
func New(inner []probe.Detector) ([]probe.Detector, error) {
	var texts []probe.Detector
	for _, d := range inner {
		if d.Spec().Text {
			texts = append(texts, d)
		}
	}
	s, err := search.New(texts)
	if err != nil {
		return nil, err
	}
	c := &core{inner: s, kinds: s.Kinds()}
	return []probe.Detector{frames{c}, newPieces(c)}, nil
}
