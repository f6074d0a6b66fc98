package context

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// argv writes a command line as Linux keeps it, between empty strings.
func argv(line string) string { return "\x00\x00" + strings.ReplaceAll(line, " ", "\x00") + "\x00" }

// TestCommands holds that passwords are found in the lines of a shell and in argv.
func TestCommands(t *testing.T) {
	for i, line := range []string{
		"cpw -pw %s alice", "sudo kadmin -p admin/admin -w %s -q x", "ldapsearch -x -D cn=a,dc=b -w %s -b dc=b",
		"/usr/bin/redis-cli -h db -a %s ping", "sshpass -p %s ssh host", "sshpass -p%s ssh host", "docker login -u me -p %s registry",
		"mysql -uroot -p%s shop", "mysqldump -h db -p%s shop", "openssl enc -k %s -aes256", "openssl rsa -passin pass:%s -in k",
		"keytool -list -storepass %s -keystore k", "mysqladmin -uroot -p%s ping", "slappasswd -s %s", "psexec -u me -p %s cmd",
		"mosquitto_pub -u me -P %s -t x",
		"mongosh -u a -p %s x", "zip -P %s a.zip b", "xfreerdp /u:bob /p:%s /v:host", "sqlcmd -U sa -P %s",
	} {
		acceptLine(t, NewCommand(), i, line)
	}
	probetest.Accept(t, NewCommand(), probetest.Case{
		Data: []byte("\nx11vnc -passwd Kq4#ZZ7dk1xQ9 -forever\n"), Text: true, Kind: Password, Encoding: probe.ASCII,
		Confidence: probe.Likely, Private: [][]byte{[]byte("Kq4#ZZ7dk1xQ9")}, // test data
	})
}

// acceptLine has d find a fresh password in place of the verb of line, as text and as an argument vector.
func acceptLine(t *testing.T, d probe.Detector, i int, line string) {
	t.Helper()
	secret := "Kq4#" + rand.Text()[:10]
	text := fmt.Sprintf(line, secret)
	for k, data := range []string{"\n" + text + "\n", argv(text)} {
		probetest.Accept(t, d, probetest.Case{
			Name: fmt.Sprintf("%d.%d", i, k), Data: []byte(data), Text: true, Kind: Password, Encoding: probe.ASCII,
			Confidence: probe.Likely, Private: [][]byte{[]byte(secret)},
		})
	}
}

// TestNoCommands holds that the same options of other programs, and what is no password, are not.
func TestNoCommands(t *testing.T) {
	s, err := search.New([]probe.Detector{NewCommand()})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"cp -p Kq4#ZZ7dk1xQ9 b", "docker run -p 8080:80 image", "docker run -p Kq4#ZZ7dk1xQ9 login", "ps -a Kq4#ZZ7dk1xQ9", "grep -w Kq4#ZZ7dk1xQ9 f",
		"mysql -p shop", "mysql -P 3306 x", "redis-cli -p 6379", "redis-cli -a $PASS ping", "ldapsearch -w PASSWORD", "the -password option", "ls -s Kq4#ZZ7dk1xQ9", "openssl rsa -passin file:Kq4#ZZ7dk1xQ9",
		"mkdir -p Kq4#ZZ7dk1xQ9", "keytool -storepass password", "mongod -p 27017", "ssh -p Kq4#ZZ7dk1xQ9 sshpass-host",
	} {
		for _, data := range []string{"\n" + line + "\n", argv(line)} {
			for _, m := range probetest.Matches(s, []byte(data), len(data)) {
				if m.Confidence > probe.Possible {
					t.Errorf("%q: %s", data, m.Kind)
				}
			}
		}
	}
}
