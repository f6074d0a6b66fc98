package pgp

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	pgppacket "github.com/ProtonMail/go-crypto/openpgp/packet"
	"github.com/ProtonMail/go-crypto/openpgp/s2k"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

func TestPacketAccept(t *testing.T) {
	var cases []probetest.Case
	for _, ex := range examples(t) {
		cases = append(cases, probetest.Case{
			Name: ex.name, Data: ex.packet, Kind: privkey.PGP, Encoding: probe.PGP,
			Confidence: probe.Confirmed, Private: ex.private, Cut: true,
		})
	}
	probetest.Accept(t, NewPacket(), cases...)
}

// TestHeaders: every form of header leads to the same key.
func TestHeaders(t *testing.T) {
	var cases []probetest.Case
	for _, ex := range examples(t) {
		if ex.name != "v4 rsa" && ex.name != "v6 ed25519" && ex.name != "v3 rsa" {
			continue
		}
		body := ex.body()
		if ex.name == "v3 rsa" {
			body = ex.packet[3:]
		}
		n := len(body)
		for name, head := range map[string][]byte{
			"old, two":           {0x95, byte(n >> 8), byte(n)},
			"old, four":          {0x9e, 0, 0, byte(n >> 8), byte(n)},
			"old, indeterminate": {0x97},
			"new, five":          {0xc7, 255, 0, 0, byte(n >> 8), byte(n)},
		} {
			cases = append(cases, probetest.Case{
				Name: ex.name + " " + name, Data: append(head, body...), Kind: privkey.PGP,
				Encoding: probe.PGP, Confidence: probe.Confirmed, Private: ex.private,
			})
		}
		if n > 512 {
			parts := []byte{0xc5, 224 + 8}
			parts = append(append(parts, body[:256]...), 224+7)
			parts = append(parts, body[256:384]...)
			rest := n - 384 - 192
			parts = append(append(parts, byte(rest>>8)+192, byte(rest)), body[384:]...)
			cases = append(cases, probetest.Case{
				Name: ex.name + " partial", Data: parts, Kind: privkey.PGP, Encoding: probe.PGP, Confidence: probe.Confirmed,
			})
			out := redact(t, NewPacket(), parts)
			for i, p := range ex.private {
				for k := 0; k+32 <= len(p); k += 16 {
					if bytes.Contains(out, p[k:k+32]) {
						t.Errorf("%s partial: octets %d of private part %d survive", ex.name, k, i)
					}
				}
			}
		}
	}
	probetest.Accept(t, NewPacket(), cases...)
}

func redact(t *testing.T, d probe.Detector, data []byte) []byte {
	t.Helper()
	s, err := search.New([]probe.Detector{d})
	if err != nil {
		t.Fatal(err)
	}
	return probetest.Redact(data, probetest.Matches(s, data, len(data)))
}

func TestEncrypted(t *testing.T) {
	var cases []probetest.Case
	for name, cfg := range map[string]*pgppacket.Config{
		"v4 iterated": {Algorithm: pgppacket.PubKeyAlgoRSA, RSABits: 2048},
		"v4 eddsa":    {Algorithm: pgppacket.PubKeyAlgoEdDSA},
		"v6 argon2": {
			Algorithm: pgppacket.PubKeyAlgoEd25519, V6Keys: true, AEADConfig: &pgppacket.AEADConfig{},
			S2KConfig: &s2k.Config{S2KMode: s2k.Argon2S2K, Argon2Config: &s2k.Argon2Config{NumberOfPasses: 1, DegreeOfParallelism: 1, Memory: 10}},
		},
		"v6 pqc": {Algorithm: pgppacket.PubKeyAlgoMldsa65Ed25519, V6Keys: true, DefaultHash: crypto.SHA512},
	} {
		e := entity(t, cfg)
		for _, k := range []*pgppacket.PrivateKey{e.PrivateKey, e.Subkeys[0].PrivateKey} {
			var plain bytes.Buffer
			if err := k.Serialize(&plain); err != nil {
				t.Fatal(err)
			}
			if err := k.EncryptWithConfig([]byte("hunter2"), cfg); err != nil {
				t.Fatal(err)
			}
			var buf bytes.Buffer
			if err := k.Serialize(&buf); err != nil {
				t.Fatal(err)
			}
			data := buf.Bytes()
			cases = append(cases, probetest.Case{
				Name: name, Data: data, Kind: privkey.PGP, Encoding: probe.PGP, Confidence: probe.Confirmed,
				Private: [][]byte{data[len(data)-48:]}, Cut: true,
			})
			a, ok1 := ParsePackets(plain.Bytes())
			b, ok2 := ParsePackets(data)
			if !ok1 || !ok2 || !bytes.Equal(a.Identity, b.Identity) || a.SPKI == nil {
				t.Errorf("%s: plain and encrypted packet have two identities", name)
			}
		}
	}
	probetest.Accept(t, NewPacket(), cases...)
}

