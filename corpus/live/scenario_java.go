package live

import (
	"context"
	"net"
)

// startJava runs a server whose RSA key comes from a PKCS #12 store and whose
// P-256 key from a JKS store, each with a password of its own.
func startJava(ctx context.Context, b *bench) (*subject, error) {
	s := &subject{}
	vs, err := b.servers(s, rsaHost, ecHost)
	if err != nil {
		return nil, err
	}
	var stores []string
	for i, kind := range []string{"PKCS12", "JKS"} {
		v, password := vs[i], s.password("password-"+kind)
		secret, err := b.write(kind+".password", []byte(password))
		if err != nil {
			return nil, err
		}
		store := b.path(v.name + ".p12")
		if _, err := b.run(ctx, "openssl", "pkcs12", "-export", "-name", "key", "-out", store,
			"-in", v.certFile, "-inkey", v.keyFile, "-passout", "file:"+secret); err != nil {
			return nil, err
		}
		if kind == "JKS" {
			old := store
			store = b.path(v.name + ".jks")
			if _, err := b.run(ctx, "keytool", "-importkeystore", "-noprompt", "-srckeystore", old, "-srcstoretype", "PKCS12",
				"-srcstorepass:file", secret, "-destkeystore", store, "-deststoretype", kind,
				"-deststorepass:file", secret); err != nil {
				return nil, err
			}
		}
		stores = append(stores, kind, store, secret)
	}
	src, err := b.holder("Holder.java")
	if err != nil {
		return nil, err
	}
	if _, err := b.run(ctx, "javac", "-d", b.dir, src); err != nil {
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	// A small heap keeps the dump small; it changes nothing about what lies in it.
	args := append([]string{"-Xmx64m", "-XX:+UseSerialGC", "-cp", b.dir, "Holder", host, port, b.path("ready")}, stores...)
	return s, b.serve(ctx, s, addr, vs, "java", args...)
}
