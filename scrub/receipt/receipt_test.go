package receipt

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"strings"
	"testing"
)

var verdict = Predicate{Tool: Tool{Name: "dumpscrub"}, Policy: "standard", Verified: true}

const digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" // of "test"

func keys(t *testing.T) (ed25519.PublicKey, ed25519.PrivateKey) {
	t.Helper()
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return pub, key
}

func TestSignedReceipts(t *testing.T) {
	pub, key := keys(t)
	other, _ := keys(t)
	data, err := Marshal(t.Context(), New("out", SHA256, digest, verdict), key)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Read(t.Context(), data, pub)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Covers(SHA256, digest); err != nil {
		t.Error(err)
	}
	if _, err := Read(t.Context(), data, other); !errors.Is(err, ErrSignature) {
		t.Errorf("another key: %v", err)
	}
	// The envelope as the DSSE specification has it: type, payload, signatures.
	var env struct {
		PayloadType string `json:"payloadType"`
		Payload     string `json:"payload"`
		Signatures  []struct {
			Sig string `json:"sig"`
		} `json:"signatures"`
	}
	if err := json.Unmarshal(data, &env); err != nil {
		t.Fatal(err)
	}
	payload, _ := base64.StdEncoding.DecodeString(env.Payload)
	sig, _ := base64.StdEncoding.DecodeString(env.Signatures[0].Sig)
	// PAE of DSSE v1, written out here without the library.
	pae := "DSSEv1 28 application/vnd.in-toto+json " + itoa(len(payload)) + " " + string(payload)
	if env.PayloadType != "application/vnd.in-toto+json" || !ed25519.Verify(pub, []byte(pae), sig) {
		t.Error("the signature is not over the pre-authentication encoding")
	}
	// A statement of another content under the old signature.
	forged := bytes.Replace(data, []byte(env.Payload), []byte(base64.StdEncoding.EncodeToString(bytes.Replace(payload, []byte(`"standard"`), []byte(`"lenients"`), 1))), 1)
	if bytes.Equal(forged, data) {
		t.Fatal("nothing was forged")
	}
	if _, err := Read(t.Context(), forged, pub); !errors.Is(err, ErrSignature) {
		t.Errorf("forged: %v", err)
	}
}

func TestUnsignedReceipts(t *testing.T) {
	pub, _ := keys(t)
	data, err := Marshal(t.Context(), New("out", SHA256, digest, verdict), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Read(t.Context(), data, nil); err != nil {
		t.Error(err)
	}
	if _, err := Read(t.Context(), data, pub); !errors.Is(err, ErrSignature) {
		t.Errorf("with a key: %v", err)
	}
	again, _ := Marshal(t.Context(), New("out", SHA256, digest, verdict), nil)
	if !bytes.Equal(data, again) {
		t.Error("two receipts of one verdict differ")
	}
}

func TestWhatIsNoReceipt(t *testing.T) {
	unverified := verdict
	unverified.Verified = false
	refused := verdict
	refused.Coverage.Refused = 1
	text := func(s Statement) string {
		data, err := Marshal(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	good := text(New("out", SHA256, digest, verdict))
	for name, data := range map[string]string{
		"empty": "", "text": "receipt", "null": "null", "object": "{}",
		"other statement": strings.Replace(good, "Statement/v1", "Statement/v0.1", 1),
		"other predicate": strings.Replace(good, PredicateType, "https://slsa.dev/provenance/v1", 1),
		"not verified":    text(New("out", SHA256, digest, unverified)),
		"refused bytes":   text(New("out", SHA256, digest, refused)),
		"two subjects":    strings.Replace(good, `"subject": [`, `"subject": [{"name":"x","digest":{"sha256":"00"}},`, 1),
		"envelope":        `{"payloadType":"text/plain","payload":"e30=","signatures":[]}`,
	} {
		if _, err := Read(t.Context(), []byte(data), nil); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v, want %v", name, err, ErrInvalid)
		}
	}
	s, err := Read(t.Context(), []byte(good), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{"", digest[:62], strings.ToUpper(digest)} {
		if err := s.Covers(SHA256, d); !errors.Is(err, ErrOtherBytes) {
			t.Errorf("digest %q: %v", d, err)
		}
	}
}

func TestKeyFiles(t *testing.T) {
	pub, key := keys(t)
	p8, _ := x509.MarshalPKCS8PrivateKey(key)
	spki, _ := x509.MarshalPKIXPublicKey(pub)
	private := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: p8})
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki})
	if got, err := ParseSignKey(private); err != nil || !got.Equal(key) {
		t.Errorf("private key: %v", err)
	}
	if got, err := ParseVerifyKey(public); err != nil || !got.Equal(pub) {
		t.Errorf("public key: %v", err)
	}
	for name, data := range map[string][]byte{"empty": nil, "swapped": public} {
		if _, err := ParseSignKey(data); err == nil {
			t.Errorf("%s: taken for a signing key", name)
		}
	}
	if _, err := ParseVerifyKey(private); err == nil {
		t.Error("a private key is taken for a verification key")
	}
}

func itoa(n int) string {
	b, _ := json.Marshal(n)
	return string(b)
}
