package livetext

import (
	"encoding/base64"
	"net/url"
)

// placed returns the kinds that only a name or a place gives away.
func placed() []Kind {
	password := func() string { return chosen(16) }
	plain := some(alnum, 18)
	return []Kind{
		in("aws-secret-key", `{"AccessKeyId":"see above","SecretAccessKey":"`, `"}`, some(b64, 40)),
		{"aws-session-token", func() Sample {
			r := random(b64, 300)
			return Sample{"aws_session_token = ", "IQoJb3JpZ2lu" + r, "\n", r}
		}},
		in("azure-sas", "https://acct.blob.core.windows.net/c/b?sv=2022-11-02&ss=b&srt=sco&sp=rl&se=2027-01-01T00%3A00%3A00Z&spr=https&sig=", "",
			func() string { return url.QueryEscape(base64.StdEncoding.EncodeToString(octets(32))) }),
		in("azure-service-bus", "Endpoint=sb://orders.servicebus.windows.net/;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=", ";EntityPath=q",
			func() string { return base64.StdEncoding.EncodeToString(octets(32)) }),
		in("postgres-url", "postgres://app:", "@db1.internal:5432/orders?sslmode=require", plain),
		in("redis-url", "redis://:", "@cache1.internal:6379/0", plain),
		in("mongodb-url", "mongodb+srv://svc:", "@cluster0.ab1cd.mongodb.net/?retryWrites=true", plain),
		in("env-password", "DB_PASSWORD=", "", password),
		in("session-cookie", "Set-Cookie: JSESSIONID=", "; Path=/; HttpOnly", some(digits+"ABCDEF", 32)),
		{"basic-auth", func() Sample {
			v := base64.StdEncoding.EncodeToString([]byte("deploy:" + chosen(17)))
			return Sample{"Authorization: Basic ", v, "\r\nAccept: */*\r\n", v[12:]}
		}},
		in("bearer-token", "Authorization: Bearer ", "\r\nAccept: */*\r\n", some(word, 43)),
		in("ado-net-string", "Server=tcp:sql1,1433;Database=orders;User ID=app;Password=", ";Encrypt=True;", plain),
		in("oauth-client-secret", `{"grant_type":"client_credentials","client_id":"orders","client_secret":"`, `"}`, some(word, 40)),
		in("api-key-header", "X-Api-Key: ", "\r\nHost: api.internal\r\n", some(hexa, 40)),
	}
}
