package live

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"embed"
	"encoding/json"
	"fmt"
	"math/big"
	"net"
	"os/exec"
	"path/filepath"
)

// holders are the programs that hold keys where no ready one does.
//
//go:embed holders
var holders embed.FS

// Scenarios returns all scenarios.
func Scenarios() []Scenario {
	all := []Scenario{
		{"openssl", "openssl s_server", []string{"openssl"}, nil, startOpenSSL},
		{"go", "a Go TLS server", []string{"go"}, nil, startGo},
		{"ssh-agent", "ssh-agent with three keys that have signed", []string{"ssh-agent", "ssh-add"}, nil, startSSHAgent},
		{"python", "a Python TLS server with keys in a dict", []string{"python3"}, nil, startPython},
		{"python-ints", "RSA with the integers of Python", []string{"python3"}, nil, startPythonInts},
		{"java", "a Java TLS server with keys from PKCS #12 and JKS stores", []string{"java", "javac", "keytool", "openssl"}, nil, startJava},
		{"node", "a Node HTTPS server with PEM and JWK keys", []string{"node"}, nil, startNode},
		{"nginx", "nginx, worker and master", []string{"nginx"}, nil, startNginx},
		{"gpg-agent", "gpg-agent that has signed", []string{"gpg", "gpg-agent"}, nil, startGPGAgent},
		{"sshd", "sshd, listener and session", []string{"sshd", "ssh"}, nil, startSSHD},
		{"gnutls-serv", "gnutls-serv", []string{"gnutls-serv"}, nil, startGnuTLS},
	}
	for _, l := range libraries() {
		all = append(all, l.scenario())
	}
	return all
}

// holder puts one of our programs into the folder of the scenario.
func (b *bench) holder(name string) (string, error) {
	data, err := holders.ReadFile("holders/" + name)
	if err != nil {
		return "", err
	}
	return b.write(name, data)
}

// startOpenSSL runs s_server with an RSA and a P-256 key.
func startOpenSSL(ctx context.Context, b *bench) (*subject, error) {
	s := &subject{notes: []string{"it serves one connection at a time, so those of load come after the live one"}}
	vs, err := b.servers(s, rsaHost, ecHost)
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	p, err := b.start("openssl", "s_server", "-accept", addr, "-quiet",
		"-cert", vs[0].certFile, "-key", vs[0].keyFile, "-dcert", vs[1].certFile, "-dkey", vs[1].keyFile)
	if err != nil {
		return nil, err
	}
	if err := p.listens(ctx, addr); err != nil {
		return nil, err
	}
	s.targets = []target{{name: "server", pid: p.pid()}}
	c, err := b.driveLive(s, addr, vs, 1, 0)
	s.load = func(ctx context.Context) (stop func()) {
		c.hangUp()
		return c.load(ctx)
	}
	return s, err
}

// startGnuTLS runs gnutls-serv with an RSA and a P-256 key.
func startGnuTLS(ctx context.Context, b *bench) (*subject, error) {
	s := &subject{}
	vs, err := b.servers(s, rsaHost, ecHost)
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	p, err := b.start("gnutls-serv", "--quiet", "--echo", "--port", port,
		"--x509certfile", vs[0].certFile, "--x509keyfile", vs[0].keyFile, "--x509certfile", vs[1].certFile, "--x509keyfile", vs[1].keyFile)
	if err != nil {
		return nil, err
	}
	if err := p.listens(ctx, addr); err != nil {
		return nil, err
	}
	s.targets = []target{{name: "server", pid: p.pid()}}
	return s, b.drive(s, addr, vs)
}

// startGo builds and runs a TLS server with keys of three kinds.
func startGo(ctx context.Context, b *bench) (*subject, error) {
	s := &subject{}
	src, err := b.holder("tls.go")
	if err != nil {
		return nil, err
	}
	if _, err := b.run(ctx, "go", "build", "-o", b.path("tls-server"), src); err != nil {
		return nil, err
	}
	vs, err := b.servers(s, rsaHost, ecHost, edHost)
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	args := []string{addr}
	for _, v := range vs {
		args = append(args, v.certFile, v.keyFile)
	}
	p, err := b.start(b.path("tls-server"), args...)
	if err != nil {
		return nil, err
	}
	if err := p.listens(ctx, addr); err != nil {
		return nil, err
	}
	s.targets = []target{{name: "server", pid: p.pid()}}
	return s, b.drive(s, addr, vs)
}

