package live

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"net"
	"slices"
	"strings"

	"github.com/dumpscrub/dumpscrub/corpus/live/needle"
)

// tap keeps the beginning of what a connection receives.
type tap struct {
	net.Conn
	head []byte
}

// mostHead holds a ServerHello, which comes first.
const mostHead = 256

func (t *tap) Read(p []byte) (int, error) {
	n, err := t.Conn.Read(p)
	t.head = append(t.head, p[:min(n, mostHead-len(t.head))]...)
	return n, err
}

// serverRandom returns the random of the ServerHello (RFC 5246, section 7.4.1.3):
// behind the header of the record are a type, a length of three bytes and a version.
func (t *tap) serverRandom() ([]byte, error) {
	const record, message, size = 5, 1 + 3 + 2, 32
	if len(t.head) < record+message+size || t.head[record] != 2 {
		return nil, errors.New("the server does not begin with a ServerHello")
	}
	return slices.Clone(t.head[record+message:][:size]), nil
}

// sessionNeedles returns the needles of a connection, of which log is the key log.
func sessionNeedles(state string, log []byte, conn *tls.Conn) ([]needle.Needle, error) {
	cs := conn.ConnectionState()
	if cs.Version == tls.VersionTLS13 {
		return needle.TLS13("tls1.3 "+state, log, cs.CipherSuite)
	}
	server, err := conn.NetConn().(*tap).serverRandom()
	if err != nil {
		return nil, err
	}
	for s := bufio.NewScanner(bytes.NewReader(log)); s.Scan(); {
		f := strings.Fields(s.Text())
		if len(f) != 3 || f[0] != "CLIENT_RANDOM" {
			continue
		}
		client, err := hex.DecodeString(f[1])
		if err != nil {
			return nil, err
		}
		master, err := hex.DecodeString(f[2])
		if err != nil {
			return nil, err
		}
		return needle.TLS12("tls1.2 "+state, master, client, server, cs.CipherSuite)
	}
	return nil, errors.New("the key log has no master secret")
}
