package wrapped

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"math/big"
	"net"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

func all() []probe.Detector {
	return []probe.Detector{
		NewKeyLog(), NewAge(), NewWireGuard(), NewKeytab(), NewCredentialCache(), NewEncryptionKey(),
		NewDPAPIBlob(), NewDPAPIHex(), NewDPAPIMasterKeyFile(), NewDPAPIMasterKeyCache(), NewBCryptKey(), NewBKS(),
	}
}

func textCase(name, kind, encoding, text string, c probe.Confidence, private ...string) probetest.Case {
	k := probetest.Case{Name: name, Data: []byte(text), Text: true, Kind: kind, Encoding: encoding, Confidence: c, Cut: true}
	for _, p := range private {
		k.Private = append(k.Private, []byte(p))
	}
	return k
}

func binCase(name, kind, encoding string, data []byte, c probe.Confidence, private ...[]byte) probetest.Case {
	return probetest.Case{Name: name, Data: data, Kind: kind, Encoding: encoding, Confidence: c, Private: private, Cut: true}
}

func TestKeyLogAccept(t *testing.T) {
	var cases []probetest.Case
	line := func(name, label string, n int, upper bool) {
		random, key := hexOf(secret(32)), hexOf(secret(n))
		if upper {
			random, key = strings.ToUpper(random), strings.ToUpper(key)
		}
		cases = append(cases, textCase(name, TLSSecret, probe.Hex, label+" "+random+" "+key+"\n", probe.Confirmed, key))
	}
	line("tls 1.2", "CLIENT_RANDOM", 48, false)
	line("traffic", "CLIENT_TRAFFIC_SECRET_0", 32, false)
	line("next traffic", "SERVER_TRAFFIC_SECRET_13", 48, true)
	line("handshake", "SERVER_HANDSHAKE_TRAFFIC_SECRET", 48, false)
	line("early", "CLIENT_EARLY_TRAFFIC_SECRET", 32, false)
	line("exporter", "EXPORTER_SECRET", 32, false)
	line("early exporter", "EARLY_EXPORTER_SECRET", 32, false)
	line("quic", "QUIC_CLIENT_HANDSHAKE_TRAFFIC_SECRET", 32, false)
	key := hexOf(secret(48))
	cases = append(cases,
		textCase("rsa", TLSSecret, probe.Hex, "RSA "+hexOf(secret(8))+" "+key+"\n", probe.Confirmed, key),
		textCase("openssl", TLSSecret, probe.Hex, "Master-Key: "+key+"\n", probe.Confirmed, key),
		textCase("openssl 1.3", TLSSecret, probe.Hex, "Resumption PSK: "+key+"\n", probe.Confirmed, key))
	probetest.Accept(t, NewKeyLog(), cases...)
}

func TestAgeAccept(t *testing.T) {
	x, pq := bech32("AGE-SECRET-KEY-", secret(32)), bech32("AGE-SECRET-KEY-PQ-", secret(32))
	misread := []byte(x)
	if misread[30]++; misread[30] == 'B' || misread[30] == 'I' || misread[30] == 'O' || misread[30] == '1' || misread[30] > 'Z' || misread[30] > '9' && misread[30] < 'A' {
		misread[30] = 'Q' // 'A', 'H', 'N', '0', 'Z' and '9' were before: none is it
	}
	probetest.Accept(t, NewAge(),
		textCase("x25519", AgeKey, probe.ASCII, x, probe.Confirmed, x[len("AGE-SECRET-KEY-1"):]),
		textCase("post-quantum", AgeKey, probe.ASCII, pq, probe.Confirmed, pq[len("AGE-SECRET-KEY-PQ-1"):]),
		textCase("lower case", AgeKey, probe.ASCII, strings.ToLower(x), probe.Confirmed, strings.ToLower(x)[len("AGE-SECRET-KEY-1"):]),
		textCase("misread", AgeKey, probe.ASCII, string(misread), probe.Likely, x[31:]),
	)
}

