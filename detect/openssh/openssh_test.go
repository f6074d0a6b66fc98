package openssh

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

func TestSectionAccept(t *testing.T) {
	var cases []probetest.Case
	for _, ex := range examples(t) {
		c := probetest.Case{
			Name: ex.name, Data: ex.serial, Kind: ex.kind, Encoding: probe.OpenSSH,
			Confidence: probe.Confirmed, Private: ex.private, Cut: true,
		}
		if ex.unproven {
			c.Confidence = probe.Likely
		}
		cases = append(cases, c)
	}
	probetest.Accept(t, NewSection(), cases...)
}

func TestBlobAccept(t *testing.T) {
	var cases []probetest.Case
	var pubs, keys, private [][]byte
	for _, ex := range examples(t) {
		cases = append(cases, probetest.Case{
			Name: ex.name, Data: blobOf([][]byte{ex.public}, [][]byte{ex.serial}), Kind: ex.kind,
			Encoding: probe.OpenSSH, Confidence: probe.Confirmed, Private: ex.private, Cut: true,
		})
		if len(keys) < 2 {
			pubs, keys, private = append(pubs, ex.public), append(keys, ex.serial), append(private, ex.private...)
		}
	}
	cases = append(cases, probetest.Case{
		Name: "two keys", Data: blobOf(pubs, keys), Kind: "rsa-private-key", Encoding: probe.OpenSSH,
		Confidence: probe.Confirmed, Private: private, Cut: true,
	})
	probetest.Accept(t, NewBlob(), cases...)
}

func TestBlobEncrypted(t *testing.T) {
	k := edExample(t)
	block, err := ssh.MarshalPrivateKeyWithPassphrase(k.key, "user@host", []byte("hunter2"))
	if err != nil {
		t.Fatal(err)
	}
	probetest.Accept(t, NewBlob(), probetest.Case{
		Name: "bcrypt", Data: block.Bytes, Kind: "encrypted-private-key", Encoding: probe.OpenSSH,
		Confidence: probe.Confirmed, Private: [][]byte{block.Bytes[len(block.Bytes)-64:]}, Cut: true,
	})
	got, ok := Parse(block.Bytes)
	if !ok || !bytes.Equal(got.Identity, privkey.SPKIForEd25519(k.public[len(k.public)-32:])) {
		t.Error("an encrypted key is not named by its public half")
	}
}

// TestIdentity: one key has one identity, however it lies.
func TestIdentity(t *testing.T) {
	for _, ex := range examples(t) {
		if ex.unproven || len(ex.name) > 5 && ex.name[len(ex.name)-5:] == "-cert" {
			continue
		}
		a, ok := Parse(blobOf([][]byte{ex.public}, [][]byte{ex.serial}))
		if !ok {
			t.Fatalf("%s: not parsed", ex.name)
		}
		s, ok := parseSerial(ex.serial, 0)
		if !ok {
			t.Fatalf("%s: not parsed as a section", ex.name)
		}
		b, ok := s.key(false)
		if !ok || !bytes.Equal(a.Identity, b.Identity) || a.SPKI == nil {
			t.Errorf("%s: two identities", ex.name)
		}
		if len(a.Values) < len(ex.private) {
			t.Errorf("%s: %d values, want %d", ex.name, len(a.Values), len(ex.private))
		}
		for i, p := range ex.private {
			found := false
			for _, v := range a.Values {
				found = found || bytes.Equal(v, bytes.TrimLeft(p, "\x00"))
			}
			if !found {
				t.Errorf("%s: private part %d is not among the values", ex.name, i)
			}
		}
	}
}

func TestReject(t *testing.T) {
	noise := probetest.Noise(3, 4096)
	for _, ex := range examples(t) {
		if ex.unproven {
			continue
		}
		for _, d := range []probe.Detector{NewBlob(), NewSection()} {
			probetest.Reject(t, d, ex.name+" public", ex.public)
			probetest.Reject(t, d, ex.name+" public before noise", append(bytes.Clone(ex.public), noise...))
			// In a key exchange a string of 32 bytes follows the host key.
			var kex wire
			kex.Write(ex.public)
			kex.str(random(32)).str(random(83))
			probetest.Reject(t, d, ex.name+" in a key exchange", kex.Bytes())
		}
	}
	probetest.Reject(t, NewSection(), "random", random(1<<20))
	probetest.Reject(t, NewBlob(), "name in a program", []byte("x\x00openssh-key-v1\x00bcrypt\x00none\x00/etc/ssh/ssh_host_rsa_key\x00"))
}

