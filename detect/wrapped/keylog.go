package wrapped

import "github.com/dumpscrub/dumpscrub/detect/probe"

// TLSSecret is the kind of a secret of a TLS connection.
const TLSSecret = "tls-secret"

// keyLogs is the detector of TLS key logs.
type keyLogs struct{}

// NewKeyLog returns the detector of secrets in TLS key logs.
func NewKeyLog() probe.Detector { return keyLogs{} }

// The digits of a line's fields.
const (
	randomDigits  = 64  // the client's random, 32 octets (RFC 9850, section 2)
	masterDigits  = 96  // a master secret, 48 octets (RFC 5246, section 8.1)
	sha256Digits  = 64  // a secret of a SHA-256 suite
	sha384Digits  = 96  // and of a SHA-384 one
	maxDigits     = 128 // more than any: that of an ECH secret of a SHA-512 KDF
	premaster     = 16  // the first eight octets of an encrypted premaster secret
	maxLabel      = 36  // "SERVER_HANDSHAKE_TRAFFIC_SECRET " and some more
	minHexPrivate = 2 * minPrivate
)

// Spec implements [probe.Detector]. Where one label is the end of another, the
// shorter stands for both. "RSA " is a label of NSS's first format, the last two are what OpenSSL
// prints of a session.
func (keyLogs) Spec() probe.Spec {
	return probe.Spec{
		ID:    "tls-key-log",
		About: "secrets of TLS connections in key log lines (SSLKEYLOGFILE)",
		Kinds: []string{TLSSecret},
		Anchors: []string{
			"CLIENT_RANDOM ",
			"CLIENT_EARLY_TRAFFIC_SECRET ",
			"CLIENT_HANDSHAKE_TRAFFIC_SECRET ", "SERVER_HANDSHAKE_TRAFFIC_SECRET ",
			"CLIENT_TRAFFIC_SECRET_", "SERVER_TRAFFIC_SECRET_",
			"EXPORTER_SECRET ", "EXPORTER_MASTER_SECRET ",
			"ECH_SECRET ",
			"RSA ",
			"Master-Key:", "Resumption PSK:",
		},
		Text:  true,
		After: maxLabel + randomDigits + 2 + maxDigits + 1,
	}
}

// Detect implements [probe.Detector].
func (keyLogs) Detect(v probe.View, emit func(probe.Match)) {
	t, at := probe.TextOf(v)
	i := at
	for i < at+maxLabel && t.At(i) != ' ' && t.At(i) != ':' {
		i++
	}
	first := 0 // digits of the field that says whose secret follows
	switch {
	case t.Has(at, "Master-Key:"), t.Has(at, "Resumption PSK:"):
		for t.At(i) != ':' {
			i++
		}
		i++
		if t.At(i) == ' ' {
			i++
		}
	case t.Has(at, "RSA "):
		first = premaster
		i++
	case t.At(i) == ' ':
		first = randomDigits
		i++
	default:
		return
	}
	if first > 0 {
		if hexRun(t, i, first) != i+first || t.At(i+first) != ' ' {
			return
		}
		i += first + 1
	}
	end := hexRun(t, i, maxDigits+1)
	c := probe.Confirmed
	switch n := end - i; {
	case n < minHexPrivate || n > maxDigits:
		return
	case n != sha256Digits && n != sha384Digits && n != maxDigits, t.Has(at, "CLIENT_RANDOM ") && n != masterDigits:
		// A line that is cut, or no such line: a secret has no other length.
		if !torn(t.At(end)) {
			return
		}
		c = probe.Likely
	}
	p := unhex(t, i, end)
	var s secrets
	s.add(p, t.Range(i, end))
	if m, ok := s.match(TLSSecret, t.Encoding(probe.Hex), c, t.Range(at, end)); ok {
		m.Text = true
		if c != probe.Confirmed {
			m.Values = nil
		}
		emit(m)
	}
	clear(p)
}