func TestWireGuardAccept(t *testing.T) {
	key, pub := wgKeys()
	k, p := b64(key), b64(pub)
	probetest.Accept(t, NewWireGuard(),
		textCase("configuration", WireGuardKey, probe.Base64, "[Interface]\nPrivateKey = "+k+"\nListenPort = 51820\n", probe.Likely, k),
		textCase("with its public key", WireGuardKey, probe.Base64, "# "+p+"\nPrivateKey="+k+"\n", probe.Confirmed, k),
		textCase("json", WireGuardKey, probe.Base64, `"PrivateKey": "`+k+`"`, probe.Likely, k),
		textCase("preshared", WireGuardPreshared, probe.Base64, "PresharedKey = "+k+"\n", probe.Likely, k),
		textCase("protocol", WireGuardKey, probe.Hex, "set=1\nprivate_key="+hexOf(key)+"\nlisten_port=1\n", probe.Likely, hexOf(key)),
		textCase("cut", WireGuardKey, probe.Base64, "PrivateKey = "+k[:30]+"\x00", probe.Likely, k[:28]),
	)
}

func TestKerberosAccept(t *testing.T) {
	k1, k2 := secret(32), secret(16)
	probetest.Accept(t, NewKeytab(), binCase("keytab", KerberosKeytab, probe.Raw, keytab(k1, k2), probe.Confirmed, k1, k2))
	probetest.Accept(t, NewCredentialCache(),
		binCase("ccache", KerberosCache, probe.Raw, ccache(k1, true), probe.Confirmed, k1),
		binCase("ccache without header", KerberosCache, probe.Raw, ccache(k1, false), probe.Confirmed, k1))
	probetest.Accept(t, NewEncryptionKey(),
		binCase("aes256", KerberosKey, probe.DER, encryptionKey(18, k1), probe.Likely, k1),
		binCase("rc4", KerberosKey, probe.DER, encryptionKey(23, k2), probe.Likely, k2),
		binCase("des3", KerberosKey, probe.DER, encryptionKey(16, k1[:24]), probe.Likely, k1[:24]))
}

func TestWindowsAccept(t *testing.T) {
	data, k1, k2, key := secret(80), secret(144), secret(112), secret(64)
	text := hexOf(dpapi(data))
	probetest.Accept(t, NewDPAPIBlob(), binCase("blob", DPAPIBlob, probe.Raw, dpapi(data), probe.Likely, data))
	probetest.Accept(t, NewDPAPIHex(),
		textCase("hex", DPAPIBlob, probe.Hex, text+"\n", probe.Likely, hexOf(data)),
		textCase("upper", DPAPIBlob, probe.Hex, strings.ToUpper(text)+"\n", probe.Likely, strings.ToUpper(hexOf(data))))
	probetest.Accept(t, NewDPAPIMasterKeyFile(), binCase("file", DPAPIMasterKey, probe.Raw, masterKeyFile(k1, k2), probe.Likely, k1, k2))
	probetest.Accept(t, NewDPAPIMasterKeyCache(),
		binCase("64-bit", DPAPIMasterKey, probe.Raw, masterKeyEntry(8, key), probe.Likely, key),
		binCase("32-bit", DPAPIMasterKey, probe.Raw, masterKeyEntry(4, key), probe.Likely, key))
	var cases []probetest.Case
	for _, at := range []int{24, 32, 40, 52, 56} {
		cases = append(cases, binCase("aes", privkey.Symmetric, probe.CNG, bcryptKey(at, key[:16], true), probe.Confirmed, key[:16]),
			binCase("3des", privkey.Symmetric, probe.CNG, bcryptKey(at, key[:24], false), probe.Likely, key[:24]))
	}
	probetest.Accept(t, NewBCryptKey(), cases...)
}

