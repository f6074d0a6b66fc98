package publickey

import (
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/base64text"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// textReach is how many characters of a body are read: those of a certificate
	// of 18 KiB. Its key lies in the first third.
	textReach = 24 << 10
	// textBefore is for the prefix that every line of a body may carry.
	textBefore = 40
	// opening is how many digits of a body are decoded to see whether it is worth
	// reading: two headers of four octets.
	opening = 12
)

// sshAnchors are the base64 of a type's length and the beginning of its text.
var sshAnchors = [...]string{
	"AAAAB3NzaC1yc2E", "AAAAB3NzaC1kc3M", "AAAAC3NzaC1lZDI1NTE5", "AAAACXNzaC1lZDQ0OA", "AAAAE2VjZHNhLXNoYTIt",
	"AAAAGnNrLXNzaC1lZDI1NTE5", "AAAAInNrLWVjZHNhLXNoYTIt",
	"AAAAHHNzaC1yc2EtY2VydC", "AAAAHHNzaC1kc3MtY2VydC", "AAAAIHNzaC1lZDI1NTE5LWNlcnQ", "AAAAKGVjZHNhLXNoYTIt",
	"AAAAI3NrLXNzaC1lZDI1NTE5LWNlcnQ", "AAAAK3NrLWVjZHNhLXNoYTIt",
}

// shortAnchors begin the base64 of a SubjectPublicKeyInfo of fewer than 256 octets.
var shortAnchors = [...]string{
	"MFkwEwYHKoZIzj0CAQ", "MHYwEAYHKoZIzj0CAQ", "MIGbMBAGByqGSM49AgEG", "ME4wEAYHKoZIzj0CAQ", "MFYwEAYHKoZIzj0CAQ",
	"MDkwEwYHKoZIzj0CAQ", "MDYwEAYHKoZIzj0CAQ", "MEYwEAYHKoZIzj0CAQ", "MFowFAYHKoZIzj0CAQ",
	"MCowBQYDK2Vw", "MCowBQYDK2Vu", "MEMwBQYDK2Vx", "MEIwBQYDK2Vv",
	"MIGfMA0GCSqGSIb3DQEBAQ", "MIGJAoGB",
}

// labelAnchors end the first line of PEM files whose bodies may begin otherwise.
var labelAnchors = [...]string{
	"BEGIN PUBLIC KEY-----", "BEGIN CERTIFICATE REQUEST-----", "BEGIN NEW CERTIFICATE REQUEST-----", "BEGIN CERTIFICATE-----",
}

// longAnchor begins the base64 of every SEQUENCE of 256 octets up to 16 KiB: the
// octets 30 82 and two bits. The fourth digit is the upper octet of the length.
const longAnchor = "MII"

// longest is how many values of that upper octet are believed: 24 times 256 octets,
// enough for every certificate but those with post-quantum signatures, whose
// keys lie in the first part all the same.
const longest = 24

type textDetector struct{}

func (textDetector) Spec() probe.Spec {
	as := append(append([]string{}, sshAnchors[:]...), shortAnchors[:]...)
	as = append(as, labelAnchors[:]...)
	for hi := 1; hi < longest; hi++ {
		as = append(as, longAnchor+string(alphabet[hi]))
	}
	s := spec("public-key-text", "public keys and certificates in base64: PEM, x5c, authorized_keys", textBefore, textReach, as...)
	s.Text = true
	return s
}

// alphabet is that of RFC 4648, section 4.
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

func (textDetector) Detect(v probe.View, emit func(probe.Match)) {
	t, i := probe.TextOf(v)
	switch {
	case t.At(i) == 'B': // of BEGIN
		detectLabelled(t, i, emit)
	case t.At(i) == 'A':
		body := read(t, i)
		defer body.Wipe()
		if spki, n := sshKey(body.Decode()); spki != nil {
			const digitsPerGroup, octetsPerGroup = 4, 3
			at := body.upTo((n*digitsPerGroup + octetsPerGroup - 1) / octetsPerGroup)
			emit(match(spki, t.Encoding(probe.OpenSSH), false, t.Range(i, at)))
		}
	case begins(t, i) && opens(t, i):
		detectBody(t, i, emit)
	}
}

