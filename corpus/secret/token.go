package secret

import (
	"slices"
	"strings"
)

// tokenKind is a sort of token or password, by a template: characters stand for
// themselves, and {a20} for 20 random characters of alphabet a.
type tokenKind struct {
	name, kind string // the kind as reports name it
	template   string
}

// alphabet returns one of templates' alphabets by its letter.
func alphabet(letter byte) string {
	const (
		digits = "0123456789"
		lower  = "abcdefghijklmnopqrstuvwxyz"
		upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	)
	switch letter {
	case 'd':
		return digits
	case 'x':
		return digits + "abcdef"
	case 'X':
		return digits + "ABCDEF"
	case 'l':
		return lower
	case 'm':
		return lower + digits
	case 'u':
		return upper + digits
	case '2':
		return upper + "234567"
	case 't':
		return lower + upper
	case 'a':
		return digits + lower + upper
	case 'w':
		return digits + lower + upper + "-_"
	case 'b':
		return digits + lower + upper + "+/"
	case 'p':
		return digits + lower + upper + "!#*-_.~"
	}
	panic("internal error: no such alphabet")
}

// fill returns a template with random characters, which are private.
func (s *Source) fill(template string) (m marked) {
	for len(template) > 0 {
		before, rest, found := strings.Cut(template, "{")
		m.str(before)
		if !found {
			break
		}
		spec, after, _ := strings.Cut(rest, "}")
		n := 0
		for _, d := range spec[1:] {
			n = 10*n + int(d-'0')
		}
		letters := alphabet(spec[0])
		text := make([]byte, n)
		for i, b := range s.Bytes(n) {
			text[i] = letters[int(b)%len(letters)]
		}
		start := len(m.b)
		m.put(text...)
		m.mark(start, len(m.b))
		template = after
	}
	return m
}

// shapedKinds are tokens that their own shape gives away.
func shapedKinds() []tokenKind {
	return []tokenKind{
		{"aws-access-key", "aws-access-key", "AKIA{216}"},
		{"google-api-key", "google-key", "AIza{w35}"},
		{"google-access-token", "google-oauth-access-token", "ya29.{w160}"},
		{"google-client-secret", "google-oauth-client-secret", "GOCSPX-{w28}"},
		{"github-token", "github-classic-token", "ghp_{a36}"},
		{"github-oauth", "github-oauth-token", "gho_{a36}"},
		{"github-app", "github-server-token", "ghs_{a36}"},
		{"github-fine-grained", "github-fine-grained-token", "github_pat_{a22}_{a59}"},
		{"gitlab-token", "gitlab-personal-token", "glpat-{w20}"},
		{"gitlab-runner", "gitlab-runner-token", "glrt-{w20}"},
		{"npm-token", "npm-token", "npm_{a36}"},
		{"slack-bot", "slack-bot-credential", "xoxb-{d12}-{d13}-{a24}"},
		{"slack-app", "slack-app-credential", "xapp-1-A{u10}-{d13}-{x64}"},
		{"slack-webhook", "slack-webhook", "https://hooks.slack.com/services/T{u10}/B{u10}/{a24}"},
		{"stripe-secret", "stripe-secret-key", "sk_live_{a24}"},
		{"stripe-restricted", "stripe-secret-key", "rk_live_{a24}"},
		{"stripe-webhook", "stripe-webhook-secret", "whsec_{b32}"},
		{"sendgrid", "sendgrid-key", "SG.{w22}.{w43}"},
		{"telegram-bot", "telegram-bot-token", "{d10}:AA{w33}"},
		{"openai", "openai-key", "sk-proj-{w74}T3BlbkFJ{w74}"},
		{"anthropic", "anthropic-key", "sk-ant-api03-{w93}AA"},
		{"hugging-face", "huggingface-token", "hf_{t34}"},
		{"databricks", "databricks-token", "dapi{x32}"},
		{"digitalocean", "digitalocean-personal-token", "dop_v1_{x64}"},
		{"vault-service", "vault-service-credential", "hvs.{w96}"},
		{"terraform", "terraform-cloud-token", "{a14}.atlasv1.{a67}"},
		{"atlassian", "atlassian-token", "ATATT3xFfGF0{w172}={X8}"},
		{"shopify", "shopify-admin-token", "shpat_{x32}"},
		{"square", "square-oauth-secret", "sq0csp-{w43}"},
		{"mailgun", "mailgun-key", "key-{x32}"},
		{"linear", "linear-key", "lin_api_{a40}"},
		{"notion", "notion-token", "ntn_{d11}{a35}"},
		{"figma", "figma-token", "figd_{w40}"},
		{"postman", "postman-key", "PMAK-{x24}-{x34}"},
		{"new-relic", "newrelic-user-key", "NRAK-{u27}"},
		{"grafana-cloud", "grafana-cloud-token", "glc_{a60}"},
		{"grafana-service", "grafana-service-token", "glsa_{a32}_{x8}"},
		{"doppler", "doppler-personal-token", "dp.pt.{a43}"},
		{"pulumi", "pulumi-token", "pul-{x40}"},
		{"dynatrace", "dynatrace-token", "dt0c01.{u24}.{u64}"},
		{"planetscale", "planetscale-service-token", "pscale_tkn_{w43}"},
		{"rubygems", "rubygems-key", "rubygems_{x48}"},
		{"sentry-user", "sentry-personal-token", "sntryu_{x64}"},
		{"airtable", "airtable-personal-token", "pat{a14}.{x64}"},
		{"replicate", "replicate-token", "r8_{a37}"},
		{"groq", "groq-key", "gsk_{a52}"},
		{"perplexity", "perplexity-key", "pplx-{a48}"},
		{"docker-hub", "docker-personal-token", "dckr_pat_{w27}"},
		{"easypost", "easypost-key", "EZAK{a54}"},
		{"flutterwave", "flutterwave-key", "FLWSECK_TEST-{x32}-X"},
	}
}

