package live

import (
	"bytes"
	"context"
	"crypto/rsa"
	"fmt"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/eddsa"

	"github.com/dumpscrub/dumpscrub/corpus/live/needle"
)

// startGPGAgent makes gpg generate an RSA and an Ed25519 key, has the agent sign
// with each, and learns the keys by exporting them.
func startGPGAgent(ctx context.Context, b *bench) (*subject, error) {
	s := &subject{notes: []string{"the keys are made and exported by gpg itself, so the agent has handled them more often than one that only signs"}}
	p, err := b.start("gpg-agent", "--homedir", b.dir, "--daemon", "--no-detach", "--", "sleep", "600")
	if err != nil {
		return nil, err
	}
	gpg := func(args ...string) ([]byte, error) {
		return b.run(ctx, "gpg", append([]string{"--homedir", b.dir, "--batch", "--quiet", "--yes", "--pinentry-mode", "loopback", "--passphrase", ""}, args...)...)
	}
	if err := p.exists(ctx, b.path("S.gpg-agent")); err != nil {
		return nil, err
	}
	message, err := b.write("message", []byte("hello"))
	if err != nil {
		return nil, err
	}
	for _, kind := range []string{"rsa2048", "ed25519"} {
		name := kind + "@example.test"
		if _, err := gpg("--quick-gen-key", name, kind, "sign", "1d"); err != nil {
			return nil, err
		}
		out, err := gpg("--export-secret-keys", name)
		if err != nil {
			return nil, err
		}
		if err := s.knowPGP(kind, out); err != nil {
			return nil, err
		}
		if _, err := gpg("--local-user", name, "--detach-sign", message); err != nil {
			return nil, err
		}
	}
	// The agent is the child; what was started became the command it was given.
	agent, err := child(p.pid())
	s.targets = []target{{name: "agent", pid: agent, closed: true}}
	s.load = func(ctx context.Context) (stop func()) {
		return repeat(ctx, func(_ context.Context, i int) {
			name := [...]string{"rsa2048", "ed25519"}[i%2] + "@example.test"
			_, _ = gpg("--local-user", name, "--output", "-", "--detach-sign", message)
		})
	}
	return s, err
}

// knowPGP adds the needles of the keys in an OpenPGP export.
func (s *subject) knowPGP(name string, export []byte) error {
	list, err := openpgp.ReadKeyRing(bytes.NewReader(export))
	if err != nil {
		return err
	}
	if len(list) != 1 || list[0].PrivateKey == nil {
		return fmt.Errorf("the export has %d keys", len(list))
	}
	switch k := list[0].PrivateKey.PrivateKey.(type) {
	case *rsa.PrivateKey:
		return s.know(name, k)
	case *eddsa.PrivateKey:
		s.needles = append(s.needles, needle.Seed(name, k.D)...)
		return nil
	}
	return fmt.Errorf("a key of unknown kind in the export")
}
