package winkeys

import (
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// plainKeys is the detector of PLAINTEXTKEYBLOBs.
type plainKeys struct{}

// NewPlaintext returns the detector of symmetric CAPI keys in PLAINTEXTKEYBLOBs.
func NewPlaintext() probe.Detector { return plainKeys{} }

// plainHeader is type 8, version 2 and the reserved bytes of a BLOBHEADER.
const plainHeader = "\x08\x02\x00\x00"

// maxSymmetric is the longest symmetric key in bytes: RC2 and RC4 take up to 128
// bits, keys for HMAC, which pass as RC2, more.
const maxSymmetric = 256

// Spec implements [probe.Detector]. The anchors are the header with the algorithm
// (wincrypt.h, ALG_ID) and, where it is constant, the size of the key.
func (plainKeys) Spec() probe.Spec {
	return probe.Spec{
		ID:    "capi-plaintext-key",
		About: "Windows CAPI symmetric keys in plain text blobs",
		Kinds: []string{privkey.Symmetric},
		Anchors: []string{
			plainHeader + "\x01\x66\x00\x00\x08\x00\x00\x00", // CALG_DES
			plainHeader + "\x03\x66\x00\x00\x18\x00\x00\x00", // CALG_3DES
			plainHeader + "\x09\x66\x00\x00\x10\x00\x00\x00", // CALG_3DES_112
			plainHeader + "\x0e\x66\x00\x00\x10\x00\x00\x00", // CALG_AES_128
			plainHeader + "\x0f\x66\x00\x00\x18\x00\x00\x00", // CALG_AES_192
			plainHeader + "\x10\x66\x00\x00\x20\x00\x00\x00", // CALG_AES_256
			plainHeader + "\x02\x66\x00\x00",                 // CALG_RC2
			plainHeader + "\x01\x68\x00\x00",                 // CALG_RC4
		},
		After: headerSize + 4 + maxSymmetric,
	}
}

// Detect implements [probe.Detector].
func (plainKeys) Detect(v probe.View, emit func(probe.Match)) {
	s := blob{v.Data, v.At}
	n := s.word(2)
	if n < 5 || n > maxSymmetric {
		return
	}
	if k, ok := s.symmetric(headerSize+4, n); ok {
		emit(k.Match(probe.CAPI, 0))
	}
}
