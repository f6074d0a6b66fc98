package tlssecret

import (
	"bytes"
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// The protocol versions (RFC 5246, appendix A.1; RFC 8446, section 4.2.1) of
	// which the sessions are looked for.
	tls12, tls13 = 0x0303, 0x0304
	// masterLen is the length of a master secret (RFC 5246, section 8.1).
	masterLen = 48
	// maxID is the length of the longest session identifier (RFC 5246, section
	// 7.4.1.2).
	maxID = 32
	// sessionBefore covers what may stand before the time of a session: the header of the
	// SEQUENCE, two versions, the suite, the identifier and the secret. sessionAfter covers the
	// certificate and the ticket that a session may hold.
	sessionBefore, sessionAfter = 4 + 3 + 4 + 5 + 2 + maxID + 2 + masterLen, 16 << 10
)

// version is the beginning of SSL_SESSION_ASN1: the version of the structure, and
// the protocol's but for its last digit.
const version = "\x02\x01\x01\x02\x02\x03"

// tail32 and tail64 are what follows the secret in SSL_SESSION_ASN1: the time, in seconds since 1970,
// before and after the year 2038.
const tail32, tail64 = "\xa1\x06\x02\x04", "\xa1\x07\x02\x05"

// head is how the struct's first members, int ssl_version and size_t
// master_key_length, lie.
type head struct {
	bytes string
	skip  int // zeros at its beginning, which are no part of the anchor
	proto int
	n     int // length of the secret
}

// heads returns them for words of 4 and 8 bytes in both byte orders.
func heads() (hs []head) {
	for _, h := range []head{{proto: tls12, n: masterLen}, {proto: tls13, n: size256}, {proto: tls13, n: size384}} {
		proto, n := uint32(h.proto), uint64(h.n)
		le, be := binary.LittleEndian, binary.BigEndian
		pad := make([]byte, 4) // behind the int; zero, as the struct is cleared
		h.bytes = string(le.AppendUint32(le.AppendUint32(nil, proto), uint32(n)))
		hs = append(hs, h)
		h.bytes = string(le.AppendUint64(append(le.AppendUint32(nil, proto), pad...), n))
		hs = append(hs, h)
		h.skip = 2
		h.bytes = string(be.AppendUint32(be.AppendUint32(nil, proto), uint32(n)))
		hs = append(hs, h)
		h.bytes = string(be.AppendUint64(append(be.AppendUint32(nil, proto), pad...), n))
		hs = append(hs, h)
	}
	return hs
}

// session is the detector. It is immutable.
type session struct{ heads []head }

// NewSession returns the detector of OpenSSL's and rustls's TLS sessions.
func NewSession() probe.Detector { return &session{heads: heads()} }

// Spec implements [probe.Detector].
func (d *session) Spec() probe.Spec {
	s := probe.Spec{
		ID:      "tls-session",
		About:   "secrets of TLS 1.2 and 1.3 sessions in OpenSSL's memory and in its ASN.1 form, and as rustls stores them",
		Kinds:   []string{Kind},
		Anchors: append([]string{version + "\x03\x04", version + "\x04\x04", tail32, tail64}, storedHeads()...),
		Before:  sessionBefore, After: sessionAfter,
	}
	for _, h := range d.heads {
		s.Anchors = append(s.Anchors, h.bytes[h.skip:])
	}
	return s
}

// Detect emits the secret of the session at v.At.
func (d *session) Detect(v probe.View, emit func(probe.Match)) {
	if end := v.At + len(version); end <= len(v.Data) && string(v.Data[v.At:end]) == version {
		encoded(v.Data, v.At, emit)
		return
	}
	if v.Data[v.At] == tail32[0] {
		beheaded(v.Data, v.At, emit)
		return
	}
	if stored(v.Data, v.At, emit) {
		return
	}
	for _, h := range d.heads {
		start := v.At - h.skip
		if end := start + len(h.bytes); start >= 0 && end <= len(v.Data) && string(v.Data[start:end]) == h.bytes {
			inMemory(v.Data, start, h, emit)
		}
	}
}

// inMemory judges the struct at data[start]. Behind its head are early_secret, an
// array of 64 bytes that TLS 1.2 leaves zero, and master_key, of 256 or more.
func inMemory(data []byte, start int, h head, emit func(probe.Match)) {
	// rest is how much of the empty part of master_key must be there and zero.
	const rest = 16
	early := start + len(h.bytes)
	key := early + line
	end := key + h.n
	if end+rest > len(data) || h.proto == tls12 && !empty(data[early:key]) ||
		!empty(data[end:end+rest]) || !secret(data[key:end]) {
		return
	}
	report(data, probe.Range{Start: start, End: end}, probe.Range{Start: key, End: end}, probe.Raw, probe.Likely, emit)
}

// secret reports whether p stands where a secret does and could be one.
func secret(p []byte) bool { return random(p) && random(p[len(p)-piece:]) && !privkey.Redacted(p) }