func TestParsePackets(t *testing.T) {
	e := entity(t, &pgppacket.Config{Algorithm: pgppacket.PubKeyAlgoEdDSA})
	var buf, pub bytes.Buffer
	if err := e.SerializePrivateWithoutSigning(&buf, nil); err != nil {
		t.Fatal(err)
	}
	if err := e.Serialize(&pub); err != nil {
		t.Fatal(err)
	}
	k, ok := ParsePackets(append(buf.Bytes(), probetest.Noise(1, 100)...))
	if !ok || k.Confidence != probe.Confirmed || len(k.Private) != 2 || k.End != buf.Len() || len(k.Values) < 2 {
		t.Errorf("transferable key: %v, %v, %d private ranges, end %d of %d", ok, k.Confidence, len(k.Private), k.End, buf.Len())
	}
	if _, ok := ParsePackets(pub.Bytes()); ok {
		t.Error("a public key is taken for a secret one")
	}
	probetest.Reject(t, NewPacket(), "public key", pub.Bytes())
	if _, ok := ParsePackets(random(4096)); ok {
		t.Error("random octets are taken for a key")
	}
}

func TestReject(t *testing.T) {
	probetest.Reject(t, NewPacket(), "random", random(8<<20))
	probetest.Reject(t, NewFields(), "random", random(1<<20))
	probetest.Reject(t, NewPacket(), "memory", probetest.Noise(5, 1<<20))
	// A stub names a key and holds none.
	for _, ex := range examples(t) {
		if ex.name != "v4 ed25519" {
			continue
		}
		body := append(bytes.Clone(ex.body()[:6+32]), 254, 9, 101, 2, 'G', 'N', 'U', 1)
		stub := append([]byte{0xc5, byte(len(body))}, body...)
		probetest.Reject(t, NewPacket(), "stub", append(stub, random(64)...))
	}
}

// TestShort: a header that leaves no room for octets of a known number is none, though their
// beginning may be that of a packet that the end of the data cuts.
func TestShort(t *testing.T) {
	for _, ex := range examples(t) {
		if ex.name != "v4 ed25519" {
			continue
		}
		body := ex.body()
		for _, n := range []int{len(body) - 1, len(body) - 2, len(body) - 12} {
			short := append([]byte{0xc5, byte(n)}, body[:n]...)
			probetest.Reject(t, NewPacket(), "short", append(short, random(64)...))
		}
	}
	// What would be sealed is no random number from its first half line on.
	n := rsaV3(t).body()[8 : 8+2+128+2+3]
	b := append([]byte{0x97, 4, 0x60, 1, 2, 3, algoRSA}, n...)
	b = append(b, 0xfe, 9, 3, 8)
	b = append(b, random(8+1+16+16)...)
	probetest.Reject(t, NewPacket(), "sealed zeros", append(b, make([]byte, 256)...))
}

// TestTruncated: a packet is found for as long as private octets are there.
func TestTruncated(t *testing.T) {
	for _, ex := range examples(t) {
		first := len(ex.packet)
		for _, p := range ex.private {
			first = min(first, bytes.Index(ex.packet, p))
		}
		for n := first + minPrivate + 1; n < len(ex.packet); n++ {
			p, ok := parsePacket(ex.packet[:n], 0)
			if !ok {
				t.Fatalf("%s: cut to %d: no packet", ex.name, n)
			}
			if _, ok := p.key(0); !ok {
				t.Errorf("%s: cut to %d of %d, private from %d: not found", ex.name, n, len(ex.packet), first)
				break
			}
		}
	}
}

// TestFields: an RSA packet that lost its first 32 octets is still found.
func TestFields(t *testing.T) {
	for _, ex := range examples(t) {
		if !strings.HasSuffix(ex.name, "rsa") {
			continue
		}
		damaged := bytes.Clone(ex.packet)
		copy(damaged, random(32))
		probetest.Accept(t, NewFields(), probetest.Case{
			Name: ex.name, Data: damaged, Kind: privkey.PGP, Encoding: probe.PGP, Confidence: probe.Confirmed, Private: ex.private,
		})
		probetest.Reject(t, NewFields(), ex.name+" with its header", ex.packet)
		p, _ := parsePacket(ex.packet, 0)
		whole, ok := p.key(0)
		if !ok {
			t.Fatal("whole packet not found")
		}
		s, err := search.New([]probe.Detector{NewFields()})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range probetest.Matches(s, damaged, len(damaged)) {
			if !bytes.Equal(f.Identity, whole.Identity) {
				t.Error("the damaged copy has another identity")
			}
		}
	}
}

