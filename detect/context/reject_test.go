package context

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// harmless is text in which no secret is: none of it may be redacted.
var harmless = [...]string{
	// Environments and options.
	"\x00SSH_AUTH_SOCK=/tmp/ssh-XXXX/agent.1\x00", "\x00XAUTHORITY=/home/u/.Xauthority\x00", "\x00TOKENIZERS_PARALLELISM=false\x00",
	"\x00KEYBOARD_LAYOUT=de-latin1-nodeadkeys\x00", "\x00DB_PASSWORD_FILE=/run/secrets/db\x00", "\x00PWD=/srv/app2/Release64\x00",
	"\x00OLDPWD=/home/User7/x\x00", "\x00GPG_AGENT_INFO=/run/user/1000/S.gpg-agent:0:1\x00", "\x00MAX_TOKENS=4096\x00",
	"\x00PASSENGER_APP_ENV=production2\x00", "\x00API_KEY=${API_KEY}\x00", "\x00SECRET_KEY=\x00", "\x00AUTH_METHOD=scram-sha-256\x00",
	"\x00AWS_ACCESS_KEY_ID=\x00", "\x00DB_PASSWORD=********\x00", "\x00DB_PASSWORD=<password>\x00", "\x00TOKEN_URL=https://a.example.net/o2/Tok3n\x00",
	"\x00--password\x00--user\x00", "\x00--token\x00The token to use\x00", "\x00--password-file=/etc/Pw1.txt\x00", "--key Server1.pem",
	// Source code.
	"password = get_password(User1)", "self.password = password2", "token = self.lexer.Token3()", "key=lambda x: x[1]",
	"def f(password=None, token=None):", "password: str = Field(max_length=128)", `if (password == "Xk29!aab") {`,
	"this.token=t.nextToken,this.key=Key2", "const key = keys[i2];", "{token:t.Token4,secret:e.Secret5}", `"password": "string"`,
	`{"type":"password","name":"Pw1x9z"}`, `key: "ArrowLeft"`, `"api_key": "YOUR_API_KEY_HERE_123"`, `token = r'(?:[^"]|"")+X9z'`,
	"password=%s", "password=%(Password1)s", "secret: {{ .Values.Secret1 }}", "password: #{Rails.secrets.Pw1}",
	// Documentation and messages.
	"The password: it must have at least 8 characters.", "password: The User's Password2, if any", `"password": "Your password must have 8 or more"`,
	"PASS: ld-x86-64/dt-relr-1a-x32", "Basic information about the format", "basic auth", "bearer token: see below", "Bearer realm=\"Example99\"",
	"Authorization: Bearer <token>", "Authorization: %s", "Negotiate authentication is used", "Cookie: theme=dark", "Set-Cookie: lang=de; Path=/",
	"session=default", "sid=1", "https://example.com:8080/@scope/Package9", "https://user@example.com/", "mailto://a@b",
	"http://%s:%s@%s/", "https://<user>:<password>@host/", "postgres://${USER}:${PASSWORD}@db/x", "redis://:***@cache:6379",
	"postgres://app@db/x?opt=a:B9@c", "http://h:80/p:Xk29aab@q",
	"\n        >>> client.body\n        'oauth_token=k2f9Xq81Lz0mVb7R&oauth_token_secret=aZ81kQ2nV7xYp3Lm'\n", "const secretValue = 0x53c237_53c238",
	"\r\nGonePWD=PATH*?[\\body", "token=45ghiukldjahdnhzdauz&token_type_hint=refresh_token",
	`PrivateKey: "7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534"`, // NIST, CAVS 14.1
	"user = mysql-user\npassword = mysql-password\nhosts = unix\n", `publicKeyToken="1fc8b3b9a1e18e3b"`, `<map Token="b77a5c561934e089" PublicKey="0024000004800000" />`, "\nPASS=pass\u2192\n",
	"\x00SomeEntryToken\x00yaml/_yaml.pyx\x00", `        secret = unhexlify(b("000102030405060708090a0b0c0d0e0f"))`,
	"\x00        >>> token = 'kf9Xq81Lz0mVb7RtQ2w'\n\x00",
	`		cmd.Env = append(cmd.Env, "PWD="+i.WorkingDir2, "HOME="+home)`,
	// Keys of tables and messages, public ones, and what follows the word in prose.
	`{"cache_key":"9c1185a5c5e9fc54612808977ee8f548b2258d31"}`, `{imageKey: "img_V2x8aQ0Lr7Zp3Kd9Wm5Tn1Yc"}`, "S3ObjectKeys: k7Vb2Xq9Lm4Np8Rt1Zs6Wd3Yf\n",
	`{"user_key":"5f0a8c1e-7b3d-4e2f-9a6c-1d8e0f2b4c6a"}`, `acmeKey = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1Olb3zMAFFxXKHiIkQO5"`,
	`acmeKey = "9f8e7d6c5b4a39281"`, `hotkey = "k7Vb2Xq9Lm4Np8Rt1Zs6Wd3Yf"`, "gpg: using RSA key 9DC858229FC7DD38854AE2D88D81803C0EBFCD88", "Public key is k7Vb2Xq9Lm4Np8Rt1Zs6Wd3Yf",
	"https://example.com/list?key=k7Vb2Xq9Lm4Np8Rt1Zs6Wd3Yf", "the token github.com/acme/Lexer2/Token3x.go was read", "a token internationalization2Names",
	"secret := os.Getenv(Name2)", "token := lexer.next2Token()", "print_idx='$x'\n PWD = \"'`pwd2`'\"\n", "the key is k7Vb2Xq9Lm4Np8Rt1Zs6Wd3Yf",
	`"Resource":"arn:aws:secretsmanager:us-east-1:123456789012:secret:rds-Beta-x8Kq2Zp!*"`, "positions--pass `strict=False9`. To produce",
	// Hashes of the wrong length, and what only looks like one.
	"\x00ECKCDSA_PrivateKey\x00_ZNSt10_Head_baseILm0EPN5Botan4EMSAELb0EEC4EOS3_\x00", "\x00wc_CryptKey\x00wc_PBKDF2\x00",
	"C_InitPIN(hSession=0x%08lX)=0x%08lX", "if (PASSWORD==Xk29.aab)", "connect(password=conf.get, user=conf.user)",
	"$1$2", "replace(/(a)(b)/, '$1$2$1')", "$6$rounds=x$", "$2b$12$short", "sig=abc&se=1", "a:5432:b",
	"kind: Secret\nmetadata:\n  name: x\n", `{"kind":"Secret","metadata":{"name":"x"}}`, "SAMLResponse", "PHNhbWw",
}

