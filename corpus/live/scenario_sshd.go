package live

import (
	"context"
	"crypto"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"

	"golang.org/x/crypto/ssh"
)

// sshdConf is a configuration of sshd that keeps all its files in its folder: the
// folder, the port, and three host keys.
const sshdConf = `
ListenAddress 127.0.0.1
Port %[2]s
HostKey %[3]s
HostKey %[4]s
HostKey %[5]s
PidFile %[1]s/sshd.pid
AuthorizedKeysFile %[1]s/authorized
StrictModes no
UsePAM no
PermitRootLogin yes
`

// startSSHD runs sshd with three host keys, logs in with a key of each kind, and
// leaves one session open. The listener and the session's processes are dumped.
func startSSHD(ctx context.Context, b *bench) (*subject, error) {
	if os.Getuid() != 0 {
		return nil, errSkip{"not root: sshd cannot open sessions"}
	}
	s := &subject{}
	var files []any
	var public []ssh.PublicKey
	for _, kind := range []string{rsaHost, ecHost, edHost} {
		k, err := freshKey(kind)
		if err != nil {
			return nil, err
		}
		if err := s.know(kind, k); err != nil {
			return nil, err
		}
		file, err := b.sshKey(kind, k)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
		p, err := ssh.NewPublicKey(k.Public())
		if err != nil {
			return nil, err
		}
		public = append(public, p)
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	conf, err := b.write("sshd.conf", fmt.Appendf(nil, sshdConf, append([]any{b.dir, port}, files...)...))
	if err != nil {
		return nil, err
	}
	path, err := exec.LookPath("sshd")
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
		return nil, errSkip{err.Error()}
	}
	p, err := b.start(path, "-D", "-e", "-f", conf)
	if err != nil {
		return nil, err
	}
	if err := p.listens(ctx, addr); err != nil {
		return nil, err
	}
	s.recover = func(dump string) ([]string, error) { return unshield(dump, public) }
	if err := b.logIn(s, addr, public); err != nil {
		return nil, err
	}
	session := 0
	if err := p.poll(ctx, "opening a session", func() bool { session, err = child(p.pid()); return err == nil }); err != nil {
		return nil, err
	}
	s.targets = []target{{name: "listener", pid: p.pid()}, {name: "session", pid: session}}
	return s, nil
}

// sshKey writes k as an OpenSSH file.
func (b *bench) sshKey(name string, k crypto.Signer) (string, error) {
	block, err := ssh.MarshalPrivateKey(k, name)
	if err != nil {
		return "", err
	}
	return b.write(name, pem.EncodeToMemory(block))
}

// logIn connects with each kind of host key, as root with a fresh key, and leaves
// the last connection open.
func (b *bench) logIn(s *subject, addr string, hosts []ssh.PublicKey) error {
	k, err := freshKey(edHost)
	if err != nil {
		return err
	}
	signer, err := ssh.NewSignerFromSigner(k)
	if err != nil {
		return err
	}
	if _, err := b.write("authorized", ssh.MarshalAuthorizedKey(signer.PublicKey())); err != nil {
		return err
	}
	dial := func(h ssh.PublicKey) (*ssh.Client, error) {
		c := &ssh.ClientConfig{
			User: "root", Auth: []ssh.AuthMethod{ssh.PublicKeys(signer)}, HostKeyCallback: ssh.FixedHostKey(h),
			HostKeyAlgorithms: []string{h.Type()}, Timeout: handshake,
		}
		if strings.HasPrefix(h.Type(), "ssh-rsa") {
			c.HostKeyAlgorithms = []string{ssh.KeyAlgoRSASHA256}
		}
		conn, err := ssh.Dial("tcp", addr, c)
		if err != nil {
			return nil, fmt.Errorf("logging in with %s: %w", h.Type(), err)
		}
		return conn, nil
	}
	s.load = func(ctx context.Context) (stop func()) {
		return repeat(ctx, func(_ context.Context, i int) {
			if conn, err := dial(hosts[i%len(hosts)]); err == nil {
				conn.Close()
			}
		})
	}
	for i, h := range hosts {
		conn, err := dial(h)
		if err != nil {
			return err
		}
		if i+1 < len(hosts) {
			conn.Close()
			continue
		}
		b.later(func() { conn.Close() })
	}
	return nil
}
