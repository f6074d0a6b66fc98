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

// TestOperands holds that passwords are found by their place among arguments.
func TestOperands(t *testing.T) {
	for i, line := range []string{
		"htpasswd -b f me %s", "htpasswd -nb me %s", "/usr/bin/htpasswd -bnBC 10 me %s", "htpasswd -c -b -B f me %s", "mosquitto_passwd -b f me %s",
		"net user bob %s /add", "NET.EXE USER bob %s", `net use z: \\h\s %s /user:bob`, "rabbitmqctl add_user bob %s", "ejabberdctl register u h %s",
		"mysqladmin -u root -pOld4#x password %s", "nmcli dev wifi connect net password %s", "wpa_passphrase net %s", "cf auth u@h %s",
		"sqlplus scott/%s@db", "sqlplus -s scott/%s@//h:1521/x", "sqlplus scott/%s", "expdp system/%s@db full=y", "sqlldr userid=scott/%s@db",
		"aws configure set aws_secret_access_key %s", "npm config set //r.example/:_authToken %s", "git config --global user.password %s",
		"7z x -p%s a.7z", "7z a a.7z -mhe=on -p%s f", "7za x -p%s a.7z", "rar a -hp%s a.rar f", "unzip -P%s a.zip", "sqlcmd -S h -U sa -P%s",
		"impacket-smbclient dom/bob:%s@host", "python3 secretsdump.py -just-dc bob:%s@10.0.0.1", "GetUserSPNs.py d.example/bob:%s@h",
		"smbclient //h/s -U bob%%%s", "smbclient //h/s -Ubob%%%s", "rpcclient --user=d/bob%%%s h", "net rpc user -U bob%%%s", "lftp -u bob,%s h",
		"curl -ubob:%s https://h", "curl -U bob:%s https://h", "curl --proxy-user bob:%s https://h", "ssh-keygen -t ed25519 -N %s -f k", "http -a bob:%s h",
	} {
		acceptLine(t, NewOperand(), i, line)
	}
	// In argument vectors words are passwords too.
	probetest.Accept(t, NewOperand(), probetest.Case{
		Data: []byte(argv("htpasswd -b f me swordfish")), Text: true, Kind: Password, Encoding: probe.ASCII,
		Confidence: probe.Likely, Private: [][]byte{[]byte("swordfish")},
	})
}

// TestPiped holds that passwords are found that shells hand to programs.
func TestPiped(t *testing.T) {
	for i, line := range []string{
		"echo %s | sudo -S ls", "echo '%s'|sudo -S ls", `printf '%%s\n' "%s" | sudo -k -S ls`, "sudo -S id <<< %s", "echo 'root:%s' | chpasswd",
		"echo bob:%s | sudo chpasswd -e", "chpasswd <<< 'bob:%s'", "chpasswd <<EOF\nbob:%s\nEOF", "echo -n %s | docker login -u me --password-stdin r",
		"echo %s | passwd --stdin bob", "printf %s | cryptsetup open /dev/x y", "echo %s | kinit bob", "root:%s",
	} {
		secret := "Kq4#" + rand.Text()[:10]
		probetest.Accept(t, NewPiped(), probetest.Case{
			Name: fmt.Sprint(i), Data: []byte("\n" + fmt.Sprintf(line, secret) + "\n"), Text: true, Kind: Password, Encoding: probe.ASCII,
			Confidence: probe.Likely, Private: [][]byte{[]byte(secret)},
		})
	}
}

// TestNoOperands holds that other operands, prose and templates are no passwords.
func TestNoOperands(t *testing.T) {
	s, err := search.New([]probe.Detector{NewOperand(), NewPiped()})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"htpasswd f Kq4#ZZ7dk1xQ9", "htpasswd -b f me password", "htpasswd -b f me $PASS", "net user bob /add", "net user profiles are stored here",
		`net use z: \\h\s /user:Kq4#ZZ7dk1xQ9`, "rabbitmqctl list_users Kq4#ZZ7dk1xQ9", "sqlplus /nolog", "sqlplus scott@db", "sqlplus / as sysdba",
		"git config --global user.email Kq4x9Z@h", "aws configure set region eu-west-1", "7z x a.7z", "curl -u bob https://h", "curl -u bob:$PW https://h",
		"echo $PW | sudo -S ls", "echo Kq4#ZZ7dk1xQ9 | sudo tee x", "echo Kq4#ZZ7dk1xQ9 > x; sudo -S ls", "root:x:0:0:root:/root:/bin/bash", "root:*:19000:0:99999:7:::",
		"smbclient //h/s -U bob", "psexec.py -h", "secretsdump.py host",
		"see the net user Kq4#ZZ7dk1xQ9 Kq4#ZZ7dk1xQ9",
	} {
		for _, data := range []string{"\n" + line + "\n", argv(line)} {
			if data[0] == 0 && strings.HasPrefix(line, "see ") {
				continue // a sentence is no argument vector
			}
			for _, m := range probetest.Matches(s, []byte(data), len(data)) {
				t.Errorf("%q: %s", data, m.Kind)
			}
		}
	}
}
