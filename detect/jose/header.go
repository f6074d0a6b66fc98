package jose

import (
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/jsontext"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// tokenReach is how many characters of a token are looked at. HTTP servers
	// accept 8 to 16 KiB of headers, and a token travels in one.
	tokenReach = 16 << 10

	// maxHeader bounds the characters of a token's header. A chain of three
	// certificates ("x5c") takes 8 KiB, encoded twice.
	maxHeader = 10 << 10

	// headerDepth bounds the brackets in a header: "jwk" with "oth" has four.
	headerDepth = 6
)

// tokenAnchors are the base64url forms of how a header can begin: a brace, white
// space of none, one space, a line break with or without indentation, and the
// quote of the first name. Behind the brace and the quote any letter may follow.
func tokenAnchors() []string {
	return []string{
		"eyJ",  // {"
		"eyAi", // { "
		"eyAg", // { and two spaces
		"ewoi", // line feed, quote
		"ewog", // line feed, space
		"ewoJ", // line feed, tab
		"ew0K", // carriage return, line feed
		"ewki", // tab, quote
	}
}

// header is the first part of a token, read.
type header struct {
	alg, enc, typ string
	// plain says that it holds nothing but registered public parameters.
	plain bool
}

// headerEnd returns the end of the header that begins at i: base64url of one JSON
// object, with a dot behind it. It is zero when there is none.
func headerEnd(t probe.Text, i int) int {
	m := jsontext.Machine{Depth: headerDepth}
	end := padEnd(t, objectIn(t, i, maxHeader, &m))
	if m.Status() != jsontext.Done || t.At(end) != '.' {
		return 0
	}
	return end
}

// readHeader reads the header in the characters [i, end), for which headerEnd is
// true.
func readHeader(t probe.Text, i, end int) header {
	text := decode(t, jsontext.Span{Start: i, End: runEnd(t, i, end-i)}, digit)
	d, m := objectOf(text)
	h := header{plain: m.Whole()}
	for _, f := range m.List {
		name := string(d.Text.Append(nil, f.Name.Start, f.Name.End))
		if !registered(name) {
			h.plain = false
		}
		switch name {
		case "alg":
			h.alg = textOf(d, f.Value)
		case "enc":
			h.enc = textOf(d, f.Value)
		case "typ":
			h.typ = textOf(d, f.Value)
		case "jwk", "epk":
			if !publicOnly(d, f.Value) {
				h.plain = false
			}
		}
	}
	return h
}

// objectOf walks JSON text that begins with its brace.
func objectOf(text []byte) (jsontext.Doc, jsontext.Members) {
	t, _ := probe.TextOf(probe.View{Data: text})
	d := jsontext.Doc{Text: t}
	m, _ := d.At(0)
	return d, m
}

// textOf returns a string value, or nothing for another or a long one: the
// names of algorithms and types are short.
func textOf(d jsontext.Doc, v jsontext.Value) string {
	const maxText = 64
	if v.Kind != jsontext.String || v.Len() > maxText {
		return ""
	}
	return string(d.Text.Append(nil, v.Start, v.End))
}

// registered reports whether name is a header parameter that holds nothing
// secret: RFC 7515, section 4.1; RFC 7516, section 4.1; RFC 7518, sections 4.6 to
// 4.8; RFC 7797, section 3; RFC 8225, section 8.1; RFC 8555, section 6.2; and
// "ver", of several providers.
func registered(name string) bool {
	switch name {
	case "alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit",
		"enc", "zip", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c",
		"b64", "ppt", "nonce", "ver":
		return true
	}
	return false
}

// publicOnly reports whether v is a JWK without private members.
func publicOnly(d jsontext.Doc, v jsontext.Value) bool {
	m, ok := d.At(v.Start)
	return ok && v.Kind == jsontext.Object && m.Whole() && !slices.ContainsFunc(m.List, func(f jsontext.Member) bool {
		return privateName(d, f.Name) || f.Value.Kind == jsontext.Object
	})
}

// privateName reports whether s names a private member of a JWK of any type.
func privateName(d jsontext.Doc, s jsontext.Span) bool {
	for _, name := range [...]string{"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"} {
		if d.Is(s, name) {
			return true
		}
	}
	return false
}
