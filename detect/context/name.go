package context

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// role is what a name says of its value.
type role uint8

const (
	noRole    role = iota
	weakRole       // a name in which a secret's word stands for something else, perhaps
	keyRole        // a key, unless it is that of a map
	tokenRole      // a token, unless it is one of a parser
	secretRole
	passwordRole
)

// maxName is how many characters of a name are looked at on either side of an anchor.
const maxName = 64

// ident is the name of a value.
type ident struct {
	span
	role  role
	shout bool // without lower-case letters: the name of an environment variable
}

// isName reports whether c may stand in a name.
func isName(c byte) bool { return isAlnum(c) || c == '_' || c == '-' || c == '.' }

// identAt returns the name around the anchor at character i.
func identAt(t probe.Text, i int) ident {
	start, end := i, i
	for i-start < maxName && isName(t.At(start-1)) {
		start--
	}
	for end-i < maxName && isName(t.At(end)) {
		end++
	}
	// The n of an escaped line end is no letter of the name that follows.
	if c := t.At(start); t.At(start-1) == '\\' && start < i && (c == 'n' || c == 'r' || c == 't') {
		start++
	}
	for start < i && (t.At(start) == '-' || t.At(start) == '.') {
		start++
	}
	id := ident{span: span{start, end}}
	if id.len() < 3 || id.len() > maxName {
		return id
	}
	var buf [maxName]byte
	p := t.Append(buf[:0], start, end)
	id.shout = true
	for _, c := range p {
		id.shout = id.shout && !isLower(c)
	}
	id.role = roleOf(p)
	return id
}

// roleOf returns what the name p, which it turns into lower case, says.
func roleOf(p []byte) role {
	var ends [maxName]bool // a word ends before this character
	for i := 1; i < len(p); i++ {
		a, b := p[i-1], p[i]
		camel := isUpper(b) && !isUpper(a) || isUpper(a) && isUpper(b) && i+1 < len(p) && isLower(p[i+1])
		ends[i] = camel || !isAlnum(a) || !isAlnum(b)
	}
	for i := range p {
		p[i] = lower(p[i])
	}
	if bytes.Contains(p, []byte("publickeytoken")) {
		return noRole // of an assembly of .NET
	}
	best, last := noRole, 0
	before, start := "", 0
	for i := 1; i <= len(p); i++ {
		if i < len(p) && !ends[i] {
			continue
		}
		w := p[start:i]
		start = i
		if !isAlnum(w[0]) {
			continue
		}
		r := wordRole(numberless(w), before)
		if string(w) == "id" && i > len("secret_id")-1 && string(p[i-len("secret_id"):i]) == "secret_id" {
			r = tokenRole // of Vault's AppRole
		}
		switch {
		case r == about:
			if best == noRole {
				before = ""
				continue
			}
			best = noRole // the name of something about a secret
		case r == unknown:
			last++
		case r != noRole:
			best, last = max(best, role(r)), 0
		}
		before = kindOfWord(w)
	}
	if last > 0 && best > weakRole {
		return weakRole
	}
	return best
}

// numberless returns w without the number of one or two digits at the end of a longer word: a
// second password is one too.
func numberless(w []byte) []byte {
	if n := len(w); n > len("token") && isDigit(w[n-1]) {
		w = w[:n-1]
		if isDigit(w[n-2]) {
			w = w[:n-2]
		}
	}
	return w
}

const (
	about   = role(100) // the word says that the name is not of the secret itself
	unknown = role(101)
)

// wordRole returns what the word w says in a name, after the word before.
func wordRole(w []byte, before string) role {
	switch string(w) {
	case "password", "passwd", "passphrase", "pwd", "pw", "bindpw", "pass", "passcode", "requirepass", "masterauth", "userpassword", "psk",
		"storepass", "keypass", "sshpass", "dbpass", "adminpass", "rootpass", "userpass", "srcstorepass", "srckeypass",
		"deststorepass", "destkeypass":
		return passwordRole
	case "secret", "credential", "credentials", "creds", "secretkey", "clientsecret", "appsecret":
		return secretRole
	case "token", "authtoken", "accesstoken", "refreshtoken", "apitoken", "idtoken", "jwt", "bearer":
		if before == "open" {
			return noRole
		}
		return tokenRole
	case "apikey", "accesskey", "accountkey", "sharedkey", "privatekey", "masterkey", "authkey", "appkey",
		"signingkey", "encryptionkey", "subscriptionkey", "sharedaccesskey", "auth":
		return keyRole
	case "key":
		if before == "key" {
			return keyRole
		}
		if before == "open" {
			return noRole
		}
		return weakRole
	case "verifier":
		if before == "code" { // RFC 7636
			return tokenRole
		}
		return about
	case "id", "ids", "name", "names", "file", "files", "path", "dir", "url", "uri", "type", "types", "length", "len",
		"size", "count", "expires", "expiry", "expiration", "ttl", "timeout", "field", "fields", "label", "prompt",
		"hint", "policy", "version", "alg", "algorithm", "algo", "endpoint", "host", "port", "user", "username",
		"format", "arn", "store", "ring", "board", "map", "manager", "provider", "service", "helper", "class",
		"method", "methods", "mode", "env", "ref", "required", "enabled", "disabled", "changed", "reset", "strength",
		"min", "max", "limit", "usage", "ops", "error", "errors", "info", "list", "index", "sock", "socket", "agent",
		"encoder", "encryption", "authority", "plugin", "module", "usages", "handler", "callback", "only", "message",
		"title", "text", "placeholder", "column", "table", "regex", "pattern", "charset", "parser", "iterations",
		"digest", "fingerprint", "at", "in", "by", "exchange", "curve", "bits":
		return about
	case "base", "value", "data", "hash", "prod", "dev", "test", "staging", "old", "new", "current", "previous",
		"primary", "secondary", "string", "plain", "b64", "base64", "raw", "default", "live", "a", "b",
		"confirmation", "confirm", "again", "repeat":
		return noRole
	}
	switch {
	case ends(w, "password") || ends(w, "passwd") || ends(w, "pwd") || ends(w, "passphrase") || ends(w, "requirepass") || ends(w, "masterauth"):
		return passwordRole
	case ends(w, "secret") || ends(w, "secretkey"):
		return secretRole
	case ends(w, "token"):
		return tokenRole
	case ends(w, "apikey") || ends(w, "accesskey") || ends(w, "accountkey"):
		return keyRole
	case isDigit(w[0]):
		return noRole
	}
	return unknown
}

// kindOfWord returns "key" for words after which a key is a secret one, "open" for those
// after which a key or token is none, and "code" for that which proves a code's owner.
func kindOfWord(w []byte) string {
	switch string(w) {
	case "api", "secret", "access", "account", "shared", "private", "master", "auth", "app", "application", "signing",
		"encryption", "subscription", "session", "license", "client", "service", "hmac", "admin", "write", "deploy",
		"server", "encrypt", "crypt", "sign", "signature", "cookie", "jwt", "storage", "function", "functions", "host",
		"token", "integration", "project", "rest", "webhook", "x":
		return "key"
	case "public", "foreign", "partition", "sort", "cache", "next", "page", "continuation", "pub", "hot", "row", "primary",
		"registry", "pkey", "composite", "unique", "lookup", "object", "dict", "map", "sync", "start", "end":
		return "open"
	case "code":
		return "code"
	}
	if ends(w, "api") {
		return "key"
	}
	return ""
}

func ends(w []byte, s string) bool { return len(w) > len(s) && string(w[len(w)-len(s):]) == s }
