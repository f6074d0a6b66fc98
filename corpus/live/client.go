package live

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

// How a server is driven: enough that every key signs and that garbage is made.
const (
	closedConns = 3 // TLS 1.3 connections for each key that are over when the dump is taken
	liveConns   = 2 // connections of each version that are open then
	oneReply    = 300 * time.Millisecond
	handshake   = 20 * time.Second
)

// caller makes connections to one server, which has a key for each of vs.
type caller struct {
	addr string
	vs   []server
	base *tls.Config
	open []net.Conn // the live ones
}

// drive is [bench.driveLive] for a server of many connections.
func (b *bench) drive(s *subject, addr string, vs []server) error {
	_, err := b.driveLive(s, addr, vs, liveConns, liveConns)
	return err
}

// driveLive connects to the TLS server at addr so that each of vs signs, leaves
// connections of TLS 1.3 and 1.2 open until the scenario ends, and adds the needles of
// their secrets. The client's key log is the source: server and client share them. Load
// on the server is more of the same.
func (b *bench) driveLive(s *subject, addr string, vs []server, live13, live12 int) (*caller, error) {
	c := &caller{addr: addr, vs: vs}
	// Servers with several keys choose by what the client can verify, not by the
	// host name it asks for, so the name in the certificate is not checked.
	c.base = &tls.Config{
		MinVersion: tls.VersionTLS12, InsecureSkipVerify: true,
		VerifyPeerCertificate: func(chain [][]byte, _ [][]*x509.Certificate) error {
			for _, v := range vs {
				if len(chain) > 0 && bytes.Equal(chain[0], v.cert.Raw) {
					return nil
				}
			}
			return errors.New("another server answers")
		},
	}
	b.later(c.hangUp)
	s.load = c.load
	for _, v := range vs {
		// In TLS 1.2 the suite chooses the key, whatever the server prefers.
		if err := c.talk(s, v, tls.VersionTLS12, suites12(v)[0], false); err != nil {
			return c, err
		}
		for range closedConns {
			if err := c.talk(s, v, tls.VersionTLS13, 0, false); err != nil {
				return c, err
			}
		}
	}
	for i := range live13 {
		if err := c.talk(s, vs[i%len(vs)], tls.VersionTLS13, 0, true); err != nil {
			return c, err
		}
	}
	for i := range live12 {
		v := vs[i%len(vs)]
		suites := suites12(v)
		if err := c.talk(s, v, tls.VersionTLS12, suites[i%len(suites)], true); err != nil {
			return c, err
		}
	}
	return c, nil
}

// suites12 are the suites of TLS 1.2 for the key of v: those with AES-128 and
// AES-256, of which the latter has another hash.
func suites12(v server) []uint16 {
	switch v.key.(type) {
	case *ecdsa.PrivateKey, ed25519.PrivateKey:
		return []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384}
	}
	return []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384}
}

// config returns the client's side of a connection. suite is that of TLS 1.2.
func (c *caller) config(v server, version, suite uint16) *tls.Config {
	t := c.base.Clone()
	t.ServerName, t.MinVersion, t.MaxVersion = v.name, version, version
	if suite != 0 {
		t.CipherSuites = []uint16{suite}
	}
	return t
}

// talk makes one connection and notes its secrets.
func (c *caller) talk(s *subject, v server, version, suite uint16, keep bool) error {
	var log bytes.Buffer
	t := c.config(v, version, suite)
	t.KeyLogWriter = &log
	conn, err := connect(c.addr, t)
	if err != nil {
		return fmt.Errorf("%s with %s: %w", tls.VersionName(version), v.name, err)
	}
	state := "closed"
	if keep {
		state = "live"
		c.open = append(c.open, conn)
	} else {
		conn.Close()
	}
	ns, err := sessionNeedles(state, log.Bytes(), conn)
	s.needles = append(s.needles, ns...)
	return err
}

// hangUp closes the live connections.
func (c *caller) hangUp() {
	for _, conn := range c.open {
		conn.Close()
	}
	c.open = nil
}

// load has callers make connections of both versions with every key, one after
// another, until ctx ends. Then it waits for them.
func (c *caller) load(ctx context.Context) (stop func()) {
	return repeat(ctx, func(ctx context.Context, i int) {
		v := c.vs[i%len(c.vs)]
		t := c.config(v, tls.VersionTLS13, 0)
		if i/len(c.vs)%2 == 0 {
			t = c.config(v, tls.VersionTLS12, suites12(v)[0])
		}
		d := tls.Dialer{NetDialer: &net.Dialer{Timeout: handshake}, Config: t}
		conn, err := d.DialContext(ctx, "tcp", c.addr)
		if err == nil {
			conn.Close()
		}
	})
}

// repeat calls f from busyThreads goroutines, over and over, and counts the calls.
// What fails is no concern of ours: the server is stopped and killed meanwhile.
func repeat(ctx context.Context, f func(context.Context, int)) (stop func()) {
	const pause = 5 * time.Millisecond // while nobody answers
	ctx, cancel := context.WithCancel(ctx)
	var all sync.WaitGroup
	for i := range busyThreads {
		all.Go(func() {
			for n := i; ctx.Err() == nil; n += busyThreads {
				began := time.Now()
				if f(ctx, n); time.Since(began) < pause {
					time.Sleep(pause)
				}
			}
		})
	}
	return func() {
		cancel()
		all.Wait()
	}
}

// connect makes a connection, sends a request and takes what comes back soon.
func connect(addr string, c *tls.Config) (*tls.Conn, error) {
	raw, err := net.DialTimeout("tcp", addr, handshake)
	if err != nil {
		return nil, err
	}
	conn := tls.Client(&tap{Conn: raw}, c)
	err = conn.SetDeadline(time.Now().Add(handshake))
	if err == nil {
		_, err = fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", c.ServerName)
	}
	if err == nil {
		err = conn.SetDeadline(time.Now().Add(oneReply))
	}
	if err == nil {
		// A server that only listens is no error.
		if _, err = conn.Read(make([]byte, 4096)); errors.Is(err, os.ErrDeadlineExceeded) {
			err = nil
		}
	}
	if err == nil {
		err = conn.SetDeadline(time.Time{})
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}