// startPython runs a server whose keys lie in the ssl module and, others, in
// texts of the program.
func startPython(ctx context.Context, b *bench) (*subject, error) {
	s := &subject{}
	vs, err := b.servers(s, rsaHost, ecHost)
	if err != nil {
		return nil, err
	}
	script, err := b.holder("holder.py")
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	args := []string{script, addr, b.path("ready"), vs[0].certFile, vs[0].keyFile, vs[1].certFile, vs[1].keyFile}
	for _, t := range []struct {
		name string
		kind string
		jwk  bool
	}{{"text-ed25519-pem", edHost, false}, {"text-ec-jwk", ecHost, true}, {"text-rsa-wide", rsaHost, false}} {
		k, err := freshKey(t.kind)
		if err != nil {
			return nil, err
		}
		text, err := pkcs8(k)
		if t.jwk {
			text, err = jwkText(k)
		}
		if err != nil {
			return nil, err
		}
		if err := s.know(t.name, k); err != nil {
			return nil, err
		}
		file, err := b.write(t.name, text)
		if err != nil {
			return nil, err
		}
		args = append(args, file)
	}
	python, err := interpreter("python3")
	if err != nil {
		return nil, err
	}
	return s, b.serve(ctx, s, addr, vs, python, args...)
}

// startPythonInts runs a program that has an RSA key as integers only.
func startPythonInts(ctx context.Context, b *bench) (*subject, error) {
	s := &subject{}
	k, err := rsa.GenerateKey(rand.Reader, rsaBits)
	if err != nil {
		return nil, err
	}
	if err := s.know(rsaHost, k); err != nil {
		return nil, err
	}
	members := map[string]string{"e": fmt.Sprintf("%x", k.E)}
	for name, v := range map[string]*big.Int{
		"n": k.N, "d": k.D, "p": k.Primes[0], "q": k.Primes[1],
		"dp": k.Precomputed.Dp, "dq": k.Precomputed.Dq, "qinv": k.Precomputed.Qinv,
	} {
		members[name] = v.Text(16)
	}
	text, err := json.Marshal(members)
	if err != nil {
		return nil, err
	}
	file, err := b.write("key.json", text)
	if err != nil {
		return nil, err
	}
	script, err := b.holder("ints.py")
	if err != nil {
		return nil, err
	}
	python, err := interpreter("python3")
	if err != nil {
		return nil, err
	}
	p, err := b.start(python, script, b.path("ready"), file)
	if err != nil {
		return nil, err
	}
	s.targets = []target{{name: "program", pid: p.pid()}}
	s.load = p.wake
	return s, p.exists(ctx, b.path("ready"))
}

// interpreter returns the program itself where the first of its name in PATH is a
// script that chooses one.
func interpreter(name string) (string, error) {
	out, err := exec.Command(name, "-c", "import sys; print(sys.executable)").Output()
	if err != nil {
		return "", errSkip{name + " does not run"}
	}
	return filepath.Clean(lastLine(out)), nil
}

// serve starts a server that makes the file "ready", and drives it.
func (b *bench) serve(ctx context.Context, s *subject, addr string, vs []server, name string, args ...string) error {
	p, err := b.start(name, args...)
	if err != nil {
		return err
	}
	if err := p.exists(ctx, b.path("ready")); err != nil {
		return err
	}
	s.targets = []target{{name: "server", pid: p.pid()}}
	return b.drive(s, addr, vs)
}

// startNode runs an HTTPS server that signs its answers with a key from a JWK.
func startNode(ctx context.Context, b *bench) (*subject, error) {
	s := &subject{}
	vs, err := b.servers(s, rsaHost, ecHost)
	if err != nil {
		return nil, err
	}
	const jwkKey = "jwk-ec"
	k, err := freshKey(ecHost)
	if err != nil {
		return nil, err
	}
	if err := s.know(jwkKey, k); err != nil {
		return nil, err
	}
	text, err := jwkText(k)
	if err != nil {
		return nil, err
	}
	jwk, err := b.write(jwkKey, text)
	if err != nil {
		return nil, err
	}
	script, err := b.holder("holder.mjs")
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	return s, b.serve(ctx, s, addr, vs, "node", script, host, port, b.path("ready"),
		vs[0].certFile, vs[0].keyFile, vs[1].certFile, vs[1].keyFile, jwk)
}
