package validate

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"unicode/utf8"
)

// Macaroon verifies PyPI's tokens: behind the prefix, base64 of a macaroon in
// its second binary format. Sections of fields (type, length, value) each end in
// a zero byte, an empty one ends the caveats, then comes the signature.
func Macaroon(token []byte) Verdict {
	_, body, ok := bytes.Cut(token, []byte("-"))
	if !ok {
		return Undetermined
	}
	p, ok := unbase64(body)
	if !ok {
		return Invalid
	}
	defer clear(p)
	return verdict(macaroon(p))
}

// Field types of the macaroon format.
const (
	fieldEnd       = 0
	fieldLocation  = 1
	fieldSignature = 6
)

func macaroon(p []byte) bool {
	if len(p) < 2 || p[0] != 2 || p[1] != fieldLocation {
		return false
	}
	p = p[1:]
	for section := 0; len(p) > 0; section++ {
		if p[0] == fieldEnd { // an empty section: the signature is next
			p = p[1:]
			return section > 0 && len(p) == 34 && p[0] == fieldSignature && p[1] == 32
		}
		for len(p) > 0 && p[0] != fieldEnd {
			n, used := binary.Uvarint(p[1:])
			if used <= 0 || n > uint64(len(p)-1-used) {
				return false
			}
			p = p[1+used+int(n):]
		}
		if len(p) == 0 {
			return false
		}
		p = p[1:]
	}
	return false
}

// Sentry verifies organisation tokens: sntrys_, base64 of a JSON object with the
// member iat, an underscore and the signature.
func Sentry(token []byte) Verdict {
	_, rest, ok := bytes.Cut(token, []byte("_"))
	i := bytes.LastIndexByte(rest, '_')
	if !ok || i < 0 {
		return Undetermined
	}
	m, ok := object(rest[:i])
	return verdict(ok && m["iat"] != nil)
}

// JWT verifies that the header of a token in compact form is a JSON object that
// names an algorithm. It says nothing of the signature.
func JWT(token []byte) Verdict {
	i := bytes.Index(token, []byte("eyJ"))
	if i < 0 {
		return Undetermined
	}
	head, _, ok := bytes.Cut(token[i:], []byte("."))
	if !ok {
		return Undetermined
	}
	m, ok := object(head)
	return verdict(ok && m["alg"] != nil)
}

// JSONBase64 verifies tokens of which the part behind the prefix, if it has one,
// is base64 of a JSON object.
func JSONBase64(token []byte) Verdict {
	i := bytes.Index(token, []byte("eyJ"))
	if i < 0 {
		return Undetermined
	}
	_, ok := object(token[i:])
	return verdict(ok)
}

// object decodes base64 of a JSON object and returns its members.
func object(s []byte) (map[string]json.RawMessage, bool) {
	p, ok := unbase64(s)
	if !ok {
		return nil, false
	}
	var m map[string]json.RawMessage
	if err := json.Unmarshal(p, &m); err != nil {
		return nil, false
	}
	return m, true
}

// Basic verifies the credentials of HTTP's basic authentication: base64 of text
// with a colon in it (RFC 7617).
func Basic(token []byte) Verdict {
	p, err := base64.StdEncoding.AppendDecode(nil, token)
	if err != nil {
		if p, err = base64.RawStdEncoding.AppendDecode(nil, token); err != nil {
			return Invalid
		}
	}
	defer clear(p)
	if bytes.IndexByte(p, ':') < 0 || !utf8.Valid(p) {
		return Invalid
	}
	for _, c := range p {
		if c < 0x20 || c == 0x7f {
			return Invalid
		}
	}
	return Valid
}
