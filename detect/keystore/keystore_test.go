package keystore

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	jks "github.com/pavlo-v-chernykh/keystore-go/v4"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

func random(n int) []byte {
	p := make([]byte, n)
	rand.Read(p)
	return p
}

// pair returns a key in PKCS#8, a certificate for it and its public half.
func pair(t testing.TB) (key, cert, spki []byte) {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"},
		NotBefore: time.Unix(1e9, 0), NotAfter: time.Unix(2e9, 0),
	}
	if cert, err = x509.CreateCertificate(rand.Reader, tmpl, tmpl, &k.PublicKey, k); err != nil {
		t.Fatal(err)
	}
	if key, err = x509.MarshalPKCS8PrivateKey(k); err != nil {
		t.Fatal(err)
	}
	if spki, err = x509.MarshalPKIXPublicKey(&k.PublicKey); err != nil {
		t.Fatal(err)
	}
	return key, cert, spki
}

// sample is a store with keys entries and trusted ones, as the library writes it.
func sample(t testing.TB, keys, trusted int) (data, spki []byte) {
	ks := jks.New(jks.WithOrderedAliases())
	for i := range keys {
		key, cert, pub := pair(t)
		spki = pub
		if err := ks.SetPrivateKeyEntry("key "+string(rune('a'+i)), jks.PrivateKeyEntry{
			CreationTime: time.Unix(1.6e9, 0), PrivateKey: key, CertificateChain: []jks.Certificate{{Type: "X.509", Content: cert}},
		}, []byte("changeit")); err != nil {
			t.Fatal(err)
		}
	}
	for i := range trusted {
		_, cert, _ := pair(t)
		if err := ks.SetTrustedCertificateEntry("root "+string(rune('a'+i)), jks.TrustedCertificateEntry{
			CreationTime: time.Unix(1.6e9, 0), Certificate: jks.Certificate{Type: "X.509", Content: cert},
		}); err != nil {
			t.Fatal(err)
		}
	}
	var buf bytes.Buffer
	if err := ks.Store(&buf, []byte("changeit")); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes(), spki
}

// encrypted returns the encrypted octets of the first key: the OCTET STRING
// behind the identifier of the JDK's own cipher.
func encrypted(t testing.TB, data []byte) []byte {
	oid := []byte("\x06\x0a\x2b\x06\x01\x04\x01\x2a\x02\x11\x01\x01\x05\x00\x04\x81")
	i := bytes.Index(data, oid)
	if i < 0 {
		t.Fatal("no encrypted key in the store")
	}
	i += len(oid)
	return data[i+1 : i+1+int(data[i])]
}

// secretStore writes a JCEKS store with one secret entry by hand.
func secretStore() (data, content []byte) {
	content = random(48)
	var w bytes.Buffer
	utf := func(s string) { binary.Write(&w, binary.BigEndian, uint16(len(s))); w.WriteString(s) }
	class := func(name string) { w.WriteByte(0x72); utf(name); w.Write(random(8)); w.WriteByte(2) }
	binary.Write(&w, binary.BigEndian, []uint32{0xcececece, 2, 1, 3})
	utf("hmac")
	binary.Write(&w, binary.BigEndian, uint64(1600000000000))
	w.WriteString("\xac\xed\x00\x05\x73")
	class("com.sun.crypto.provider.SealedObjectForKeyProtector")
	w.WriteString("\x00\x00\x78")
	class("javax.crypto.SealedObject")
	w.WriteString("\x00\x04[")
	utf("encodedParams")
	w.WriteString("\x74")
	utf("[B")
	w.WriteString("[")
	utf("encryptedContent")
	w.WriteString("\x71\x00\x7e\x00\x02L")
	utf("paramsAlg")
	w.WriteString("\x74")
	utf("Ljava/lang/String;")
	w.WriteString("L")
	utf("sealAlg")
	w.WriteString("\x71\x00\x7e\x00\x03\x78\x70\x75")
	class("[B")
	w.WriteString("\x00\x00\x78\x70\x00\x00\x00\x0f\x30\x0d\x04\x08")
	w.Write(random(8))
	w.WriteString("\x02\x01\x14\x75\x71\x00\x7e\x00\x05\x00\x00\x00\x30")
	w.Write(content)
	w.WriteString("\x74")
	utf("PBEWithMD5AndTripleDES")
	w.WriteString("\x74")
	utf("PBEWithMD5AndTripleDES")
	w.Write(random(20))
	return w.Bytes(), content
}

func TestAccept(t *testing.T) {
	one, _ := sample(t, 1, 0)
	mixed, _ := sample(t, 2, 3)
	jceks := bytes.Clone(one)
	copy(jceks, "\xce\xce\xce\xce")
	secret, content := secretStore()
	tail := func(p []byte) []byte { return p[len(p)-20:] }
	probetest.Accept(t, New(),
		probetest.Case{Name: "one key", Data: one, Kind: Kind, Encoding: probe.JKS, Confidence: probe.Confirmed, Private: [][]byte{encrypted(t, one), tail(one)}, Cut: true},
		probetest.Case{Name: "keys and roots", Data: mixed, Kind: Kind, Encoding: probe.JKS, Confidence: probe.Confirmed, Private: [][]byte{encrypted(t, mixed), tail(mixed)}, Cut: true},
		probetest.Case{Name: "jceks", Data: jceks, Kind: Kind, Encoding: probe.JCEKS, Confidence: probe.Confirmed, Private: [][]byte{encrypted(t, jceks)}, Cut: true},
		probetest.Case{Name: "secret key", Data: secret, Kind: Kind, Encoding: probe.JCEKS, Confidence: probe.Confirmed, Private: [][]byte{content, tail(secret)}, Cut: true},
	)
}