func TestHarmless(t *testing.T) {
	s, err := search.New(Detectors())
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range harmless {
		for _, data := range [][]byte{[]byte(text), probetest.Widen([]byte(text))} {
			for _, f := range probetest.Matches(s, data, len(data)) {
				if f.Confidence > probe.Possible {
					t.Errorf("%q: found %s by %s", text, f.Kind, s.Spec(f.Detector).ID)
				}
			}
		}
	}
}

// A value of which one character makes a placeholder of it is none any more.
func TestPlaceholders(t *testing.T) {
	m := newMaker(3)
	for _, wrap := range [][2]string{{"${", "}"}, {"{{", "}}"}, {"<", ">"}, {"%(", ")s"}, {"#{", "}"}, {"$(", ")"}} {
		text := `"password": "` + wrap[0] + m.token(12) + wrap[1] + `"`
		probetest.Reject(t, NewNamed(), wrap[0], []byte(text))
	}
}

// BenchmarkHostileText runs over text that consists of nothing but anchors.
func BenchmarkHostileText(b *testing.B) {
	const size = 1 << 14
	s, err := search.New(Detectors())
	if err != nil {
		b.Fatal(err)
	}
	for _, d := range Detectors() {
		for _, a := range d.Spec().Anchors {
			for _, tail := range []string{"", "=", ":"} {
				data := []byte(strings.Repeat(a+tail, size/len(a+tail)))
				b.Run(fmt.Sprintf("%q", a+tail), func(b *testing.B) {
					b.SetBytes(size)
					for b.Loop() {
						s.Search(search.Window{Data: data, Hi: len(data)}, func(search.Found) {})
					}
				})
			}
		}
	}
}

// What is stale behind a Java string makes no secret of it.
func TestStaleIsNoSecret(t *testing.T) {
	s, err := search.New(Detectors())
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"login_name:passwd:UID:GID:user_name:directory:shell", "#jdk.security.krb5.default.initiate.credential=always-impersonate", "  Location: http://example.com/cb#access_token=2YotnFZFEjr1zCsicMWpAA"} {
		data := []byte("\x01\x00\x00\x00\x00\x00\x00\x00\x38\x68\x00\x00" + string([]byte{byte(len(text)), 0, 0, 0}) + text)
		data = append(data, "+0 e4 a9"[:8-len(data)%8]...)
		data = append(data, 1, 0, 0, 0)
		for _, f := range probetest.Matches(s, data, len(data)) {
			if f.Confidence > probe.Possible {
				t.Errorf("%q: found %s by %s", text, f.Kind, s.Spec(f.Detector).ID)
			}
		}
	}
}
