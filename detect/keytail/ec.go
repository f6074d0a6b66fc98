package keytail

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

type ecTail struct{}

// EC returns the detector of elliptic-curve keys without a head.
func EC() probe.Detector { return ecTail{} }

// points are the headers of the publicKey member by the size of a coordinate.
var points = [...]struct {
	size   int
	header string
	curves []privkey.Curve
}{
	{32, "\xa1\x44\x03\x42\x00\x04", []privkey.Curve{privkey.P256, privkey.Secp256k1}},
	{48, "\xa1\x64\x03\x62\x00\x04", []privkey.Curve{privkey.P384}},
	{66, "\xa1\x81\x89\x03\x81\x86\x00\x04", []privkey.Curve{privkey.P521}},
}

func (ecTail) Spec() probe.Spec {
	spec := probe.Spec{
		ID: "ec-key-tail", About: "elliptic-curve private keys in DER that have lost their head",
		Kinds: []string{privkey.EC}, Before: 128, After: 256,
	}
	for _, p := range points {
		spec.Anchors = append(spec.Anchors, p.header)
	}
	return spec
}

// Detect implements [probe.Detector].
func (ecTail) Detect(v probe.View, emit func(probe.Match)) {
	for _, p := range points {
		if !bytes.HasPrefix(v.Data[v.At:], []byte(p.header)) {
			continue
		}
		at := v.At + len(p.header) - 1
		if at+1+2*p.size > len(v.Data) {
			return
		}
		point := v.Data[at : at+1+2*p.size]
		end, curves := v.At, p.curves
		for _, c := range p.curves {
			// The parameters are a name, in a member of its own. Where the scalar
			// before was redacted as digits, the first octets may have gone with it.
			oid := string([]byte{byte(len(c))}) + string(c)
			params := "\xa0" + string([]byte{byte(len(c) + 2)}) + "\x06" + oid
			for lost := range 4 {
				if left := params[lost:]; bytes.HasSuffix(v.Data[:v.At], []byte(left)) {
					end, curves = v.At-len(left), []privkey.Curve{c}
					break
				}
			}
		}
		head := string([]byte{0x04, byte(p.size)})
		start := end - p.size
		if start >= 7 && bytes.HasSuffix(v.Data[:start], []byte("\x02\x01\x01"+head)) &&
			(v.Data[start-7] == der.Sequence || start > 7 && v.Data[start-8] == der.Sequence) {
			return // nothing is lost
		}
		for _, c := range curves {
			if _, ok := c.Uncompressed(point); !ok {
				continue
			}
			scalar := privkey.Number{Cut: start < 0}
			start := max(start, 0)
			if k := bytes.LastIndex(v.Data[start:end], []byte{0, 0}); k >= 0 {
				start, scalar.Cut = start+k+2, true
			}
			scalar.Bytes, scalar.At = v.Data[start:end], probe.Range{Start: start, End: end}
			k, ok := privkey.ECKey(probe.Range{Start: start, End: at + len(point)}, privkey.ECParts{Curve: c, Scalar: scalar, Point: point})
			if ok && (k.Confidence == probe.Confirmed || scalar.Cut || len(curves) == 1) {
				emit(k.Match(probe.DER, 0))
				return
			}
		}
	}
}
