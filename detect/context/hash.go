package context

import (
	"github.com/dumpscrub/dumpscrub/detect/manual"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// hashes is the detector of password hashes: those of crypt(5), of the PHC string
// format, and of the frameworks and databases that have their own. The identifier
// and the cost stay, salt and digest go.
type hashes struct{}

const maxHash = 640

// scheme is a form of hash: a prefix, parameters up to their "$", and then fields
// of base 64 or hexadecimal digits.
type scheme struct {
	prefix string
	params int // parameters that end with a "$" each, or with a colon
	fields []field
	colons bool // colons end the parameters, and divide fields too
	dots   bool // dots do
	whole  bool // stands alone, of hexadecimal digits
}

// field is the fewest and the most characters of a salt or digest.
type field struct{ min, max int }

// schemes are from crypt(5), the manual of htpasswd, the PHC string format, and the
// documentation of passlib, phpass, Django, Werkzeug, PostgreSQL and OpenLDAP.
var schemes = [...]scheme{
	{prefix: "$1$", fields: []field{{1, 8}, {22, 22}}},
	{prefix: "$apr1$", fields: []field{{1, 8}, {22, 22}}},
	{prefix: "$5$", fields: []field{{1, 16}, {43, 43}}},
	{prefix: "$5$rounds=", params: 1, fields: []field{{1, 16}, {43, 43}}},
	{prefix: "$6$", fields: []field{{1, 16}, {86, 86}}},
	{prefix: "$6$rounds=", params: 1, fields: []field{{1, 16}, {86, 86}}},
	{prefix: "$2a$", params: 1, fields: []field{{53, 53}}},
	{prefix: "$2b$", params: 1, fields: []field{{53, 53}}},
	{prefix: "$2x$", params: 1, fields: []field{{53, 53}}},
	{prefix: "$2y$", params: 1, fields: []field{{53, 53}}},
	{prefix: "$y$", params: 1, fields: []field{{1, 86}, {43, 43}}},
	{prefix: "$gy$", params: 1, fields: []field{{1, 86}, {43, 43}}},
	{prefix: "$7$", fields: []field{{12, 100}, {43, 43}}},
	{prefix: "$P$", fields: []field{{31, 31}}},
	{prefix: "$H$", fields: []field{{31, 31}}},
	{prefix: "$argon2id$", params: 2, fields: []field{{11, 128}, {16, 256}}},
	{prefix: "$argon2i$", params: 2, fields: []field{{11, 128}, {16, 256}}},
	{prefix: "$argon2d$", params: 2, fields: []field{{11, 128}, {16, 256}}},
	{prefix: "$scrypt$", params: 1, fields: []field{{11, 128}, {16, 256}}},
	{prefix: "$pbkdf2$", params: 1, fields: []field{{8, 128}, {16, 128}}},
	{prefix: "$pbkdf2-sha256$", params: 1, fields: []field{{8, 128}, {43, 44}}},
	{prefix: "$pbkdf2-sha512$", params: 1, fields: []field{{8, 128}, {86, 88}}},
	{prefix: "pbkdf2_sha256$", params: 1, fields: []field{{5, 64}, {43, 44}}},
	{prefix: "pbkdf2_sha1$", params: 1, fields: []field{{5, 64}, {27, 28}}},
	{prefix: "scrypt$", params: 0, fields: []field{{11, 128}, {43, 128}}},
	{prefix: "pbkdf2:sha256:", params: 1, fields: []field{{8, 64}, {64, 64}}},
	{prefix: "pbkdf2:sha512:", params: 1, fields: []field{{8, 64}, {128, 128}}},
	{prefix: "scrypt:", params: 1, fields: []field{{8, 64}, {128, 128}}},
	{prefix: "SCRAM-SHA-256$", params: 1, colons: true, fields: []field{{20, 64}, {43, 44}, {43, 44}}},
	{prefix: "{SSHA}", fields: []field{{32, 64}}},
	{prefix: "{SSHA256}", fields: []field{{52, 88}}},
	{prefix: "{SSHA512}", fields: []field{{94, 136}}},
	{prefix: "{PBKDF2-SHA512}", params: 1, fields: []field{{11, 64}, {43, 128}}},
	{prefix: "{PKCS5S2}", fields: []field{{64, 64}}},
	{prefix: "$S$", fields: []field{{50, 52}}},
	{prefix: "$8$", fields: []field{{14, 14}, {43, 43}}},
	{prefix: "$9$", fields: []field{{14, 14}, {43, 43}}},
	{prefix: "$shiro1$", params: 2, fields: []field{{8, 128}, {43, 88}}},
	{prefix: "grub.pbkdf2.sha512.", params: 1, dots: true, fields: []field{{64, 256}, {128, 128}}},
	{prefix: "aad3b435b51404eeaad3b435b51404ee:", fields: []field{{32, 32}}},
	{prefix: "md5", fields: []field{{32, 32}}, whole: true},
	{prefix: "{CRYPT}$6$", fields: []field{{1, 16}, {86, 86}}},
}

// NewPasswordHash returns the detector of password hashes.
func NewPasswordHash() probe.Detector { return hashes{} }

// Spec implements [probe.Detector].
func (hashes) Spec() probe.Spec {
	anchors := make([]string, 0, len(schemes))
	for _, s := range schemes {
		anchors = append(anchors, s.prefix)
	}
	return probe.Spec{
		ID: "password-hash", About: "password hashes: crypt(5), bcrypt, argon2, scrypt, PBKDF2, SCRAM, phpass, LDAP",
		Kinds: []string{PasswordHash}, Anchors: anchors, Text: true, Before: manual.Before, After: maxHash + manual.After,
	}
}

// Detect implements [probe.Detector].
func (hashes) Detect(v probe.View, emit func(probe.Match)) {
	t, at := textOf(v)
	for k := range schemes {
		s := &schemes[k]
		if t.At(at) != s.prefix[0] || !t.Has(at, s.prefix) {
			continue
		}
		if secret, ok := s.match(t.Text, at+len(s.prefix)); ok {
			whole := span{at, secret.end}
			found{kind: PasswordHash, confidence: sureness(t.Text, whole, secret), whole: whole, secret: secret}.emitTo(t, emit)
		}
	}
}

// sureness says whether a hash is one that documentation prints.
func sureness(t probe.Text, whole, secret span) probe.Confidence {
	// No generator makes such a salt.
	const same = 8
	salt := run(t, secret.start, same, func(c byte) bool { return c == t.At(secret.start) })
	if salt-secret.start == same || manual.Mentioned(t, whole.start, whole.end) ||
		manual.Published(t.Append(nil, whole.start, whole.end)) {
		return probe.Possible
	}
	return probe.Likely
}

// match returns salt and digest of the hash of which the prefix ends at i.
func (s *scheme) match(t probe.Text, i int) (span, bool) {
	if first := i - len(s.prefix); s.whole && (isAlnum(t.At(first-1)) || t.At(first-1) == '_') {
		return span{}, false
	}
	divides := func(c byte) bool { return c == '$' || s.colons && c == ':' || s.dots && c == '.' }
	in := isSalt
	if s.dots || s.whole {
		in = isHex
	}
	for range s.params {
		j := run(t, i, 64, func(c byte) bool {
			return isAlnum(c) || c == '=' || c == ',' || c == '.' && !s.dots || c == '/' || c == '-' || c == ':' && !s.colons
		})
		if j == i || !divides(t.At(j)) {
			return span{}, false
		}
		i = j + 1
	}
	start, last := i, i
	for k, f := range s.fields {
		if k > 0 {
			if !divides(t.At(i)) {
				return span{}, false
			}
			i++
		}
		last = i
		j := padded(t, run(t, i, f.max+1, in))
		if j-i < f.min || j-i > f.max || s.whole && isName(t.At(j)) {
			return span{}, false
		}
		i = j
	}
	return span{start, i}, gradeOf(t, span{last, i}, false) == random
}

// isSalt reports whether c is a digit of any base 64 or of a number in hexadecimal.
func isSalt(c byte) bool {
	return isAlnum(c) || c == '.' || c == '/' || c == '+' || c == '-' || c == '_'
}
