package needle

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"strings"
)

// headLead is how many bytes before a private value tell a DER or SSH structure
// from a bare number: a tag with a length of three bytes, or a 32-bit length.
const headLead = 4

// armourLead is how many public characters before the private ones tell PEM from
// bare base64.
const armourLead = 8

// lineWhole is the least run of PEM text that shows it for what it is: as much as
// a line of the body, with a line break in it or what stands before. Others are
// pieces of base64.
const lineWhole = 64

// value is one private value of a key, as structures hold it.
type value struct {
	part  string
	bytes []byte
}

// framed returns the needles of the values that lie in the encoded key doc.
func framed(key, encoding string, doc []byte, values []value) []Needle {
	var ns []Needle
	for _, v := range values {
		at := bytes.Index(doc, v.bytes)
		if at < 0 {
			continue // an Ed25519 key has no scalar in it
		}
		lead := min(headLead, at)
		ns = append(ns, Needle{
			Key: key, Part: v.part, Encoding: encoding, Class: Structure,
			Data: doc[at-lead : at+len(v.bytes)], Lead: lead,
		})
	}
	return ns
}

// armour returns the needles of the PEM text: as it is, with escaped line breaks
// as in JSON, with CR LF, and each of these as UTF-16LE.
func armour(key, encoding string, text []byte, values []value) ([]Needle, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("key %s: no PEM", key)
	}
	var ns []Needle
	for _, v := range values {
		start := bytes.Index(block.Bytes, v.bytes)
		if start < 0 {
			continue
		}
		from, to := (8*start+5)/6, 8*(start+len(v.bytes))/6
		lead, body := bodyChars(text, from-min(from, armourLead), from), bodyChars(text, from, to)
		for _, form := range []struct{ name, eol string }{{"", "\n"}, {"-escaped", `\n`}, {"-crlf", "\r\n"}} {
			before := strings.ReplaceAll(lead, "\n", form.eol)
			n := Needle{
				Key: key, Part: v.part, Encoding: encoding + form.name, Class: Structure,
				Data: []byte(before + strings.ReplaceAll(body, "\n", form.eol)),
				Lead: len(before), Mark: form.eol, Least: base64Least + len(form.eol),
			}
			n.Whole = min(lineWhole, len(n.Data)-n.Lead)
			ns = append(ns, n, wide(n))
		}
	}
	if len(ns) == 0 {
		return nil, fmt.Errorf("key %s: its values are not in its PEM", key)
	}
	return ns, nil
}

// bodyChars returns the base64 characters [from, to) of the PEM text with the
// line breaks between and before them.
func bodyChars(text []byte, from, to int) string {
	_, body, _ := bytes.Cut(text, []byte("-----\n"))
	start, n := -1, 0
	for i, c := range body {
		if start < 0 && n == from {
			start = i
		}
		if n == to {
			return string(body[start:i])
		}
		if c != '\n' {
			n++
		}
	}
	return ""
}

// jwk returns the needles of the values as members of a JSON Web Key, compact
// and with a blank after the colon.
func jwk(key string, members map[string][]byte) []Needle {
	var ns []Needle
	for name, v := range members {
		for _, lead := range []string{`"` + name + `":"`, `"` + name + `": "`} {
			n := Needle{
				Key: key, Part: name, Encoding: "jwk", Class: Structure, Lead: len(lead), Least: base64Least,
				Data: []byte(lead + base64.RawURLEncoding.EncodeToString(v)),
			}
			ns = append(ns, n, wide(n))
		}
	}
	return ns
}
