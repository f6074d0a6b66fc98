package context

import "github.com/dumpscrub/dumpscrub/detect/probe"

// named is the detector of values that a name beside them makes secret.
type named struct{}

// NewNamed returns the detector of values that a name beside them makes secret.
func NewNamed() probe.Detector { return named{} }

// Spec implements [probe.Detector]. The short words stand with what divides them
// from a value, for alone they are everywhere.
func (named) Spec() probe.Spec {
	return probe.Spec{
		ID:    "named-secret",
		About: "values of names such as password, api_key or client_secret: environment, options, JSON, YAML, XML, forms, headers, connection strings",
		Kinds: []string{Password, Secret, Token, APIKey, EnvSecret, ConnectionString},
		Anchors: []string{
			"password", "passwd", "passphrase", "pass=", "pass:", "pass\"", "pass'", "pass\x00", "pass_", "psk=", "psk\"", "code_verifier", "_pass", "requirepass", "masterauth",
			"bind_pw", "bindpw", "db_pw", "user_pw", "pwd=", "pwd:", "pwd\"", "pwd'", "_pwd", "secret", "token", "credential", "creds",
			"key=", "key:", "key\"", "key'", "key\\", "key_", "key-", "key\x00", "key>", "_key ", "-key ", "apikey ", "key =", "key :", "key is",
			"auth=", "auth:", "auth\"", "auth'", "auth_", "pass =", "pass :", "pwd =", "pwd :", "auth =",
		},
		Text: true, Fold: true,
		Before: 256, After: maxValue + 2*maxName + 256,
	}
}

// Detect implements [probe.Detector].
func (named) Detect(v probe.View, emit func(probe.Match)) {
	t, at := textOf(v)
	n := identAt(t.Text, at)
	n, val := neighbour(t, n)
	if n.role == noRole || resource(t.Text, n) {
		return
	}
	if val.syntax == noSyntax {
		val = valueOf(t, n)
	}
	if val.syntax == noSyntax || val.len() < minSecret || assembly(t.Text, val.span) {
		return
	}
	if val.syntax == encoded {
		ldif(t, n, val.span, emit)
		return
	}
	bare := val.syntax != quoted && val.syntax != element && val.syntax != listed && val.syntax != scalar
	said, _ := t.extent(val.span) // what is stale behind it must not make it look like more
	g := gradeOf(t.Text, said, bare && val.syntax != environment && val.syntax != settings && val.syntax != form && val.syntax != keyword)
	if g == nothing {
		return
	}
	c, ok := weigh(t.Text, n, val, g)
	if !ok {
		return
	}
	f := found{kind: kindOf(n, val), confidence: c, whole: span{n.start, val.end}, secret: val.span}
	switch val.syntax {
	case form:
		f = f.unescaped(t)
	case header, quoted: // as Kubernetes has it, in objects and in pieces of them
		f = f.decoded(t)
	}
	f.emitTo(t, emit)
	if val.syntax == scalar {
		moreLines(t, val.span, func(s span) {
			f.whole.end, f.secret = s.end, s
			f.emitTo(t, emit)
		})
	}
}

// resource reports whether n is the type of a resource of AWS, behind which its name
// stands: arn:partition:service:region:account:type:name.
func resource(t probe.Text, n ident) bool {
	const most = 96
	if t.At(n.start-1) != ':' || t.At(n.end) != ':' {
		return false
	}
	for k := n.start - 1; n.start-k < most && isGraph(t.At(k)) && !isQuote(t.At(k)); k-- {
		if t.Has(k, "arn:") {
			return true
		}
	}
	return false
}

// assembly reports whether s names an assembly of .NET by the digest of the public key that follows, as
// Mono's machine.config has them.
func assembly(t probe.Text, s span) bool {
	return s.len() == 16 && t.Has(s.end, `" PublicKey="`)
}

// ldif judges the base64 s that is the value of the attribute n.
func ldif(t text, n ident, s span, emit func(probe.Match)) {
	digits := run(t.Text, s.start, s.len(), isBase64)
	if n.role != passwordRole || padded(t.Text, digits) != s.end {
		return
	}
	p := decode(t.Append(make([]byte, 0, s.len()), s.start, digits))
	if len(p) < minSecret || readable(p) < len(p) {
		clear(p)
		return
	}
	found{
		kind: Password, confidence: probe.Likely, whole: span{n.start, s.end}, secret: s, encoding: probe.Base64, identity: p,
	}.emitTo(t, emit)
}

// kindOf names what the value is.
func kindOf(n ident, v value) string {
	switch {
	case v.syntax == environment && n.shout:
		return EnvSecret
	case v.syntax == settings:
		return ConnectionString
	}
	switch n.role {
	case passwordRole:
		return Password
	case secretRole:
		return Secret
	case tokenRole:
		return Token
	}
	return APIKey
}

// minToken is the fewest characters of a key or a token that a generator made.
const minToken = 16

// minSpoken is the fewest characters of a value that nothing but a blank or a verb ties to
// its name.
const minSpoken = 20

// weigh says how sure it is that the value v of grade g is secret under the name n,
// and whether it is worth telling.
func weigh(t probe.Text, n ident, v value, g grade) (probe.Confidence, bool) {
	switch v.syntax {
	case environment:
		if n.shout && ended(t, v.end) {
			return shouted(n, g)
		}
	case listed:
		// Neighbours in a list are names far more often than name and value.
		return probe.Likely, n.role > weakRole && (g == random || g == chosen && n.role == passwordRole && defined(t, n))
	}
	switch {
	case n.role == weakRole && g == random && v.syntax != spoken && (branded(t, n, v.span) || v.syntax == form && v.len() >= minToken && queried(t, n)):
		return probe.Likely, true
	case n.role == weakRole && !(g == random && called(t, n)):
		return probe.Possible, g == random && v.syntax != spoken
	case v.syntax == spoken:
		return probe.Likely, g == random && v.len() >= minSpoken
	case g == chosen && n.shout && v.syntax == quoted && hasFold(t, n.start-len("export "), "export "):
		return probe.Likely, true
	case n.shout && v.syntax == header && n.len() == len("PASS"):
		return probe.Possible, false // a line of a test's log
	case g == numbered && n.role == passwordRole && v.syntax != assigned:
		return probe.Likely, true
	case g == random && n.role < secretRole && v.len() < minToken:
		return probe.Possible, true
	case g == random:
		return probe.Likely, true
	case g == chosen && n.role >= secretRole:
		return probe.Likely, true
	case g == chosen:
		return probe.Possible, true
	}
	return probe.Possible, n.role >= secretRole
}

// defined reports whether n is the first argument of a call that defines a constant, as
// the configurations of programs in PHP have it.
func defined(t probe.Text, n ident) bool {
	i := n.start - 1
	for i > n.start-4 && (isQuote(t.At(i)) || isBlank(t.At(i))) {
		i--
	}
	return n.shout && t.At(i) == '(' && hasFold(t, i-len("define"), "define")
}

// shouted weighs an environment variable.
func shouted(n ident, g grade) (probe.Confidence, bool) {
	switch {
	case n.role == passwordRole, g == random:
		return probe.Likely, true
	case g == chosen && n.role > weakRole:
		return probe.Likely, true
	}
	return probe.Possible, n.role > weakRole
}

// ended reports whether a string or a line ends at i, or all text does: behind what was
// decoded lies nothing, or bytes that are no characters.
func ended(t probe.Text, i int) bool {
	c := t.At(i)
	return c == 0 || c == '\n' || c == '\r' || c == probe.NotASCII
}
