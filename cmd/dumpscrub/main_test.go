package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/dumpscrub/dumpscrub/formats/dumptest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"dumpscrub": main})
}

// TestScripts runs the command line as users do. Beside dumpscrub the scripts
// have: keygen (a fresh signing key pair), rsakey (an RSA key as a raw number), core (a core file holding a fresh
// key, or nothing secret), and exits (run a command and compare its exit code).
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts: ", err)
	}
	if testing.Short() { // each command makes all tables anew, which the race detector multiplies
		files = []string{"testdata/scan.txtar", "testdata/wipe.txtar"}
	}
	testscript.Run(t, testscript.Params{
		Files: files,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"keygen": keygen, "core": makeCore, "exits": exits, "poke": poke, "rsakey": rsaKey,
			"forge": forge, "pipe": pipe, "empty": empty, "gzip": pack,
		},
	})
}

// keygen PRIVATE PUBLIC
func keygen(ts *testscript.TestScript, _ bool, args []string) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	ts.Check(err)
	p8, err := x509.MarshalPKCS8PrivateKey(private)
	ts.Check(err)
	spki, err := x509.MarshalPKIXPublicKey(public)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: p8}), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}), 0o600))
}

// core FILE secret|clean writes an ELF core; with a secret, its PEM text also
// goes to FILE.key.
func makeCore(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o700))
	memory := make([]byte, 9000)
	for i := 0; i+8 <= len(memory); i += 8 {
		binary.LittleEndian.PutUint64(memory[i:], 0x7f0000001000+uint64(i)*48)
	}
	if args[1] == "secret" {
		text := dumptest.KeyPEM()
		copy(memory[4000:], text)
		ts.Check(os.WriteFile(ts.MkAbs(args[0])+".key", text, 0o600))
	}
	ts.Check(os.WriteFile(path, dumptest.Core(memory), 0o600))
}

// freshKeyPEM returns a P-256 key.
func freshKeyPEM(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// signKey is an Ed25519 key pair in PEM.
type signKey struct{ private, public []byte }

func freshSignKey(t *testing.T) signKey {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	spki, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return signKey{
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: p8}),
		pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}),
	}
}

// rsakey NAME PUBLIC RAW writes the public half of a fresh RSA key as PEM, and a
// memory image that holds one of its primes as little-endian limbs.
func rsaKey(ts *testscript.TestScript, _ bool, args []string) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	ts.Check(err)
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}), 0o600))
	p := key.Primes[0].FillBytes(make([]byte, 128))
	slices.Reverse(p)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), slices.Concat(make([]byte, 4096), p, make([]byte, 4096)), 0o600))
}

// exits CODE COMMAND...
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		got = -1
		if x, ok := err.(interface{ ExitCode() int }); ok {
			got = x.ExitCode()
		}
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// poke FILE OFFSET BYTE
func poke(ts *testscript.TestScript, _ bool, args []string) {
	off, err := strconv.ParseInt(args[1], 0, 64)
	ts.Check(err)
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_RDWR, 0)
	ts.Check(err)
	_, err = f.WriteAt([]byte(args[2])[:1], off)
	ts.Check(err)
	ts.Check(f.Close())
}

func TestDefaultOutput(t *testing.T) {
	for in, want := range map[string]string{
		"app.dmp": "app.scrubbed.dmp", "core.1234": "core.1234.scrubbed", "core": "core.scrubbed",
		"d/my.core": "d/my.scrubbed.core", "d.x/core": "d.x/core.scrubbed", "core.zst": "core.scrubbed.zst",
		"core.python3": "core.python3.scrubbed", "a.core.zst": "a.core.scrubbed.zst", ".hidden": ".hidden.scrubbed",
		"core.nginx.33.0123456789abcdef0123456789abcdef.7.1000000": "core.nginx.33.0123456789abcdef0123456789abcdef.7.1000000.scrubbed",
	} {
		if got := defaultOutput(in); got != want {
			t.Errorf("defaultOutput(%q) = %q, want %q", in, got, want)
		}
	}
}

// Every flag of every command parses, and every command explains its exit codes.
func TestHelp(t *testing.T) {
	e := &env{getenv: func(string) string { return "" }}
	for _, c := range newRootCommand(e).Commands() {
		if c.Name() == "help" || c.Name() == "completion" {
			continue
		}
		if c.Short == "" {
			t.Errorf("%s has no short help", c.Name())
		}
	}
	if codeOf(context.Canceled) != exitInterrupted {
		t.Error("an interrupted run does not end with 130")
	}
}
