package live

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/dumpscrub/dumpscrub/corpus/live/needle"
)

// How a server is driven: enough that every key signs and that garbage is made.
const (
	closedConns = 3 // TLS 1.3 connections for each key that are over when the dump is taken
	liveConns   = 2 // TLS 1.3 connections that are open then
	oneReply    = 300 * time.Millisecond
	handshake   = 20 * time.Second
)

// drive is [bench.driveLive] for a server of many connections.
func (b *bench) drive(s *subject, addr string, vs []server) error {
	return b.driveLive(s, addr, vs, liveConns)
}

// driveLive connects to the TLS server at addr so that each of vs signs, leaves live
// connections open until the scenario ends, and adds the needles of the TLS 1.3
// secrets. The client's key log is the source: server and client share them.
func (b *bench) driveLive(s *subject, addr string, vs []server, live int) error {
	// Servers with several keys choose by what the client can verify, not by the
	// host name it asks for, so the name in the certificate is not checked.
	base := &tls.Config{
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
	for _, v := range vs {
		c := base.Clone()
		c.ServerName = v.name
		// In TLS 1.2 the suite chooses the key, whatever the server prefers.
		c.MaxVersion = tls.VersionTLS12
		c.CipherSuites = []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}
		switch v.key.(type) {
		case *ecdsa.PrivateKey, ed25519.PrivateKey:
			c.CipherSuites = []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}
		}
		conn, _, err := connect(addr, c)
		if err != nil {
			return fmt.Errorf("TLS 1.2 with %s: %w", v.name, err)
		}
		conn.Close()
		for range closedConns {
			if err := b.talk(s, addr, base, v.name, false); err != nil {
				return err
			}
		}
	}
	for i := range live {
		if err := b.talk(s, addr, base, vs[i%len(vs)].name, true); err != nil {
			return err
		}
	}
	return nil
}

// talk makes one TLS 1.3 connection and notes its secrets.
func (b *bench) talk(s *subject, addr string, base *tls.Config, host string, keep bool) error {
	var log bytes.Buffer
	c := base.Clone()
	c.ServerName, c.MinVersion, c.KeyLogWriter = host, tls.VersionTLS13, &log
	conn, suite, err := connect(addr, c)
	if err != nil {
		return fmt.Errorf("TLS 1.3 with %s: %w", host, err)
	}
	name := "tls1.3 closed"
	if keep {
		name = "tls1.3 live"
		b.later(func() { conn.Close() })
	} else {
		conn.Close()
	}
	ns, err := needle.TLS13(name, log.Bytes(), suite)
	s.needles = append(s.needles, ns...)
	return err
}

// connect makes a connection, sends a request and takes what comes back soon.
func connect(addr string, c *tls.Config) (*tls.Conn, uint16, error) {
	conn, err := tls.DialWithDialer(&net.Dialer{Timeout: handshake}, "tcp", addr, c)
	if err != nil {
		return nil, 0, err
	}
	_, err = fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", c.ServerName)
	if err == nil {
		err = conn.SetReadDeadline(time.Now().Add(oneReply))
	}
	if err == nil {
		// A server that only listens is no error.
		if _, err = conn.Read(make([]byte, 4096)); errors.Is(err, os.ErrDeadlineExceeded) {
			err = nil
		}
	}
	if err != nil {
		conn.Close()
		return nil, 0, err
	}
	return conn, conn.ConnectionState().CipherSuite, nil
}