// TestPublic: the public half of X25519 keys is what their owner publishes.
func TestPublic(t *testing.T) {
	key, pub := wgKeys()
	want := privkey.SPKIForX25519(pub)
	for _, text := range []string{"PrivateKey = " + b64(key) + "\n", "private_key=" + hexOf(key) + "\n", bech32("AGE-SECRET-KEY-", key)} {
		n := 0
		s, err := search.New(all())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range probetest.Matches(s, []byte(text), len(text)) {
			n++
			if !bytes.Equal(f.SPKI, want) || !bytes.Equal(f.Identity, want) {
				t.Errorf("%.11s: another public key", text)
			}
		}
		if n != 1 {
			t.Errorf("%.11s: %d matches, want 1", text, n)
		}
	}
}

func TestReject(t *testing.T) {
	key, pub := wgKeys()
	etypes := encryptionKey(18, make([]byte, 32))
	cases := map[string][]byte{
		"noise":                probetest.Noise(5, 1<<18),
		"random":               secret(1 << 18),
		"labels in a program":  []byte("CLIENT_RANDOM \x00CLIENT_TRAFFIC_SECRET_\x00RSA \x00Master-Key:\x00AGE-SECRET-KEY-1\x00PrivateKey\x00KSSM"),
		"a line without key":   []byte("CLIENT_RANDOM " + hexOf(key) + "\n"),
		"a short secret":       []byte("CLIENT_RANDOM " + hexOf(key) + " " + hexOf(key) + "\n"),
		"no secret":            []byte("EXPORTER_SECRET " + hexOf(key) + " " + strings.Repeat("00", 32) + "\n"),
		"age recipient":        []byte(bech32("AGE", pub)),
		"age placeholder":      []byte("AGE-SECRET-KEY-1" + strings.Repeat("Q", 58)),
		"public wireguard key": []byte("PublicKey = " + b64(pub) + "\n"),
		"no wireguard key":     []byte("PrivateKey = ReadPrivateKeyFromFile(path)\nPrivateKey = <redacted>\n"),
		"a program's key":      []byte("EllipticCurvePrivateKeyWithSerialization = EllipticCurvePrivateKey\x00"),
		"a longer key":         []byte("PrivateKey = " + b64(secret(66)) + "\n"),
		"zero key":             etypes,
		"wrong size":           encryptionKey(18, secret(16)),
		"zero keytab":          append([]byte{5, 2}, make([]byte, 256)...),
		"zero ccache":          append([]byte{5, 4}, make([]byte, 256)...),
		"provider alone":       append([]byte(provider), make([]byte, 256)...),
		"object without key":   bcryptKey(40, make([]byte, 16), false),
	}
	for name, data := range cases {
		for _, d := range all() {
			probetest.Reject(t, d, name, data)
		}
	}
}

// TestBech32 takes the shortest valid example of BIP 173, "A12UEL5L".
func TestBech32(t *testing.T) {
	var groups []byte
	for _, c := range []byte("2UEL5L") {
		groups = append(groups, byte(bechGroup(c, false)))
	}
	if !bechValid([]byte("A"), groups) {
		t.Error("a valid check sum is refused")
	}
	if groups[3] ^= 1; bechValid([]byte("A"), groups) {
		t.Error("an invalid check sum is accepted")
	}
}

// TestRealKeyLog: what Go's TLS writes is found line by line, both versions.
func TestRealKeyLog(t *testing.T) {
	s, err := search.New([]probe.Detector{NewKeyLog()})
	if err != nil {
		t.Fatal(err)
	}
	for version, want := range map[uint16]int{tls.VersionTLS12: 1, tls.VersionTLS13: 4} {
		log := handshake(t, version)
		fs := probetest.Matches(s, log, len(log))
		if len(fs) != want || bytes.Count(log, []byte("\n")) != want {
			t.Errorf("%#x: %d matches, want %d", version, len(fs), want)
		}
		for _, f := range fs {
			if f.Confidence != probe.Confirmed {
				t.Errorf("%#x: %s", version, f.Confidence)
			}
		}
	}
}

