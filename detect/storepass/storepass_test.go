package storepass

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	jks "github.com/pavlo-v-chernykh/keystore-go/v4"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// store is a JKS store of a key, as the library writes it.
func store(t testing.TB, key any, password string) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	ks := jks.New()
	if err := ks.SetPrivateKeyEntry("key", jks.PrivateKeyEntry{
		CreationTime: time.Unix(1.6e9, 0), PrivateKey: der, CertificateChain: []jks.Certificate{{Type: "X.509", Content: []byte("none")}},
	}, []byte(password)); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := ks.Store(&b, []byte(password)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sealed returns what the harvester finds in data.
func sealed(t testing.TB, data []byte) (out []probe.Sealed) {
	t.Helper()
	s, err := search.New(Keys())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range probetest.Matches(s, data, len(data)) {
		out = append(out, *f.Sealed)
	}
	return out
}

func keysOf(t testing.TB) map[string]any {
	t.Helper()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{"P-256": ec, "Ed25519": ed, "RSA": key}
}

func TestPassword(t *testing.T) {
	for name, key := range keysOf(t) {
		password := rand.Text()
		keys := sealed(t, append(probetest.Noise(1, 100), store(t, key, password)...))
		if len(keys) != 1 {
			t.Fatalf("%s: %d encrypted keys", name, len(keys))
		}
		// The JDK writes no parameters.
		if bare := sealed(t, bytes.Replace(store(t, key, password), []byte(protector+parameters), []byte(protector), 1)); len(bare) != 1 || bare[0].Len != keys[0].Len {
			t.Fatalf("%s: %d encrypted keys without parameters", name, len(bare))
		}
		facts := probe.Facts{Sealed: keys}
		c := probetest.Case{Name: name, Data: append([]byte(password), 0), Private: [][]byte{[]byte(password)}, Kind: Kind,
			Encoding: probe.ASCII, Confidence: probe.Confirmed}
		one(t, Text(facts), c)
		c.Name, c.Data, c.Private, c.Encoding = name+", wide", append(probetest.Widen([]byte(password)), 0, 0), [][]byte{probetest.Widen([]byte(password))}, probe.UTF16LE
		one(t, Wide(facts), c)
		for _, other := range []string{rand.Text(), password[1:], password[:len(password)-1], password + "A"} {
			probetest.Reject(t, Text(facts), "another password", []byte(other))
		}
		// A prover forgets nothing that it refuted, and so the right one comes first here.
		probetest.Accept(t, Text(facts), probetest.Case{Name: name + ", as an argument", Data: []byte(" -Djavax.net.ssl.keyStorePassword=" + password + "\x00"),
			Private: [][]byte{[]byte(password)}, Kind: Kind, Encoding: probe.ASCII, Confidence: probe.Confirmed})
	}
	if Text(probe.Facts{}) != nil || Wide(probe.Facts{}) != nil {
		t.Error("a prover without facts")
	}
}

// one holds that the case is found alone, between zeros and behind a length, and that its redaction is not.
func one(t *testing.T, d probe.Detector, c probetest.Case) {
	t.Helper()
	s, err := search.New([]probe.Detector{d})
	if err != nil {
		t.Fatal(err)
	}
	for _, before := range [][]byte{nil, make([]byte, 16), {1, 0, 0, 0, 0, 0, 0, 0, 0x28, 0x6c, 0, 0, 26, 0, 0, 0}} {
		data := append(bytes.Clone(before), c.Data...)
		fs := probetest.Matches(s, data, len(data))
		if len(fs) != 1 || fs[0].Confidence != c.Confidence || fs[0].Encoding != c.Encoding || fs[0].Kind != c.Kind {
			t.Fatalf("%s behind %x: %d matches", c.Name, before, len(fs))
		}
		if clean := probetest.Redact(data, fs); bytes.Contains(clean, c.Private[0]) || len(probetest.Matches(s, clean, len(clean))) > 0 {
			t.Errorf("%s behind %x: still there", c.Name, before)
		}
	}
}

func TestKeysReject(t *testing.T) {
	data := store(t, keysOf(t)["P-256"], rand.Text())
	at := bytes.Index(data, []byte(protector))
	if at < 0 {
		t.Fatal("the library does not use the protector of JKS")
	}
	at += len(parameters)
	probetest.Reject(t, Keys()[0], "no room", data[:at+len(protector)+30])
	short := bytes.Clone(data)
	short[at+len(protector)], short[at+len(protector)+1] = 0x10, 0x20
	probetest.Reject(t, Keys()[0], "a short key", short)
}

// TestKeytool proves the password of a store that the JDK wrote.
func TestKeytool(t *testing.T) {
	t.Parallel() // it waits for keytool most of the time
	tool, err := exec.LookPath("keytool")
	if err != nil {
		t.Skip("no keytool on this machine")
	}
	file, password := filepath.Join(t.TempDir(), "a.jks"), rand.Text()
	out, err := exec.Command(tool, "-genkeypair", "-alias", "main", "-keyalg", "EC", "-dname", "CN=test", "-keystore", file,
		"-storetype", "jks", "-storepass", password, "-keypass", password).CombinedOutput()
	if err != nil {
		t.Skipf("keytool does not run here: %v: %s", err, out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	keys := sealed(t, data)
	if len(keys) != 1 {
		t.Fatalf("%d encrypted keys", len(keys))
	}
	one(t, Text(probe.Facts{Sealed: keys}), probetest.Case{Name: "keytool", Data: append([]byte(password), 0),
		Private: [][]byte{[]byte(password)}, Kind: Kind, Encoding: probe.ASCII, Confidence: probe.Confirmed})
}