// detectLabelled reads the body behind a label, when it is too short to have been
// found by its own beginning.
func detectLabelled(t probe.Text, i int, emit func(probe.Match)) {
	const longestLabel = len("BEGIN NEW CERTIFICATE REQUEST-----")
	end := i + longestLabel
	for i < end && !t.Has(i, "-----") {
		i++
	}
	i, _ = base64text.Gap(t, i+len("-----"), "")
	if t.At(i) == 'M' && !t.Has(i, longAnchor) {
		detectBody(t, i, emit)
	}
}

func detectBody(t probe.Text, i int, emit func(probe.Match)) {
	body := read(t, i)
	defer body.Wipe()
	data := body.Decode()
	defer clear(data) // it may have been a private key
	derKeys(data, func(k key, root bool) {
		emit(match(k.spki, t.Encoding(probe.Base64), root, t.Range(i, body.End)))
	})
}

// opens reports whether the digits at i begin a structure that can hold a public
// key: a SEQUENCE that holds a SEQUENCE, or an INTEGER when the numbers of RSA lie
// in it. Most text that begins like base64 ends here.
func opens(t probe.Text, i int) bool {
	body := base64text.Forward(t, i, i+opening, "")
	data := body.Decode()
	if len(data) < 6 || data[0] != 0x30 {
		return false
	}
	switch data[1] {
	default:
		return data[1] < 0x80 && data[2] == 0x30
	case 0x81:
		return data[2] >= 0x80 && (data[3] == 0x30 || data[3] == 0x02)
	case 0x82:
		return data[4] == 0x30 && (data[5] == 0x82 || data[5] < 0x80 || data[5] == 0x81) || data[4] == 0x02
	}
}

// breaks are how line breaks and blanks are written in text and, escaped, in
// string literals and URLs.
var breaks = [...]string{"\n", "\r", "\\n", "\\r", "%0A", "%0a", "%0D", "%0d"}

// begins reports whether a body can begin at i: no digit stands before it, on its
// line or at the end of the line before. In one certificate of three the key's own
// SEQUENCE begins a group of digits, and is no body of its own.
func begins(t probe.Text, i int) bool {
	const most = 4 // line breaks, CR and LF counted as two
	for range most {
		if c := t.At(i - 1); c == ' ' || c == '\t' {
			return true
		}
		before := i
		for _, b := range breaks {
			if t.Has(i-len(b), b) {
				i -= len(b)
				break
			}
		}
		if i == before {
			break
		}
	}
	return strings.IndexByte(alphabet, t.At(i-1)) < 0
}

// body is a base64 body that may be asked where its first digits end.
type body struct{ base64text.Body }

// upTo returns the character behind the first n digits.
func (b *body) upTo(n int) int {
	for _, l := range b.Lines {
		if n <= l.N && l.End-l.Start == l.N {
			return l.Start + n
		}
		if n -= l.N; n <= 0 {
			return l.End
		}
	}
	return b.End
}

// read reads the body at i up to where another one begins, so that no character
// is read for more than a few anchors.
func read(t probe.Text, i int) body {
	limit := min(t.Len(), i+textReach)
	for k := i + opening; k < limit; k++ {
		c := t.At(k)
		if c == probe.NotASCII || c == '-' && t.At(k+1) == '-' {
			limit = k
			break
		}
		if c == longAnchor[0] && t.Has(k, longAnchor) && begins(t, k) && opens(t, k) || c == 'A' && beginsSSH(t, k) {
			limit = k
			break
		}
	}
	return body{base64text.Forward(t, i, limit, base64text.Prefix(t, i))}
}

func beginsSSH(t probe.Text, k int) bool {
	if !t.Has(k, "AAAA") {
		return false
	}
	for _, a := range sshAnchors {
		if t.Has(k, a) {
			return true
		}
	}
	return false
}