// placedKinds are values that only their place gives away.
func placedKinds() []tokenKind {
	return []tokenKind{
		{"postgres-url", "connection-string-password", "postgres://app:{a18}@db1.internal:5432/orders?sslmode=require"},
		{"mysql-url", "connection-string-password", "mysql://svc:{a18}@db2.internal/shop"},
		{"redis-url", "connection-string-password", "redis://:{a18}@cache1.internal:6379/0"},
		{"mongodb-url", "connection-string-password", "mongodb+srv://svc:{a18}@cluster0.ab1cd.mongodb.net/?retryWrites=true"},
		{"amqp-url", "connection-string-password", "amqps://worker:{a18}@mq1.internal:5671/%2f"},
		{"https-url", "password", "https://deploy:{a18}@git.internal/app.git"},
		{"ado-net", "connection-string-password", "Server=tcp:sql1,1433;Database=orders;User ID=app;Password={a18};Encrypt=True;"},
		{"jdbc", "password", "jdbc:postgresql://db1.internal/orders?user=app&password={a18}&ssl=true"},
		{"service-bus", "azure-bus-string", "Endpoint=sb://orders.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={b43}=;EntityPath=q"},
		{"azure-sas", "azure-shared-access-signature", "https://acct.blob.core.windows.net/c/b?sv=2022-11-02&sp=rl&se=2027-01-01T00%3A00%3A00Z&sr=b&sig={a43}%3D"},
		{"bearer", "bearer-token", "Authorization: Bearer {w43}\r\nAccept: */*\r\n"},
		{"digest", "digest-response", `Authorization: Digest username="app", realm="r", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c0", uri="/v1", response="{x32}"` + "\r\n"},
		{"api-key-header", "api-key", "X-Api-Key: {x40}\r\nHost: api.internal\r\n"},
		{"session-cookie", "session-cookie", "Set-Cookie: JSESSIONID={X32}; Path=/; HttpOnly\r\n"},
		{"cookie", "session-cookie", "Cookie: theme=dark; connect.sid=s%3A{w32}.{a43}; lang=en\r\n"},
		{"aws-secret-json", "aws-secret-key", `{"AccessKeyId":"see above","SecretAccessKey":"<b40>"}`},
		{"oauth-client", "secret", `{"grant_type":"client_credentials","client_id":"orders","client_secret":"<w40>"}`},
		{"yaml-password", "password", "database:\n  host: db1.internal\n  password: {a18}\n  pool: 5\n"},
		{"form-body", "password", "grant_type=password&username=app&password={a18}&scope=read"},
		{"netrc", "password", "machine git.internal login deploy password {a18}\n"},
		{"pgpass", "password", "db1.internal:5432:orders:app:{a18}\n"},
		{"bcrypt", "password-hash", "$2b$12${a53}"},
		{"shadow", "password-hash", "deploy:$6${a16}${a86}:19723:0:99999:7:::\n"},
	}
}

// fillKind fills a kind's template. JSON has braces of its own: its templates have
// angle brackets in their place.
func (s *Source) fillKind(k tokenKind) marked {
	if !strings.HasPrefix(k.template, "{\"") {
		return s.fill(k.template)
	}
	head, rest, _ := strings.Cut(k.template, "<")
	spec, tail, _ := strings.Cut(rest, ">")
	m := marked{b: []byte(head)}
	m.app(s.fill("{" + spec + "}"))
	m.str(tail)
	return m
}

// around returns m between two texts.
func (m marked) around(before, after string) marked {
	out := marked{b: []byte(before)}
	out.app(m)
	out.str(after)
	return out
}

// mapped returns m with each character written by f.
func (m marked) mapped(f func(b byte) string) marked {
	var out marked
	next := 0
	for i, b := range m.b {
		for next < len(m.priv) && m.priv[next].End <= i {
			next++
		}
		start := len(out.b)
		out.str(f(b))
		if next < len(m.priv) && m.priv[next].Start <= i {
			out.mark(start, len(out.b))
		}
	}
	return out
}

