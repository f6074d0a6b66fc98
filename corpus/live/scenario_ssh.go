package live

import (
	"context"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"net"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/dumpscrub/dumpscrub/corpus/live/needle"
)

// startSSHAgent runs ssh-agent, gives it a key of each kind from OpenSSH files,
// and makes it sign with each.
func startSSHAgent(ctx context.Context, b *bench) (*subject, error) {
	s := &subject{notes: []string{"the agent shields idle keys: encrypted, with the key to them beside (OpenSSH, sshkey.c)"}}
	sock := b.path("agent")
	p, err := b.start("ssh-agent", "-D", "-a", sock)
	if err != nil {
		return nil, err
	}
	if err := p.exists(ctx, sock); err != nil {
		return nil, err
	}
	var public []ssh.PublicKey
	for _, kind := range []string{rsaHost, ecHost, edHost} {
		k, err := freshKey(kind)
		if err != nil {
			return nil, err
		}
		block, err := ssh.MarshalPrivateKey(k, kind)
		if err != nil {
			return nil, err
		}
		text := pem.EncodeToMemory(block)
		if err := s.know(kind, k); err != nil {
			return nil, err
		}
		ns, err := needle.OpenSSH(kind, k, text)
		if err != nil {
			return nil, err
		}
		s.needles = append(s.needles, ns...)
		file, err := b.write(kind, text)
		if err != nil {
			return nil, err
		}
		if _, err := b.run(ctx, "env", "SSH_AUTH_SOCK="+sock, "ssh-add", "-q", file); err != nil {
			return nil, err
		}
		signer, err := ssh.NewSignerFromSigner(k)
		if err != nil {
			return nil, err
		}
		public = append(public, signer.PublicKey())
	}
	s.targets = []target{{name: "agent", pid: p.pid(), closed: true}}
	s.load = func(ctx context.Context) (stop func()) {
		return repeat(ctx, func(context.Context, int) { _ = signAll(sock, public) })
	}
	s.recover = func(dump string) ([]string, error) { return unshield(dump, public) }
	return s, signAll(sock, public)
}

// signAll asks the agent for a signature with each key and checks it.
func signAll(sock string, keys []ssh.PublicKey) error {
	conn, err := net.Dial("unix", sock)
	if err != nil {
		return err
	}
	defer conn.Close()
	a := agent.NewClient(conn)
	for _, k := range keys {
		data := []byte(rand.Text())
		sig, err := a.Sign(k, data)
		if err != nil {
			return fmt.Errorf("signing with %s: %w", k.Type(), err)
		}
		if err := k.Verify(data, sig); err != nil {
			return err
		}
	}
	return nil
}