// handshake runs one over a pipe and returns the client's key log.
func handshake(t *testing.T, version uint16) []byte {
	t.Helper()
	pk, sk, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, pk, sk)
	if err != nil {
		t.Fatal(err)
	}
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	server := tls.Server(a, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: sk}}, SessionTicketsDisabled: true})
	go server.Handshake()
	var log bytes.Buffer
	client := tls.Client(b, &tls.Config{InsecureSkipVerify: true, MaxVersion: version, KeyLogWriter: &log})
	if err := client.Handshake(); err != nil {
		t.Fatal(err)
	}
	return log.Bytes()
}

// TestKeyblock follows the pointer of a krb5_keyblock in four forms.
func TestKeyblock(t *testing.T) {
	const addr = 0x5655aa10
	key := secret(32)
	mem := map[uint64][]byte{addr: bytes.Clone(key)}
	read := func(a uint64, p []byte) bool { return len(mem[a]) >= len(p) && copy(p, mem[a]) == len(p) }
	if NewKeyblock(probe.Facts{}) != nil {
		t.Error("a prover without memory")
	}
	s, err := search.New([]probe.Detector{NewKeyblock(probe.Facts{Memory: read})})
	if err != nil {
		t.Fatal(err)
	}
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, wide := range []bool{true, false} {
			w := writer{order: order}
			w.u32(-1760647421).u32(18).u32(32)
			if wide {
				w.u32(0).u64(addr)
			} else {
				w.u32(addr)
			}
			count := func() (n int) {
				s.Search(search.Window{Data: w.Bytes(), Hi: w.Len()}, func(f search.Found) {
					n++
					if f.Confidence != probe.Confirmed || len(f.Redact) != 0 || len(f.Remote) != 1 ||
						f.Remote[0] != (probe.Block{Addr: addr, Len: 32}) || !bytes.Equal(f.Identity, key) || f.End != w.Len() {
						t.Error("the match is not as it should be")
					}
				})
				return n
			}
			if n := count(); n != 1 {
				t.Errorf("%v, 64 bits %v: %d matches, want 1", order, wide, n)
			}
			mem[addr] = bytes.Repeat([]byte{probe.Fill}, 32)
			if n := count(); n != 0 {
				t.Errorf("%v, 64 bits %v: a redacted key is found", order, wide)
			}
			mem[addr] = bytes.Clone(key)
		}
	}
}

// FuzzAll: what is found lies inside the data, and is gone once it is redacted.
func FuzzAll(f *testing.F) {
	key, pub := wgKeys()
	for _, p := range [][]byte{
		[]byte("CLIENT_RANDOM " + hexOf(key) + " " + hexOf(secret(48)) + "\n"),
		[]byte(bech32("AGE-SECRET-KEY-", key)), []byte("PrivateKey = " + b64(key) + "\n" + b64(pub)),
		keytab(key, pub[:16]), ccache(key, true), encryptionKey(18, key), dpapi(key), []byte(hexOf(dpapi(key))),
		masterKeyFile(secret(144), key), masterKeyEntry(8, secret(64)), bcryptKey(56, key, true),
		bks(2, secret(300), key),
	} {
		f.Add(p)
	}
	var each []*search.Searcher
	for _, d := range all() {
		s, err := search.New([]probe.Detector{d})
		if err != nil {
			f.Fatal(err)
		}
		each = append(each, s)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, s := range each {
			fs := probetest.Matches(s, data, len(data)+1)
			for _, x := range fs {
				if len(x.Identity) == 0 || len(x.Redact) == 0 {
					t.Fatal("a match without identity or private part")
				}
				for _, r := range x.Redact {
					if r.Start < x.Start || r.End > x.End || r.Len() <= 0 || x.End > len(data) {
						t.Fatal("a range outside the match")
					}
				}
			}
			red := probetest.Redact(data, fs)
			if again := probetest.Matches(s, red, len(red)+1); len(again) > 0 {
				t.Fatalf("%s is found again after redaction", again[0].Kind)
			}
		}
	})
}