func TestIdentity(t *testing.T) {
	data, spki := sample(t, 1, 2)
	k, _, ok := parse(data, 0)
	if !ok || !bytes.Equal(k.SPKI, spki) || !bytes.Equal(k.Identity, spki) || k.End != len(data) {
		t.Errorf("one key: %v, not named by its certificate, or ends at %d of %d", ok, k.End, len(data))
	}
	data, _ = sample(t, 2, 0)
	if k, _, ok := parse(data, 0); !ok || k.SPKI != nil || len(k.Values) != 2 || len(k.Private) != 3 {
		t.Errorf("two keys: %v, %d values, %d private ranges", ok, len(k.Values), len(k.Private))
	}
}

func TestReject(t *testing.T) {
	trust, _ := sample(t, 0, 4)
	probetest.Reject(t, New(), "trust store", append(trust, probetest.Noise(1, 300)...))
	probetest.Reject(t, New(), "random", random(1<<20))
	probetest.Reject(t, New(), "magic only", append([]byte("\xfe\xed\xfe\xed\x00\x00\x00\x02\x00\x00\x00\x01"), random(4096)...))
	probetest.Reject(t, New(), "poison", bytes.Repeat([]byte("\xce\xce\xce\xce\x00\x00\x00\x02"), 100))
}

// TestTruncated: a store is found for as long as encrypted bytes are there.
func TestTruncated(t *testing.T) {
	data, _ := sample(t, 1, 1)
	first := bytes.Index(data, encrypted(t, data))
	for n := first + 16; n < len(data); n++ {
		k, _, ok := parse(data[:n], 0)
		if !ok || k.Confidence != probe.Likely {
			t.Fatalf("cut to %d of %d, private from %d: found %v, %v", n, len(data), first, ok, k.Confidence)
		}
	}
	secret, content := secretStore()
	for n := bytes.Index(secret, content) + 16; n < len(secret); n++ {
		if _, _, ok := parse(secret[:n], 0); !ok {
			t.Fatalf("secret entry cut to %d of %d: not found", n, len(secret))
		}
	}
}

// TestKeytool reads what the JDK writes.
func TestKeytool(t *testing.T) {
	t.Parallel() // it waits for keytool most of the time
	tool, err := exec.LookPath("keytool")
	if err != nil {
		t.Skip("no keytool on this machine")
	}
	dir := t.TempDir()
	run := func(store, kind string, args ...string) {
		args = append(args, "-keystore", filepath.Join(dir, store), "-storetype", kind, "-storepass", "changeit", "-keypass", "changeit")
		if out, err := exec.Command(tool, args...).CombinedOutput(); err != nil {
			t.Skipf("keytool does not run here: %v: %s", err, out)
		}
	}
	run("a.jks", "jks", "-genkeypair", "-alias", "main", "-keyalg", "EC", "-dname", "CN=test")
	run("b.jceks", "jceks", "-genkeypair", "-alias", "main", "-keyalg", "EC", "-dname", "CN=test")
	run("b.jceks", "jceks", "-genseckey", "-alias", "aes", "-keyalg", "AES", "-keysize", "256")
	for store, keys := range map[string]int{"a.jks": 1, "b.jceks": 2} {
		data, err := os.ReadFile(filepath.Join(dir, store))
		if err != nil {
			t.Fatal(err)
		}
		k, encoding, ok := parse(data, 0)
		if !ok || k.Confidence != probe.Confirmed || k.End != len(data) || len(k.Values) != keys || "."+encoding != filepath.Ext(store) {
			t.Errorf("%s: %v, %v, %s, %d keys, ends at %d of %d", store, ok, k.Confidence, encoding, len(k.Values), k.End, len(data))
		}
		if (k.SPKI != nil) != (keys == 1) {
			t.Errorf("%s: public key known: %v", store, k.SPKI != nil)
		}
	}
}

// FuzzParse: what is found lies inside the data, in order, and is not found again
// once it is redacted.
func FuzzParse(f *testing.F) {
	one, _ := sample(f, 1, 1)
	f.Add(one)
	secret, _ := secretStore()
	f.Add(secret)
	f.Fuzz(func(t *testing.T, b []byte) {
		k, _, ok := parse(b, 0)
		if !ok {
			return
		}
		out, last := bytes.Clone(b), 0
		for _, r := range k.Private {
			if r.Start < last || r.End <= r.Start || r.End > k.End || k.End > len(b) {
				t.Fatalf("range %v of %v in %d bytes", r, k.Range, len(b))
			}
			last = r.End
			copy(out[r.Start:r.End], bytes.Repeat([]byte{probe.Fill}, r.Len()))
		}
		if len(k.Identity) == 0 {
			t.Fatal("a store without identity")
		}
		if again, _, ok := parse(out, 0); ok {
			t.Fatalf("found again after redaction: %v", again.Private)
		}
	})
}