// percent is RFC 3986, section 2.1.
func percent(b byte) string {
	const hexDigits = "0123456789ABCDEF"
	if strings.IndexByte(alphabet('w')+".~", b) >= 0 {
		return string(rune(b))
	}
	return string([]byte{'%', hexDigits[b>>4], hexDigits[b&15]})
}

// jsonEscape is RFC 8259, section 7, as careful encoders do it.
func jsonEscape(b byte) string {
	switch b {
	case '"', '\\', '/':
		return `\` + string(rune(b))
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '&', '<', '>', '=', '+', '\'':
		const hexDigits = "0123456789abcdef"
		return `\u00` + string([]byte{hexDigits[b>>4], hexDigits[b&15]})
	}
	return string(rune(b))
}

// longest returns the longest private text, which is a value to look for.
func (m marked) longest() []byte {
	var best []byte
	for _, r := range m.priv {
		if r.End-r.Start > len(best) {
			best = m.b[r.Start:r.End]
		}
	}
	return best
}

// tokenEncodings are names that reports may give to any text.
func tokenLabels() []string {
	return []string{"text", "utf16le", "base64", "percent", "escaped", "hex"}
}

// tokenForm is one kind in one wrapping. A copy of the whole token, or of the value
// where the place gives it away, lies elsewhere without any context.
func tokenForm(name string, k tokenKind, encoding string, wrap func(src *Source, m marked) marked) Form {
	return form(name+"-"+k.name, func(src *Source) Secret {
		m := src.fillKind(k)
		value := m.longest()
		copied := marked{b: value, priv: []Range{{0, len(value)}}}
		if shaped(k) {
			copied = m
		}
		again := copied.text(name+"-"+k.name+"-copy", k.kind, "text").or(tokenLabels()...)
		again.Confidence = likely
		s := wrap(src, m).text("", k.kind, encoding, value).or(tokenLabels()...).with(again)
		s.Confidence = likely
		return s
	})
}

// shaped reports whether the token is known without its place.
func shaped(k tokenKind) bool {
	return slices.ContainsFunc(shapedKinds(), func(s tokenKind) bool { return s.name == k.name })
}

func asIs(_ *Source, m marked) marked { return m }

// shapedForms are the tokens alone, in both widths.
func shapedForms() (fs []Form) {
	for _, k := range shapedKinds() {
		f := tokenForm("token", k, "text", asIs)
		fs = append(fs, f, f.wide())
	}
	return fs
}

// placedForms are the values that need their place, and tokens in the places where
// servers have them.
func placedForms() (fs []Form) {
	for _, k := range placedKinds() {
		f := tokenForm("placed", k, "text", asIs)
		fs = append(fs, f, f.wide())
	}
	places := []struct{ name, before, after string }{
		{"env", "PATH=/usr/bin:/bin\x00LANG=C.UTF-8\x00SERVICE_TOKEN=", "\x00HOME=/root\x00"},
		{"header", "POST /v1/items HTTP/1.1\r\nHost: api.internal\r\nAuthorization: Bearer ", "\r\nAccept: */*\r\n\r\n"},
		{"url", "https://api.internal/v1/items?limit=5&access_token=", "&page=2"},
		{"cookie", "Cookie: theme=dark; session=", "; lang=en\r\n"},
	}
	for _, p := range places {
		for _, k := range shapedKinds() {
			fs = append(fs, tokenForm("token-"+p.name, k, "text", func(_ *Source, m marked) marked {
				if p.name == "url" || p.name == "cookie" {
					m = m.mapped(percent)
				}
				return m.around(p.before, p.after)
			}))
		}
	}
	return fs
}

// encodedForms are tokens and values inside of other encodings.
func encodedForms() (fs []Form) {
	for _, k := range append(shapedKinds(), placedKinds()...) {
		if k.name == "pgpass" {
			continue // a file of lines, which nobody puts into a string
		}
		fs = append(fs,
			tokenForm("base64", k, "base64", func(src *Source, m marked) marked {
				lead := "connection: close; "[:1+src.IntN(3)] // every alignment
				return m.around(lead+" ", "\n").b64std()
			}),
			tokenForm("base64-json", k, "base64", func(_ *Source, m marked) marked {
				return m.mapped(jsonEscape).around(`{"auth":"`, `","v":2}`).b64std()
			}),
			tokenForm("percent", k, "percent", func(_ *Source, m marked) marked {
				return m.around(`{"auth":"`, `"}`).mapped(percent)
			}),
			tokenForm("escaped", k, "escaped", func(_ *Source, m marked) marked {
				return m.mapped(jsonEscape).around(`{"auth":"`, `"}`).mapped(jsonEscape).around(`{"body":"`, `","v":2}`)
			}),
			tokenForm("hex", k, "hex", func(_ *Source, m marked) marked { return m.around("v=", ";").hex() }))
	}
	return fs
}