// TestGnuPG reads what gpg exports.
func TestGnuPG(t *testing.T) {
	t.Parallel() // it waits for gpg most of the time
	gpg, err := exec.LookPath("gpg")
	if err != nil {
		t.Skip("no gpg on this machine")
	}
	home, err := os.MkdirTemp("", "gnupg") // short: a socket's path must fit 108 octets
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(home)
	run := func(args ...string) []byte {
		cmd := exec.Command(gpg, append([]string{"--homedir", home, "--batch", "--pinentry-mode", "loopback"}, args...)...)
		out, err := cmd.Output()
		if err != nil {
			t.Skipf("gpg does not run here: %v", err)
		}
		return out
	}
	defer exec.Command("gpgconf", "--homedir", home, "--kill", "gpg-agent").Run()
	for _, key := range [][2]string{{"ed25519", ""}, {"nistp256", "hunter2"}} {
		algo, pass := key[0], key[1]
		name := algo + "@example.com"
		run("--passphrase", pass, "--quick-generate-key", name, algo, "default", "never")
		data := run("--passphrase", pass, "--export-secret-keys", name)
		k, ok := ParsePackets(data)
		if !ok || k.Confidence != probe.Confirmed || k.End != len(data) || k.SPKI == nil {
			t.Errorf("%s: %v, %v, ends at %d of %d", name, ok, k.Confidence, k.End, len(data))
		}
	}
	checkAgent(t, filepath.Join(home, "private-keys-v1.d"))
}

// checkAgent reads the key files of gpg-agent.
func checkAgent(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.key"))
	if err != nil || len(files) != 2 {
		t.Errorf("%d key files, want 2: %v", len(files), err)
	}
	s, err := search.New([]probe.Detector{NewSexp(), NewSexpText()})
	if err != nil {
		t.Fatal(err)
	}
	sealed := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		fs := probetest.Matches(s, data, len(data))
		if len(fs) != 1 || fs[0].Confidence != probe.Confirmed || fs[0].SPKI == nil {
			t.Errorf("key file: %d matches, want one confirmed", len(fs))
			continue
		}
		if fs[0].Kind == privkey.Encrypted {
			sealed++
		}
	}
	if sealed != 1 {
		t.Errorf("%d encrypted key files, want 1", sealed)
	}
}

// FuzzPacket: what is found lies inside the data, in order, and is not found
// again once it is redacted.
func FuzzPacket(f *testing.F) {
	for _, ex := range examples(f) {
		f.Add(ex.packet)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		k, ok := ParsePackets(b)
		if !ok {
			return
		}
		out, last := bytes.Clone(b), 0
		for _, r := range k.Private {
			if r.Start < last || r.End <= r.Start || r.End > len(b) {
				t.Fatalf("range %v of %d octets", r, len(b))
			}
			last = r.End
			copy(out[r.Start:r.End], bytes.Repeat([]byte{probe.Fill}, r.Len()))
		}
		if len(k.Identity) == 0 {
			t.Fatal("a key without identity")
		}
		if again, ok := ParsePackets(out); ok {
			t.Fatalf("found again after redaction: %v, first %v", again.Private, k.Private)
		}
	})
}

// TestFilterAgrees: the filter names every place where a packet begins, also in
// data that it goes through eight octets at a time.
func TestFilterAgrees(t *testing.T) {
	for _, ex := range examples(t) {
		for off := range 17 {
			data := append(make([]byte, off), ex.packet...)
			found := false
			packets{}.Filter(data, 0, 0, len(data), func(i int) { found = found || i == off })
			if !found {
				t.Errorf("%s at %d: no candidate", ex.name, off)
			}
		}
	}
}

// BenchmarkFilter goes over eight MiB of random data and 24 of what looks random.
func BenchmarkFilter(b *testing.B) {
	data := make([]byte, 32<<20)
	for i := 0; i < len(data); i += 8 {
		binary.LittleEndian.PutUint64(data[i:], uint64(i)*0x9E3779B97F4A7C15)
	}
	rand.Read(data[:8<<20])
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		hits := 0
		packets{}.Filter(data, 0, 0, len(data), func(int) { hits++ })
		b.ReportMetric(float64(hits)/float64(len(data)>>20), "candidates/MiB")
	}
}
