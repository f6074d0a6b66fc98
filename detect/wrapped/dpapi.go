package wrapped

import "github.com/dumpscrub/dumpscrub/detect/probe"

// The kinds of DPAPI's data.
const (
	DPAPIBlob      = "dpapi-blob"
	DPAPIMasterKey = "dpapi-master-key"
)

// provider begins a DPAPI blob: version 1 and the GUID of the only provider,
// df9d8cd0-1501-11d1-8c7a-00c04fc297eb.
const provider = "\x01\x00\x00\x00\xd0\x8c\x9d\xdf\x01\x15\xd1\x11\x8c\x7a\x00\xc0\x4f\xc2\x97\xeb"

const (
	maxBlob        = 48 << 10 // reach; most blobs protect a password or a key
	maxDescription = 512      // UTF-16, a line of text
	maxSalt        = 256      // salts, HMAC keys and signatures have up to 64 bytes
)

// blobs is the detector of DPAPI blobs.
type blobs struct{}

// NewDPAPIBlob returns the detector of data under Windows's DPAPI.
func NewDPAPIBlob() probe.Detector { return blobs{} }

// Spec implements [probe.Detector].
func (blobs) Spec() probe.Spec {
	return probe.Spec{
		ID:      "dpapi-blob",
		About:   "data that Windows's DPAPI encrypted",
		Kinds:   []string{DPAPIBlob},
		Anchors: []string{provider},
		After:   maxBlob,
	}
}

// Detect implements [probe.Detector].
func (blobs) Detect(v probe.View, emit func(probe.Match)) {
	data, end := dpapiData(v.Data[v.At:])
	var s secrets
	s.add(v.Data[v.At+data.Start:v.At+data.End], probe.Range{Start: v.At + data.Start, End: v.At + data.End})
	if m, ok := s.match(DPAPIBlob, probe.Raw, probe.Likely, probe.Range{Start: v.At, End: v.At + end}); ok {
		emit(m)
	}
}

// dpapiData returns where the encrypted data of the blob at p[0] lies, and the
// blob's end. The data is empty when p is no blob; it may be cut.
func dpapiData(p []byte) (data probe.Range, end int) {
	r := reader{b: p, off: len(provider), little: true}
	if r.u32() != 1 { // version of the master key
		return data, 0
	}
	r.take(16 + 4)             // master key's GUID, flags
	r.sized(0, maxDescription) // description
	crypt := r.u32()           // ALG_ID
	bits := r.count(0, 512)    // of its key
	r.sized(0, maxSalt)        // salt
	r.sized(0, maxSalt)        // HMAC key, usually none
	hash := r.u32()            // ALG_ID
	r.take(4)                  // its bits
	r.sized(0, maxSalt)        // HMAC key of the signature
	if !r.ok() || !algorithm(crypt, 0x6) || !algorithm(hash, 0x8) || bits < 40 {
		return data, 0
	}
	data = r.sized(minPrivate, maxBlob)
	r.sized(0, maxSalt) // the signature
	if r.bad || data.Len() < minPrivate {
		return probe.Range{}, 0
	}
	return data, r.off
}

// algorithm reports whether id is an ALG_ID of a class (wincrypt.h): 0x6 for
// encryption, 0x8 for hashes. Both have a number below 64 in the low nine bits.
func algorithm(id, class uint32) bool { return id>>13 == class>>1 && id&0x1ff < 64 }

// firstDigits is how many digits are decoded before the header is believed. The
// longest header, with a description, has half as many.
const firstDigits = 4 << 10

// dpapiTexts is the detector of DPAPI blobs in hexadecimal digits.
type dpapiTexts struct{}

// NewDPAPIHex returns the detector of DPAPI blobs as PowerShell's
// ConvertFrom-SecureString and remote desktop files write them, in hexadecimal digits.
func NewDPAPIHex() probe.Detector { return dpapiTexts{} }

// Spec implements [probe.Detector].
func (dpapiTexts) Spec() probe.Spec {
	return probe.Spec{
		ID:    "dpapi-blob-hex",
		About: "data that Windows's DPAPI encrypted, in hexadecimal digits",
		Kinds: []string{DPAPIBlob},
		Anchors: []string{
			"01000000d08c9ddf0115d1118c7a00c04fc297eb",
			"01000000D08C9DDF0115D1118C7A00C04FC297EB",
		},
		Text:  true,
		After: maxBlob / 2,
	}
}

// Detect implements [probe.Detector].
func (dpapiTexts) Detect(v probe.View, emit func(probe.Match)) {
	t, at := probe.TextOf(v)
	if !t.Has(at+2*len(provider), "01000000") { // version of the master key
		return
	}
	p := unhex(t, at, hexRun(t, at, firstDigits))
	data, end := dpapiData(p)
	if data.Len() == 0 {
		return
	}
	if end == len(p) { // cut where we stopped, perhaps
		p = unhex(t, at, hexRun(t, at, t.Len()-at))
		data, end = dpapiData(p)
	}
	var s secrets
	s.add(p[data.Start:data.End], t.Range(at+2*data.Start, at+2*data.End))
	if m, ok := s.match(DPAPIBlob, t.Encoding(probe.Hex), probe.Likely, t.Range(at, at+2*end)); ok {
		m.Text = true
		emit(m)
	}
}