// encoded judges the ASN.1 form of which the version stands at data[at].
func encoded(data []byte, at int, emit func(probe.Match)) {
	whole, c := probe.Range{Start: at}, der.At(data, at)
	confidence := probe.Likely
	if seq, ok := sequenceBefore(data, at); ok {
		o := der.At(data, seq.Header)
		v, _ := o.Next()
		c = o.Inside(v)
		whole.Start = seq.Header
		if complete(c) {
			confidence = probe.Confirmed
		}
	}
	c.Next()
	proto, _ := c.Next()
	cipher, ok := c.Expect(0x04)
	id, ok2 := c.Expect(0x04)
	key, ok3 := c.Expect(0x04)
	if !ok || !ok2 || !ok3 || cipher.Len < 2 || cipher.Len > 3 || id.Len > maxID || proto.Len != 2 || !proto.Whole() {
		return
	}
	p := c.Bytes(key)
	switch is13 := data[proto.Start+1] == tls13&0xff; {
	case key.Len != masterLen && (!is13 || key.Len != size256):
		return
	case key.Whole() && secret(p):
	case !key.Whole() && len(p) >= shortest && !privkey.Redacted(p) && !privkey.Junk(p):
		confidence = probe.Likely
	default:
		return
	}
	whole.End = key.End
	if confidence == probe.Confirmed {
		whole.End = c.End()
	}
	report(data, whole, key.Content(), probe.DER, confidence, emit)
}

// storedHeads returns how the sessions of rustls begin (ServerSessionValue in 0.23,
// msgs/persist.rs): version and cipher suite, of those with AEAD that rustls has, and the
// length of the secret.
func storedHeads() []string {
	return []string{
		"\x03\x03\xc0\x2b\x30", "\x03\x03\xc0\x2c\x30", "\x03\x03\xc0\x2f\x30", "\x03\x03\xc0\x30\x30",
		"\x03\x03\xcc\xa8\x30", "\x03\x03\xcc\xa9\x30",
		"\x03\x04\x13\x01\x20", "\x03\x04\x13\x02\x30", "\x03\x04\x13\x03\x20",
	}
}

// stored judges a session of rustls at data[at] and reports whether one begins there.
func stored(data []byte, at int, emit func(probe.Match)) bool {
	for _, s := range storedHeads() {
		if !bytes.HasPrefix(data[at:], []byte(s)) {
			continue
		}
		n := int(s[len(s)-1])
		key := probe.Range{Start: at + len(s), End: at + len(s) + n}
		if key.End <= len(data) && secret(data[key.Start:key.End]) {
			report(data, probe.Range{Start: at, End: key.End}, key, probe.Raw, probe.Likely, emit)
		}
		return true
	}
	return false
}

// beheaded judges the ASN.1 form of which the secret ends at data[at] and the beginning is lost:
// glibc keeps its own numbers in the first 16 bytes of what is freed.
func beheaded(data []byte, at int, emit func(probe.Match)) {
	c := der.At(data, at)
	c.Next() // the time
	timeout, ok := c.Expect(0xa2)
	if !ok || timeout.Len < 3 || timeout.Len > 10 || !timeout.Whole() || data[timeout.Start] != 0x02 || int(data[timeout.Start+1]) != timeout.Len-2 {
		return
	}
	// A length with its tag goes first: without it any octet may be one by chance, even the tag of a SEQUENCE.
	for _, tagged := range [...]bool{true, false} {
		for _, n := range [...]int{masterLen, size256} {
			key := at - n
			if key < 1 || int(data[key-1]) != n || tagged && (key < 2 || data[key-2] != 0x04) || !secret(data[key:at]) {
				continue
			}
			if !headed(data, key) {
				report(data, probe.Range{Start: key, End: timeout.End}, probe.Range{Start: key, End: at}, probe.DER, probe.Likely, emit)
			}
			return
		}
	}
}

// headed reports whether the secret at data[key] has its head, the identifier of a session
// before it and the versions before that.
func headed(data []byte, key int) bool {
	for id := 0; id <= maxID; id++ {
		i := key - 2 - id - 2
		if i < 4+len(version)+1 {
			return false
		}
		if data[i] != 0x04 || int(data[i+1]) != id {
			continue
		}
		for suite := 2; suite <= 3; suite++ {
			if k := i - 2 - suite - 1 - len(version); k >= 0 && string(data[k:k+len(version)]) == version {
				return true
			}
		}
	}
	return false
}

// shortest is how much of a secret must be left of a session that is cut.
const shortest = 8

// sequenceBefore returns the SEQUENCE whose content begins at data[at].
func sequenceBefore(data []byte, at int) (der.Value, bool) {
	for n := 2; n <= 4 && n <= at; n++ {
		c := der.At(data, at-n)
		if v, ok := c.Expect(0x30); ok && v.Start == at {
			return v, true
		}
	}
	return der.Value{}, false
}

// complete reports whether the values of c end where it does. Of the secret and what is
// before it there are five; the rest have context-specific tags in ascending
// order (ssl_asn1.c).
func complete(c der.Cursor) bool {
	last := byte(0)
	for i := 0; ; i++ {
		v, ok := c.Next()
		if !ok {
			return i > 5 && c.Done()
		}
		if i < 5 {
			continue
		}
		if v.Tag&0xc0 != 0x80 || v.Tag <= last && last != 0 {
			return false
		}
		last = v.Tag
	}
}

// report emits the secret at key.
func report(data []byte, whole, key probe.Range, encoding string, c probe.Confidence, emit func(probe.Match)) {
	p := bytes.Clone(data[key.Start:key.End])
	m := probe.Match{
		Kind: Kind, Encoding: encoding, Confidence: c,
		Range: whole, Redact: []probe.Range{key}, Identity: p,
	}
	if len(p) >= size256 {
		m.Values = [][]byte{p}
	}
	emit(m)
}
