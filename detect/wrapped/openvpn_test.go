package wrapped

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// lines returns s in lines of n characters.
func lines(s string, n int) (out []string) {
	for ; len(s) > n; s = s[n:] {
		out = append(out, s[:n])
	}
	return append(out, s)
}

func TestOpenVPNAccept(t *testing.T) {
	static := lines(hex.EncodeToString(secret(ovpnKey)), 32)
	file := "#\n# 2048 bit OpenVPN static key\n#\n-----BEGIN OpenVPN Static key V1-----\n" + strings.Join(static, "\n") + "\n-----END OpenVPN Static key V1-----\n"
	server := lines(base64.StdEncoding.EncodeToString(secret(ovpnServer)), 64)
	client := lines(base64.StdEncoding.EncodeToString(secret(ovpnKey+300)), 64)
	armour := func(name string, body []string) string {
		return "-----BEGIN OpenVPN tls-crypt-v2 " + name + " key-----\n" + strings.Join(body, "\n") + "\n-----END OpenVPN tls-crypt-v2 " + name + " key-----\n"
	}
	one := func(name, text, encoding string, body []string) probetest.Case {
		c := textCase(name, OpenVPNKey, encoding, text, probe.Confirmed, body[0])
		c.Private = nil
		for _, l := range body {
			c.Private = append(c.Private, []byte(l))
		}
		return c
	}
	probetest.Accept(t, NewOpenVPN(),
		one("static", file, probe.Hex, static),
		one("in a configuration", "<tls-crypt>\r\n"+strings.ReplaceAll(file, "\n", "\r\n")+"</tls-crypt>\r\n", probe.Hex, static),
		one("in JSON", strings.ReplaceAll(file, "\n", `\n`), probe.Hex, static),
		one("without its head", file[strings.Index(file, "PN Static key"):], probe.Hex, static),
		one("server", armour("server", server), probe.Base64, server),
		one("client", armour("client", client), probe.Base64, client),
	)
	probetest.Reject(t, NewOpenVPN(), "no key", []byte("-----BEGIN OpenVPN Static key V1-----\n(paste it here)\n-----END OpenVPN Static key V1-----\n"))
}

func TestOpenVPNPair(t *testing.T) {
	for _, n := range []int{16, 24, 32} {
		for _, at := range []int{0, 128} {
			key := secret(ovpnKey)
			d := NewOpenVPNPair(probe.Facts{Secret: func(p []byte) bool { return bytes.Equal(p, key[at:at+n]) }})
			s, err := search.New([]probe.Detector{d})
			if err != nil {
				t.Fatal(err)
			}
			data := append(append([]byte{0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0}, key...), make([]byte, 64)...)
			for _, chunk := range []int{1, len(data)} {
				fs := probetest.Matches(s, data, chunk)
				if len(fs) != 1 || fs[0].Start != 16 || fs[0].Len() != ovpnKey {
					t.Fatalf("%d octets at %d, chunks of %d: %d matches", n, at, chunk, len(fs))
				}
			}
			data[12] = 3
			if fs := probetest.Matches(s, data, len(data)); len(fs) != 0 {
				t.Error("three keys are accepted")
			}
		}
	}
}
