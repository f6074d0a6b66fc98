package context

import (
	"bytes"
	"encoding/hex"
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// cryptoCalls is the detector of keys and pass phrases in calls of SQL's functions: those of PostgreSQL's pgcrypto
// (its documentation, F.26), AES_ENCRYPT and AES_DECRYPT of MySQL. Servers keep the statement, its tree and their messages.
type cryptoCalls struct{}

// NewCryptoCall returns the detector of literal keys in calls of SQL's functions that encrypt.
func NewCryptoCall() probe.Detector { return cryptoCalls{} }

// maxCall is how many characters the arguments before a key have at most, and the key.
const maxCall = 4 << 10

// Spec implements [probe.Detector].
func (cryptoCalls) Spec() probe.Spec {
	return probe.Spec{
		ID: "sql-crypto-key", About: "keys and pass phrases in calls of SQL's functions that encrypt",
		Kinds:   []string{Password, privkey.Symmetric},
		Anchors: []string{"encrypt(", "decrypt(", "encrypt_bytea(", "decrypt_bytea(", "encrypt_iv(", "decrypt_iv(", "hmac("},
		Text:    true, Fold: true, Before: 32, After: 2 * maxCall,
	}
}

// Detect implements [probe.Detector].
func (cryptoCalls) Detect(v probe.View, emit func(probe.Match)) {
	t, at := textOf(v)
	open := at
	for t.At(open) != '(' {
		open++
	}
	start := at
	for at-start < 24 && isName(t.At(start-1)) {
		start--
	}
	name := strings.ToLower(string(t.Append(nil, start, open)))
	name = name[strings.LastIndexByte(name, '.')+1:] // without its schema
	index, named := 1, false
	switch strings.TrimSuffix(name, "_bytea") {
	case "pgp_sym_encrypt", "pgp_sym_decrypt", "aes_encrypt", "aes_decrypt":
	case "pgp_pub_decrypt":
		index = 2
	case "encrypt", "decrypt", "encrypt_iv", "decrypt_iv", "hmac":
		named = true // other languages have functions of these names: the algorithm stands last
	default:
		return
	}
	args := argumentsOf(t, open+1)
	if len(args) <= index || named && !algorithm(t, args[len(args)-1]) {
		return
	}
	call{t, start, emit}.key(args[index])
}

// argumentsOf returns where the arguments of a call stand that begin at i, of one that ends.
func argumentsOf(t text, i int) (out []span) {
	depth, from := 0, i
	for k := i; k-i < maxCall+maxStatement; k++ {
		switch c := t.At(k); {
		case c == '\'':
			end := k + 1
			for end-i < 2*maxCall && t.At(end) != '\'' && t.At(end) != 0 && t.At(end) != probe.NotASCII {
				end++
			}
			if t.At(end) != '\'' {
				return nil
			}
			k = end
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case depth == 0 && (c == ',' || c == ')'):
			out = append(out, trimmed(t, span{from, k}))
			if from = k + 1; c == ')' {
				return out
			}
		case !isPrint(c) && !isSpace(c):
			return nil
		}
	}
	return nil
}

func trimmed(t text, s span) span {
	for s.start < s.end && isSpace(t.At(s.start)) {
		s.start++
	}
	for s.start < s.end && isSpace(t.At(s.end-1)) {
		s.end--
	}
	return s
}

// algorithm reports whether s is the name of a cipher or a hash of pgcrypto.
func algorithm(t text, s span) bool {
	if t.At(s.start) != '\'' {
		return false
	}
	for _, a := range [...]string{"aes", "bf", "blowfish", "3des", "des3", "des", "cast5", "md5", "sha1", "sha2", "sha3", "sha5"} {
		if hasFold(t.Text, s.start+1, a) {
			return true
		}
	}
	return false
}

// call is one whose name begins at start.
type call struct {
	text
	start int
	emit  func(probe.Match)
}

// key emits the literal in the argument s.
func (c call) key(s span) {
	i, encoding := s.start, ""
	switch {
	case hasFold(c.Text, i, "decode("):
		i = blanks(c.Text, i+len("decode("), 4)
	case hasFold(c.Text, i, "unhex("):
		i, encoding = blanks(c.Text, i+len("unhex("), 4), probe.Hex
	case hasFold(c.Text, i, "x'"):
		i, encoding = i+1, probe.Hex
	case c.Has(i, `'\x`), hasFold(c.Text, i, `e'\\x`):
		encoding = probe.Hex
	}
	if hasFold(c.Text, i, "e'") {
		i++
	}
	if c.At(i) != '\'' {
		return
	}
	literal := span{i + 1, i + 1}
	for literal.end < s.end && c.At(literal.end) != '\'' {
		literal.end++
	}
	if i > s.start && encoding == "" {
		// The encoding is the second argument of decode.
		k := blanks(c.Text, literal.end+1, 4)
		if c.At(k) != ',' {
			return
		}
		switch k = blanks(c.Text, k+1, 4); {
		case hasFold(c.Text, k, "'hex'"):
			encoding = probe.Hex
		case hasFold(c.Text, k, "'base64'"):
			encoding = probe.Base64
		default:
			encoding = ""
		}
	}
	if encoding == "" {
		c.phrase(literal)
		return
	}
	for c.At(literal.start) == '\\' || c.At(literal.start) == 'x' && c.At(literal.start-1) == '\\' {
		literal.start++
	}
	c.octets(literal, encoding)
}

// phrase emits a key that is text.
func (c call) phrase(s span) {
	statement{c.text, c.start, c.emit}.judge(Password, s, chosen)
}

// octets emits a key in digits. As long as keys are and random it is one, for the call says so.
func (c call) octets(s span, encoding string) {
	digits := c.Append(make([]byte, 0, s.len()), s.start, s.end)
	defer clear(digits)
	var key []byte
	if encoding == probe.Hex {
		var err error
		if key, err = hex.DecodeString(string(digits)); err != nil {
			return
		}
	} else {
		key = decode(bytes.TrimRight(digits, "="))
	}
	if len(key) < 16 || len(key) > 128 || privkey.Redacted(key) || privkey.Junk(key) || redacted(c.Text, s) {
		return
	}
	r := c.Range(s.start, s.end)
	c.emit(probe.Match{
		Kind: privkey.Symmetric, Encoding: c.Encoding(encoding), Confidence: probe.Confirmed, Text: true,
		Range: c.Range(c.start, s.end), Redact: []probe.Range{r}, Identity: key, Values: [][]byte{key},
	})
}
