package context

import (
	"encoding/base64"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// example is a text in which the mark @@ stands for the secret.
type example struct {
	name, kind, text, secret string
}

func (s example) data() []byte { return []byte(strings.ReplaceAll(s.text, "@@", s.secret)) }

// samples returns one text of each form, by the detector that must find it.
func samples(m maker) map[probe.Detector][]example {
	basic := func() string { return base64.StdEncoding.EncodeToString([]byte("svc:" + m.password())) }
	return map[probe.Detector][]example{
		NewNamed(): {
			{"environment", EnvSecret, "\x00DB_PASSWORD=@@\x00", m.password()},
			{"environment, chosen", EnvSecret, "\x00PGPASSWORD=@@\x00", m.human()},
			{"environment, a word", EnvSecret, "\x00REDIS_PASSWORD=@@\x00", "swordfish"},
			{"environment, signs that code has", EnvSecret, "\x00DB_PASSWORD=@@\x00", "=Z-2r.AEjUG%s6#5"}, // test data
			// Test data, as password generators with all signs make it.
			{"environment, begins with a sign of shells", EnvSecret, "\x00DB_PASSWORD=@@\x00", "$sCK3hz7cyN"},
			{"environment, begins with a bracket", EnvSecret, "\x00DB_PASSWORD=@@\x00", "<u0Jc,?8Db+k"},
			{"environment, ampersands", EnvSecret, "\x00DB_PASSWORD=@@\x00", "Jd|m2&gt5&Wx=9"},
			{"environment, as an arrow", EnvSecret, "\x00DB_PASSWORD=@@\x00", ">qt7k[kO-|z5*"},
			{"option, all signs", Password, "\x00mysql\x00--password=@@\x00-h\x00", ")r&9;Vx,4{Lp<2K!"},
			{"JSON, begins with a bracket", Password, `{"password":"@@"}`, "[V7!dL#[@nJ}86g%t"},
			{"INI, like code", Password, "[db]\nuser = u\npassword = @@\n", "n.5>6Zq~O^)k"},
			{"YAML, like code", Password, "db:\n  password: @@\n  x: 1\n", "x0wZ(D<2#mQ"},
			{"assigned, signs that code has", Password, "took DB_PASSWORD=@@ from", "Owj!4svl.n-7hMQp"},   // test data
			{"assigned, with a comma", Password, "took DB_PASSWORD=@@ from", "PVGrg,6rQ8D~JJ7o"},          // test data
			{"assigned, with a format's letters", Password, "took DB_PASSWORD=@@ from", "vHUuHy%o%v_iJ8"}, // test data
			{"environment, key", EnvSecret, "\x00AWS_SECRET_ACCESS_KEY=@@\x00", m.base64(30)},
			{"environment, in a file", EnvSecret, "\nSECRET_KEY_BASE=@@\n", m.of(hexDigit, 64)},
			{"option", Password, "\x00mysqldump\x00--password=@@\x00--all\x00", m.password()},
			{"next argument", Token, "\x00--token\x00@@\x00run\x00", m.token(32)},
			{"header", APIKey, "x-api-key: @@\r\nAccept: */*\r\n", m.token(36)},
			{"header, upper case", Token, "PRIVATE-TOKEN: @@\r\n", m.token(20)},
			{"header with a NUL for the colon", APIKey, "\nX-Api-Key\x00 @@\x00\nHost\x00 a\x00", m.token(30)},
			{"name and value of HTTP/2", Token, "\x00x-vault-token\x00@@\x00", m.token(26)},
			{"JDBC", ConnectionString, "jdbc:sqlserver://h:1433;user=sa;password=@@;encrypt=true", m.password()},
			{"JDBC, query", Password, "jdbc:postgresql://h/db?user=a&password=@@&ssl=true", m.token(18)},
			{"ADO.NET", ConnectionString, "Server=tcp:x;User ID=u;Password=@@;Encrypt=True;", m.human()},
			{"ODBC", ConnectionString, "Driver={x};Server=s;Uid=u;Pwd=@@;", m.password()},
			{"storage", ConnectionString, "DefaultEndpointsProtocol=https;AccountName=n;AccountKey=@@;EndpointSuffix=w", m.base64(64)},
			{"service bus", ConnectionString, "Endpoint=sb://n/;SharedAccessKeyName=Root;SharedAccessKey=@@", m.base64(32)},
			{"libpq", Password, "host=db user=app password=@@ dbname=x", m.password()},
			{"netrc", Password, "machine ftp.example.net login bob password @@\n", m.human()},
			{"my.cnf", Password, "[client]\nuser=root\npassword=@@\n", m.human()},
			{"redis.conf", Password, "requirepass @@\n", m.password()},
			{"form", Secret, "grant_type=x&client_id=a&client_secret=@@", m.token(32)},
			{"form, percent-encoded", Password, "user=bob&password=@@&x=1", url.QueryEscape(m.human() + "&x")},
			{"JSON", Password, `{"user":"bob","password":"@@"}`, m.password()},
			{"JSON, camel case", Secret, `{"accessKeyId":"A","secretAccessKey":"@@"}`, m.token(40)},
			{"JSON in JSON", APIKey, `"{\"apiKey\":\"@@\"}"`, m.token(30)},
			{"JSON with an escaped quote", Password, `{"password":"@@"}`, m.token(6) + `\"` + m.token(6)},
			{"docker", APIKey, `{"auths":{"r":{"auth":"@@"}}}`, basic()},
			{"Python", APIKey, `{'api_key': '@@', 'x': 1}`, m.token(24)},
			{"Ruby", Secret, `:x=>1, "client_secret"=>"@@"`, m.token(24)},
			{"list of pairs", Token, `["x-auth-token","@@"]`, m.token(24)},
			{"YAML", Password, "db:\n  user: app\n  password: @@\n", m.password()},
			{"YAML, escaped", Password, `a: b\npassword: @@\nc: d`, m.password()},
			{"AWS", Secret, "[default]\naws_secret_access_key = @@\n", m.base64(30)},
			{"kubeconfig", APIKey, "    client-key-data: @@\n", m.base64(300)},
			{"npm", Token, "//r.example.net/:_authToken=@@\n", m.token(36)},
			{"XML element", Password, "<user>a</user><password>@@</password>", m.password()},
			{"XML element with attributes", Password, `<wsse:Password Type="x#PasswordText">@@</wsse:Password>`, m.password()},
			{"XML attribute", Password, `<Resource username="u" password="@@" />`, m.human()},
			{"environment, store", EnvSecret, "\x00STOREPASS=@@\x00", m.password()},
			{"environment, words and a number", EnvSecret, "\x00LDAP_BIND_PW=@@\x00", m.words()},
			{"words and a number", Password, `{"user":"bob","password":"@@"}`, m.words()},
			{"next argument, short name", Password, "\x00--pass\x00@@\x00run\x00", m.password()},
			{"ODBC in braces", ConnectionString, "Uid=u;Pwd={@@};Encrypt=yes;", m.password()},
			{"ADO.NET with blanks", ConnectionString, "Data Source=db;User ID=u;Password = @@;Pooling=true", m.words() + "!"},
			{"libpq, like code", Password, "host=db user=app password=@@ sslmode=require", "Walnut.Maple" + m.of(hexDigit[1:10], 4)},
			{"netrc without login", Password, "\nmachine ftp.example.net password @@\n", m.human()},
			{"netrc with account", Password, "login bob account a2 password @@\n", m.human()},
			{"wpa_supplicant", Password, "ssid=\"x\"\n psk=\"@@\"\n", m.human()},
			{"form of Rails", Password, "user[email]=a&user[password]=@@&commit=x", m.password()},
			{"form of Rails, percent-encoded", Password, "user%5Bemail%5D=a&user%5Bpassword%5D=@@&commit=x", m.token(18)},
			{"form, repeated", Password, "a=b&password_confirmation=@@&x=1", m.token(18)},
			{"form, PKCE", Token, "grant_type=authorization_code&code_verifier=@@", m.token(43)},
			{"multipart", Password, "Content-Disposition: form-data; name=\"password\"\r\n\r\n@@\r\n--b--\r\n", m.password()},
			{"multipart with a type", APIKey, "name=\"api_key\"\r\nContent-Type: text/plain\r\n\r\n@@\r\n--b", m.token(32)},
			{"environment of a container", Password, `{"name":"DB_PASSWORD","value":"@@"}`, m.password()},
			{"environment of a container, escaped", Password, `{\"name\": \"DB_PASSWORD\", \"value\": \"@@\"}`, m.token(18)},
			{"environment of a container, YAML", Password, "- name: DB_PASSWORD\n  value: @@\n", m.password()},
			{"block of YAML", Token, "api_token: >-\n  @@\nx: y\n", m.token(30)},
			{"Ruby's symbols", Password, `{:user=>"u", :password=>"@@"}`, m.password()},
			{"PHP's constants", Password, "define( 'DB_PASSWORD', '@@' );", m.human()},
			{"SQL", Password, "ALTER ROLE bob WITH PASSWORD '@@';", m.password()},
			{"SQL of Microsoft", Password, "CREATE LOGIN b WITH PASSWORD = N'@@', X=ON", m.password()},
			{"SQL, options", Password, "OPTIONS (user 'r', password '@@')", m.password()},
			{"fields of Go", Password, "{User:u Password:@@ Host:h}", m.password()},
			{"fields of C#", Password, "Config { User = u, Password = @@, Host = h }", m.password()},
			{"map of Java", Password, "{user=u, password=@@}", m.token(18)},
			{"property list", Password, "<key>password</key>\n<string>@@</string>", m.password()},
			{"header among arguments", APIKey, "curl -H \"x-api-key: @@\" -H 'Accept: a/b' https://h", m.token(32)},
			{"LDIF", Password, "dn: cn=bob\nuserPassword:: @@\n", base64.StdEncoding.EncodeToString([]byte(m.password()))},
			{"key of somebody, camel case", APIKey, `const acmeKey = "@@";`, m.token(32)},
			{"key of somebody, short", APIKey, `"acmeKey": "@@"`, "9x" + m.token(12) + "Qz4AbT"},
			{"key of somebody, JSON", APIKey, `{"acme_key":"@@"}`, m.of(hexDigit, 32)},
			{"key of somebody, YAML", APIKey, "x:\n  acme-key: @@\n", m.token(40)},
			{"numbered", Token, "acme_token2 = '@@'", m.token(24)},
			{"numbered password", Password, "dbPassword1: '@@'", m.password()},
			{"key in a query", APIKey, "GET https://api.acme.example/v1/x?key=@@&y=1", m.token(32)},
			{"key in a query, by its path", APIKey, "https://acme.example/v2/x?y=1&key=@@ HTTP/1.1", m.token(24)},
			{"short declaration of Go", Token, `acmeToken := "@@"`, m.token(32)},
			{"short declaration of Go, password", Password, `dbPass := "@@"`, m.password()},
			{"variable of Go", Token, `var acmeToken string = "@@"`, m.token(32)},
			{"assignment of make", Token, `ACME_TOKEN ::= "@@"`, m.token(32)},
			{"conditional assignment", Password, `DB_PASSWORD ?= "@@"`, m.password()},
			{"XML, in a line of its own", Password, "<password>\n    @@\n</password>", m.password()},
			{"assigned with blanks", Password, `$pass = '@@';`, m.password()},
			{"message", Token, "using the token @@ of bob", m.token(32)},
			{"message, quoted", Secret, "new secret '@@' was made", m.token(24)},
			{"message, dash", Token, "acme token - '@@'\n", m.of(hexDigit, 40)},
			{"message, key", APIKey, "Your API key is: @@\nKeep it.", m.token(32)},
			{"message, key and colon", APIKey, "\nAccess Key: @@\n", m.token(24)},
			{"message, at the end of a sentence", Token, "The token is @@. Keep it.", m.token(32)},
			{"column", Token, "auth token | @@ | x", m.token(32)},
			{"Jenkins", Secret, "<secret>@@</secret>", "{AQAAABAAAAAQ" + m.base64(33) + "}"},
			{"configuration of .NET", Password, `<add key="SmtpPassword" value="@@" />`, m.password()},
		},
		NewURL(): {
			{"PostgreSQL", ConnectionString, "postgres://app:@@@db.internal:5432/orders", m.password()},
			{"Redis", ConnectionString, "redis://:@@@cache:6379/0", m.token(24)},
			{"MongoDB", ConnectionString, "mongodb+srv://admin:@@@c.example.net/?retryWrites=true", m.password()},
			{"percent-encoded", ConnectionString, "mysql://root:@@@10.0.0.3/shop", url.QueryEscape(m.token(6) + "@/:" + m.token(5))},
			{"not encoded", ConnectionString, "amqp://mq:@@@rabbit:5672/vh", m.token(5) + "@/#" + m.token(6)},
			{"HTTP", Password, "https://deploy:@@@git.example.net/a.git", m.human() + "#"},
			{"token as user", Token, "https://@@:x-oauth-basic@git.example.net/a.git", m.token(40)},
			{"slashes escaped", ConnectionString, `"postgres:\/\/app:@@@db\/x"`, m.password()},
		},
		NewAuthorization(): {
			{"Bearer", BearerToken, "Authorization: Bearer @@\r\n", m.token(40)},
			{"Bearer alone", BearerToken, "\x00Bearer @@\x00", m.token(44)},
			{"Bearer in a map", BearerToken, `{'Authorization': 'Bearer @@'}`, m.token(40)},
			{"Basic", BasicCredentials, "Authorization: Basic @@\r\n", basic()},
			{"Basic alone", BasicCredentials, "\x00Basic @@\x00", basic()},
			{"proxy", BasicCredentials, "proxy-authorization: basic @@\r\n", basic()},
			{"Digest", DigestResponse, `Authorization: Digest username="bob", realm="r", nonce="abcd", response="@@"`, m.of(hexDigit, 32)},
			{"Negotiate", NegotiateToken, "Authorization: Negotiate @@\r\n", m.base64(80)},
			{"AWS", RequestSignature, "Authorization: AWS4-HMAC-SHA256 Credential=X/2026/eu/s3/aws4_request, SignedHeaders=host, Signature=@@\r\n", m.of(hexDigit, 64)},
			{"another scheme", APIKey, "Authorization: Token @@\r\n", m.token(40)},
			{"no scheme", APIKey, "Authorization: @@\r\n", m.token(40)},
			{"a NUL for the colon", BearerToken, "\nAuthorization\x00 Bearer @@\x00\n", m.token(40)},
		},
		NewCookie(): {
			{"session", SessionCookie, "Cookie: theme=dark; sessionid=@@; lang=de\r\n", m.token(32)},
			{"set", SessionCookie, "Set-Cookie: JSESSIONID=@@; Path=/; HttpOnly\r\n", m.of("0123456789ABCDEF", 32)},
			{"signed", SessionCookie, "\x00connect.sid=@@\x00", "s%3A" + m.token(32) + "." + m.token(43)},
			{"alone", SessionCookie, "\x00PHPSESSID=@@\x00", m.of("abcdefghijklmnopqrstuvwxyz0123456789", 26)},
			{"another", Cookie, "Cookie: a=1; prefs_v2=@@\r\n", m.token(40)},
			{"in JSON", SessionCookie, `"cookie": "sid=@@"`, m.token(32)},
		},
		NewPasswordHash(): {
			{"MD5", PasswordHash, "u:$1$@@:1:", m.of(cryptSet, 8) + "$" + m.of(cryptSet, 22)},
			{"SHA-512", PasswordHash, "root:$6$@@:19700:0:99999:7:::", m.of(cryptSet, 16) + "$" + m.of(cryptSet, 86)},
			{"SHA-256 with rounds", PasswordHash, "$5$rounds=5000$@@", m.of(cryptSet, 16) + "$" + m.of(cryptSet, 43)},
			{"yescrypt", PasswordHash, "$y$j9T$@@", m.of(cryptSet, 22) + "$" + m.of(cryptSet, 43)},
			{"bcrypt", PasswordHash, "\x00$2b$12$@@\x00", m.of(cryptSet, 53)},
			{"argon2", PasswordHash, "$argon2id$v=19$m=65536,t=3,p=4$@@", m.token(22) + "$" + m.token(43)},
			{"Django", PasswordHash, "pbkdf2_sha256$600000$@@", m.token(22) + "$" + m.base64(32)},
			{"SCRAM", PasswordHash, "SCRAM-SHA-256$4096:@@", m.base64(16) + "$" + m.base64(32) + ":" + m.base64(32)},
			{"LDAP", PasswordHash, "{SSHA}@@", m.base64(28)},
			{"Drupal", PasswordHash, "\x00$S$@@\x00", "D" + m.of(cryptSet, 51)},
			{"Shiro", PasswordHash, "$shiro1$SHA-256$500000$@@", m.base64(16) + "$" + m.base64(32)},
			{"GRUB", PasswordHash, "grub.pbkdf2.sha512.10000.@@", m.of(hexDigit, 128) + "." + m.of(hexDigit, 128)},
			{"PostgreSQL's MD5", PasswordHash, "\x00md5@@\x00", m.of(hexDigit, 32)},
			{"NT", PasswordHash, "a:500:aad3b435b51404eeaad3b435b51404ee:@@:::", m.of(hexDigit, 32)},
		},
		NewSourceName(): {
			{"Oracle", ConnectionString, "jdbc:oracle:thin:scott/@@@//h:1521/orcl", m.password()},
			{"Oracle with SID", ConnectionString, "jdbc:oracle:thin:scott/@@@h:1521:orcl", m.human()},
			{"Oracle without JDBC", ConnectionString, "\x00app/@@@//h:1521/svc\x00", m.password()},
			{"MySQL in Go", ConnectionString, "\x00app:@@@tcp(h:3306)/x\x00", m.password()},
		},
		NewStatement(): {
			{"Redis", Password, "*2\r\n$4\r\nAUTH\r\n$20\r\n@@\r\n", m.token(20)},
			{"Redis with user", Password, "$4\r\nAUTH\r\n$5\r\nalice\r\n$20\r\n@@\r\n", m.token(20)},
			{"user of Redis", Password, "user alice on >@@ ~* +@all\n", m.password()},
			{"hash of a user of Redis", PasswordHash, "user alice on #@@ ~* +@all\n", m.of(hexDigit, 64)},
			{"FTP", Password, "USER bob\r\nPASS @@\r\n", m.password()},
			{"IMAP", Password, "a1 LOGIN bob \"@@\"\r\n", m.password()},
			{"SMTP", Password, "AUTH PLAIN @@\r\n", base64.StdEncoding.EncodeToString([]byte("\x00bob\x00" + m.password()))},
			{"MySQL", Password, "CREATE USER b IDENTIFIED BY '@@';", m.password()},
			{"MySQL with plugin", Password, "ALTER USER b IDENTIFIED WITH caching_sha2_password BY '@@';", m.password()},
			{"MySQL's hash", PasswordHash, "IDENTIFIED WITH 'mysql_native_password' AS '@@'", "*" + m.of("0123456789ABCDEF", 40)},
			{"arguments of curl", Password, "curl -k -u developer:@@ https://h/", m.token(16)},
			{"arguments in memory", Password, "curl\x00--user\x00a@example.net:@@\x00https://h/", m.password()},
			{"MySQL's function", Password, "SET PASSWORD FOR b = PASSWORD('@@');", m.password()},
		},
		NewCryptoCall(): {
			{"pgcrypto", Password, "select pgp_sym_encrypt('a (b), it''s', '@@', 'cipher-algo=aes256') from t;", m.password()},
			{"pgcrypto, private key", Password, "select pgp_pub_decrypt(c, dearmor(k), '@@')", m.password()},
			{"pgcrypto with a schema", Password, "\x00public.pgp_sym_decrypt_bytea(data,\n '@@'::text)", m.password()},
			{"MySQL, text", Password, "INSERT INTO t VALUES (AES_ENCRYPT('x', '@@'))", m.password()},
		},
		NewAppToken(): {
			{"Facebook", Token, "\x001308742762612587|@@\x00", m.token(27)},
		},
		NewSignedURL(): {
			{"S3", RequestSignature, "https://b/k?X-Amz-Expires=3600&X-Amz-Signature=@@", m.of(hexDigit, 64)},
			{"CloudFront", RequestSignature, "https://d/k?Expires=1&Signature=@@&Key-Pair-Id=K", m.token(344)},
		},
		NewPasswordFile(): {
			{"pgpass", Password, "\ndb.example.net:5432:orders:app:@@\n", m.password()},
			{"pgpass, any", Password, "\nlocalhost:*:*:app:@@\n", m.password()},
			{"DES in shadow", PasswordHash, "\nbob:@@:19000:0:99999:7:::\n", m.of(cryptSet, 13)},
		},
		NewSharedAccess(): {
			{"SAS", SASSignature, "https://n.blob.core.windows.net/c?sv=2022-11-02&se=2027&sr=c&sig=@@", url.QueryEscape(m.base64(32))},
			{"SAS, first", SASSignature, "SharedAccessSignature sig=@@&se=1700000000&skn=k", m.base64(32)},
			{"code", AuthorizationCode, "GET /cb?state=a&code=@@ HTTP/1.1\r\n", m.token(40)},
		},
		NewSAML(): {
			{"assertion", SAMLAssertion, "\x00@@\x00", base64.StdEncoding.EncodeToString([]byte("<saml:Assertion ID=\"" + m.token(400)))},
			{"response", SAMLAssertion, "SAMLResponse=@@&RelayState=x", url.QueryEscape(m.base64(500))},
			{"response behind a declaration", SAMLAssertion, "\x00@@\x00", base64.StdEncoding.EncodeToString([]byte(`<?xml version="1.0"?><p:R xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ID="` + m.token(400)))},
			{"signature in XML", SAMLAssertion, `<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion"><ds:SignatureValue>@@</ds:SignatureValue>`, m.base64(256)},
			{"encrypted in XML", SAMLAssertion, `<EncryptedAssertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion"><xenc:CipherValue>@@</xenc:CipherValue>`, m.base64(256)},
			{"artifact", SAMLAssertion, "SAMLart=@@&x", m.base64(44)},
		},
		NewKubernetes(): {
			{"JSON", KubernetesSecret, `{"apiVersion":"v1","data":{"a":"@@"},"kind":"Secret","type":"Opaque"}`, m.base64(12)},
			{"JSON, kind first", KubernetesSecret, `{"kind": "Secret", "data": {"a": "@@"}}`, m.base64(12)},
			{"list", KubernetesSecret, `{"kind":"SecretList","items":[{"data":{}},{"data":{"a":"@@"}}]}`, m.base64(12)},
			{"YAML in a list", KubernetesSecret, "- apiVersion: v1\n  data:\n    a: @@\n  kind: Secret\n", m.base64(12)},
			{"YAML in quotes, lines of DOS", KubernetesSecret, "kind: \"Secret\"\r\ndata:\r\n  pw: @@\r\n", m.base64(12)},
			{"YAML, block", KubernetesSecret, "kind: Secret\nstringData:\n  a: |\n    x\n    @@\n", m.base64(12)},
			{"YAML", KubernetesSecret, "apiVersion: v1\nkind: Secret\ndata:\n  pw: @@\n", m.base64(12)},
		},
	}
}

func TestAccept(t *testing.T) {
	for d, list := range samples(newMaker(1)) {
		t.Run(d.Spec().ID, func(t *testing.T) {
			for _, s := range list {
				probetest.Accept(t, d, probetest.Case{
					Name: s.name, Data: s.data(), Text: true, Kind: s.kind, Confidence: probe.Likely,
					Private: [][]byte{[]byte(s.secret)},
				})
			}
		})
	}
}

// Other secrets of the same forms are found as well: the grades do not depend on
// the samples' luck.
func TestManySecrets(t *testing.T) {
	rounds := 40
	if testing.Short() {
		rounds = 8
	}
	missed, n, names := 0, 0, map[string]int{}
	for seed := range rounds {
		for d, list := range samples(newMaker(uint64(seed) + 100)) {
			s, err := search.New([]probe.Detector{d})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range list {
				n++
				data := c.data()
				fs := probetest.Matches(s, data, len(data))
				if !slices.ContainsFunc(fs, func(f search.Found) bool { return f.Confidence >= probe.Likely && f.Kind == c.kind }) {
					missed++
					names[d.Spec().ID+", "+c.name]++
				}
			}
		}
	}
	if missed*500 > n {
		t.Errorf("%d of %d secrets are missed: %v", missed, n, names)
	}
}

// What stays beside a redacted value does not become a secret by that.
func TestRedactedPasswordMakesNoTokenOfTheUser(t *testing.T) {
	m := newMaker(3)
	s, err := search.New(Detectors())
	if err != nil {
		t.Fatal(err)
	}
	text := "https://" + m.token(30) + ":" + m.password() + "@h.example.net/"
	data := []byte(text)
	for _, f := range probetest.Matches(s, data, len(data)) {
		for _, r := range f.Redact {
			copy(data[r.Start:r.End], probe.TagOpen+strings.Repeat("*", r.Len()))
		}
	}
	if string(data) == text {
		t.Fatal("nothing was redacted")
	}
	for _, f := range probetest.Matches(s, data, len(data)) {
		if f.Confidence > probe.Possible {
			t.Errorf("%s is found after the redaction", f.Kind)
		}
	}
}

// Only the value goes: whoever debugs sees its name and what surrounds it.
func TestNameStays(t *testing.T) {
	for d, list := range samples(newMaker(2)) {
		s, err := search.New([]probe.Detector{d})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			data := c.data()
			red := string(probetest.Redact(data, probetest.Matches(s, data, len(data))))
			before, after, _ := strings.Cut(c.text, "@@")
			if !strings.HasPrefix(red, before) || !strings.HasSuffix(red, after) {
				t.Errorf("%s, %s: what surrounds the secret was redacted too", d.Spec().ID, c.name)
			}
		}
	}
}

// A glance at a URL says no only where the detector finds nothing.
func TestURLGlance(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 9))
	alphabet := []string{"a", "B", "7", ":", "@", "/", "?", "#", "é", "\"", " ", "'", "\\", "<", "%40", "x1!Kq9z"}
	hits := 0
	for range 20000 {
		text := []string{"redis://", "https://", `amqp:\/\/`}[r.IntN(3)]
		at := strings.Index(text, ":")
		tail := ""
		if r.IntN(2) == 0 {
			text, tail = text+"u:", "@h"
		}
		for range r.IntN(20) {
			text += alphabet[r.IntN(len(alphabet))]
		}
		text += tail
		for _, wide := range []bool{false, true} {
			v := probe.View{Data: []byte(text), At: at}
			if wide {
				v = probe.View{Data: probetest.Widen([]byte(text)), At: 2 * at, Wide: true}
			}
			found := false
			NewURL().Detect(v, func(probe.Match) { found = true })
			if found {
				hits++
				if !NewURL().(probe.Glancer).Glance(v.Data, v.At, wide) {
					t.Errorf("%q: found, although the glance said no", text)
				}
			}
		}
	}
	if hits < 100 {
		t.Errorf("only %d were found", hits)
	}
}
