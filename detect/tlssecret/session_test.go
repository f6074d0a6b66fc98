package tlssecret

import (
	"bytes"
	"crypto/rand"
	"encoding/asn1"
	"encoding/binary"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// sessionASN1 is SSL_SESSION_ASN1 as ssl_asn1.c of OpenSSL declares it, some of the
// optional members left out.
type sessionASN1 struct {
	Version   int
	Protocol  int
	Cipher    []byte
	ID        []byte
	Master    []byte
	Time      int    `asn1:"explicit,tag:1"`
	Timeout   int    `asn1:"explicit,tag:2"`
	Context   []byte `asn1:"explicit,tag:4"`
	Ticket    []byte `asn1:"explicit,tag:10"`
	Extension int    `asn1:"explicit,tag:13"`
}

func encode(t *testing.T, proto int, master []byte, ticket int) []byte {
	t.Helper()
	s := sessionASN1{Version: 1, Protocol: proto, Cipher: []byte{0xc0, 0x30}, ID: lengthless(32), Master: master,
		Time: 1700000000, Timeout: 7200, Context: []byte{}, Ticket: make([]byte, ticket), Extension: 1}
	rand.Read(s.Ticket)
	b, err := asn1.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// inStruct is the beginning of struct ssl_session_st.
func inStruct(order binary.AppendByteOrder, size, proto int, master []byte) []byte {
	b := order.AppendUint32(nil, uint32(proto))
	if size == 8 {
		b = order.AppendUint64(append(b, 0, 0, 0, 0), uint64(len(master)))
	} else {
		b = order.AppendUint32(b, uint32(len(master)))
	}
	b = append(b, make([]byte, 64)...)
	return append(append(b, master...), make([]byte, 256-len(master))...)
}

func TestSession(t *testing.T) {
	m48, m32 := fresh(48), fresh(32)
	le, be := binary.LittleEndian, binary.BigEndian
	probetest.Accept(t, NewSession(),
		probetest.Case{Name: "ASN.1, TLS 1.2", Data: encode(t, tls12, m48, 192), Kind: Kind, Encoding: probe.DER,
			Confidence: probe.Confirmed, Private: [][]byte{m48}, Cut: true},
		probetest.Case{Name: "ASN.1, short header", Data: encode(t, tls12, m48, 0), Kind: Kind, Encoding: probe.DER,
			Confidence: probe.Confirmed, Private: [][]byte{m48}, Cut: true},
		probetest.Case{Name: "ASN.1, TLS 1.3", Data: encode(t, tls13, m32, 2000), Kind: Kind, Encoding: probe.DER,
			Confidence: probe.Confirmed, Private: [][]byte{m32}, Cut: true},
		probetest.Case{Name: "rustls, TLS 1.2", Data: append(append([]byte("\x03\x03\xcc\xa9\x30"), m48...), 1, 0, 0, 0, 0), Kind: Kind, Encoding: probe.Raw,
			Confidence: probe.Likely, Private: [][]byte{m48}, Cut: true},
		probetest.Case{Name: "rustls, TLS 1.3", Data: append(append([]byte("\x03\x04\x13\x01\x20"), m32...), 0, 0, 0, 0), Kind: Kind, Encoding: probe.Raw,
			Confidence: probe.Likely, Private: [][]byte{m32}, Cut: true},
		probetest.Case{Name: "struct64", Data: inStruct(le, 8, tls12, m48), Kind: Kind, Encoding: probe.Raw,
			Confidence: probe.Likely, Private: [][]byte{m48}, Cut: true},
		probetest.Case{Name: "struct32", Data: inStruct(le, 4, tls12, m48), Kind: Kind, Encoding: probe.Raw,
			Confidence: probe.Likely, Private: [][]byte{m48}},
		probetest.Case{Name: "struct64 of TLS 1.3", Data: inStruct(le, 8, tls13, m32), Kind: Kind, Encoding: probe.Raw,
			Confidence: probe.Likely, Private: [][]byte{m32}},
		probetest.Case{Name: "struct64 big-endian", Data: inStruct(be, 8, tls12, m48), Kind: Kind, Encoding: probe.Raw,
			Confidence: probe.Likely, Private: [][]byte{m48}},
		probetest.Case{Name: "struct32 big-endian", Data: inStruct(be, 4, tls13, m48), Kind: Kind, Encoding: probe.Raw,
			Confidence: probe.Likely, Private: [][]byte{m48}},
	)
}

// TestSessionBeheaded holds that a freed session is found when an allocator has written over its
// first bytes, whatever its identifier.
func TestSessionBeheaded(t *testing.T) {
	for _, proto := range []int{tls12, tls13} {
		for _, n := range []int{size256, masterLen} {
			for _, id := range []int{0, 32} {
				if proto == tls12 && n != masterLen {
					continue
				}
				key := fresh(n)
				s := sessionASN1{Version: 1, Protocol: proto, Cipher: []byte{0xc0, 0x30}, ID: fresh(32)[:id], Master: key,
					Time: 1700000000, Timeout: 300, Context: fresh(32), Extension: 1}
				whole, err := asn1.Marshal(s)
				if err != nil {
					t.Fatal(err)
				}
				for _, lost := range []int{8, 16} {
					b := append(fresh(32)[:lost], whole[lost:]...)
					fs := find(t, NewSession(), b)
					at := bytes.Index(b, key)
					if len(fs) != 1 || fs[0].Redact[0] != (probe.Range{Start: at, End: at + n}) || fs[0].Confidence != probe.Likely {
						t.Fatalf("version %x, secret of %d, identifier of %d, %d bytes lost: %v", proto, n, id, lost, fs)
					}
				}
				if fs := find(t, NewSession(), whole); len(fs) != 1 || fs[0].Confidence != probe.Confirmed {
					t.Fatalf("whole: %v", fs)
				}
			}
		}
	}
	m := fresh(masterLen)
	late := append(append([]byte{masterLen}, m...), "\xa1\x07\x02\x05\x00\xff\x00\x00\x00\xa2\x04\x02\x02\x1c\x20"...)
	probetest.Accept(t, NewSession(), probetest.Case{Name: "after 2038, without a head", Data: late, Kind: Kind, Encoding: probe.DER,
		Confidence: probe.Likely, Private: [][]byte{m}})
	probetest.Reject(t, NewSession(), "other length", append([]byte{masterLen - 1}, late[1:]...))
	probetest.Reject(t, NewSession(), "no timeout", append(bytes.Clone(late[:len(late)-6]), "\xa3\x04\x02\x02\x1c\x20"...))
}

// TestSessionCut holds that a session cut in its secret still matches, and one cut
// before it does not.
func TestSessionCut(t *testing.T) {
	whole := encode(t, tls12, fresh(48), 100)
	key := 3 + 3 + 4 + 4 + 34 + 2
	for n := range whole {
		fs := find(t, NewSession(), whole[:n])
		want := 0
		if n >= key+16 {
			want = 1
		}
		if n >= key && n < key+16 {
			continue // too little to tell
		}
		if len(fs) != want {
			t.Fatalf("cut at %d of %d: %d matches, want %d", n, len(whole), len(fs), want)
		}
		if want > 0 && fs[0].Redact[0] != (probe.Range{Start: key, End: min(n, key+48)}) {
			t.Fatalf("cut at %d: wrong range", n)
		}
	}
}

// lengthless returns n random octets none of which is the length of a secret: before 32 octets that end where the
// tail of a session begins, one would make them a secret whose head is lost.
func lengthless(n int) []byte {
	p := fresh(n)
	for i, b := range p {
		if b == size256 || b == masterLen {
			p[i] = ^b
		}
	}
	return p
}

func TestSessionReject(t *testing.T) {
	d := NewSession()
	m := lengthless(48)
	probetest.Reject(t, d, "no secret", encode(t, tls12, nil, 100))
	probetest.Reject(t, d, "short secret", encode(t, tls12, m[:32], 100))
	probetest.Reject(t, d, "zeros", encode(t, tls12, make([]byte, 48), 100))
	probetest.Reject(t, d, "other version", encode(t, 0x0302, m, 100))
	probetest.Reject(t, d, "cleared struct", inStruct(binary.LittleEndian, 8, tls12, make([]byte, 48)))
	dirty := inStruct(binary.LittleEndian, 8, tls12, m)
	dirty[20] = 1
	probetest.Reject(t, d, "early secret in TLS 1.2", dirty)
	random := make([]byte, 1<<16)
	rand.Read(random)
	probetest.Reject(t, d, "random", random)
}