// TestTruncated: at every length a key is found as long as private bytes are
// there, and never more than that is redacted.
func TestTruncated(t *testing.T) {
	for _, ex := range examples(t) {
		blob := blobOf([][]byte{ex.public}, [][]byte{ex.serial})
		first := len(blob)
		for _, p := range ex.private {
			first = min(first, bytes.LastIndex(blob, p))
		}
		for n := range len(blob) {
			k, ok := Parse(blob[:n])
			// The first few private bytes may look like text or fill by chance.
			if slack := n >= first+minPrivate && n < first+minPrivate+16; !slack && ok != (n >= first+minPrivate) {
				t.Errorf("%s: cut to %d of %d, private from %d: found %v", ex.name, n, len(blob), first, ok)
			}
			for _, r := range k.Private {
				if r.Start < first-1 || r.End > n {
					t.Errorf("%s: cut to %d: redacts %v", ex.name, n, r)
				}
			}
		}
	}
}

// TestOverwritten: damage behind the first private number does not hide the rest.
func TestOverwritten(t *testing.T) {
	ex := rsaExample(t, 2048)
	at := bytes.Index(ex.serial, ex.private[0]) + len(ex.private[0]) // the length of qinv
	copy(ex.serial[at:], random(16))
	s, ok := parseSerial(ex.serial, 0)
	if !ok {
		t.Fatal("not found")
	}
	k, ok := s.key(false)
	if !ok {
		t.Fatal("not a key")
	}
	out := bytes.Clone(ex.serial)
	for _, r := range k.Private {
		copy(out[r.Start:r.End], bytes.Repeat([]byte{probe.Fill}, r.Len()))
	}
	for i, p := range ex.private {
		if bytes.Contains(out, p[16:]) {
			t.Errorf("private number %d survives", i)
		}
	}
	probetest.Reject(t, NewSection(), "redacted", out)
}

// TestRealFiles reads what ssh-keygen writes.
func TestRealFiles(t *testing.T) {
	tool, err := exec.LookPath("ssh-keygen")
	if err != nil {
		t.Skip("no ssh-keygen on this machine")
	}
	for _, args := range [][]string{
		{"rsa", "-t", "rsa", "-b", "1024"}, {"ec", "-t", "ecdsa", "-b", "521"}, {"ed25519", "-t", "ed25519"},
		{"encrypted", "-t", "ed25519", "-N", "hunter2"}, {"gcm", "-t", "ed25519", "-N", "hunter2", "-Z", "aes256-gcm@openssh.com"},
	} {
		file := filepath.Join(t.TempDir(), "key")
		args, name := args[1:], args[0]
		if len(args) < 4 || args[len(args)-2] == "-b" {
			args = append(args, "-N", "")
		}
		if out, err := exec.Command(tool, append(args, "-q", "-f", file)...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", name, err, out)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		block, _ := pem.Decode(text)
		k, ok := Parse(block.Bytes)
		if !ok || k.Confidence != probe.Confirmed {
			t.Errorf("%s: found %v, %v", name, ok, k.Confidence)
		}
		line, err := os.ReadFile(file + ".pub")
		if err != nil {
			t.Fatal(err)
		}
		pub, _, _, _, err := ssh.ParseAuthorizedKey(line)
		if err != nil {
			t.Fatal(err)
		}
		if spki := parsePublic(pub.Marshal()).spki(); !bytes.Equal(spki, k.Identity) {
			t.Errorf("%s: the identity is not that of the public key file", name)
		}
	}
}

// FuzzParse: whatever is found, its redaction is not found again, and the ranges
// lie in order inside the data.
func FuzzParse(f *testing.F) {
	k, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		f.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(k, "")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(block.Bytes)
	for _, ex := range []example{edExample(f), dssExample(f), skExample(f), mldsaExample(f)} {
		f.Add(blobOf([][]byte{ex.public}, [][]byte{ex.serial}))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		checkKey(t, b, Parse)
		checkKey(t, b, func(b []byte) (privkey.Key, bool) {
			s, ok := parseSerial(b, 0)
			if !ok {
				return privkey.Key{}, false
			}
			return s.key(len(b)%2 == 0)
		})
	})
}

func checkKey(t *testing.T, b []byte, parse func([]byte) (privkey.Key, bool)) {
	t.Helper()
	k, ok := parse(b)
	if !ok {
		return
	}
	out, last := bytes.Clone(b), 0
	for _, r := range k.Private {
		if r.Start < last || r.End <= r.Start || r.End > len(b) {
			t.Fatalf("range %v of %d bytes", r, len(b))
		}
		last = r.End
		copy(out[r.Start:r.End], bytes.Repeat([]byte{probe.Fill}, r.Len()))
	}
	if len(k.Identity) == 0 || k.Kind == "" || len(k.Private) == 0 {
		t.Fatal("a key without identity, kind or private part")
	}
	if again, ok := parse(out); ok {
		t.Fatalf("found again after redaction: %v", again.Private)
	}
}
