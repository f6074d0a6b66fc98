package live

import (
	"context"
	"fmt"
)

// nginxConf is a configuration of one worker that keeps all its files in its
// folder: the folder, the address, and twice a certificate and its key.
const nginxConf = `
daemon off;
user root;
worker_processes 1;
pid %[1]s/nginx.pid;
error_log %[1]s/error.log;
events { worker_connections 64; }
http {
    access_log off;
    client_body_temp_path %[1]s/t1;
    proxy_temp_path %[1]s/t2;
    fastcgi_temp_path %[1]s/t3;
    uwsgi_temp_path %[1]s/t4;
    scgi_temp_path %[1]s/t5;
    server {
        listen %[2]s ssl;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_certificate %[3]s;
        ssl_certificate_key %[4]s;
        ssl_certificate %[5]s;
        ssl_certificate_key %[6]s;
        location / { return 200 "hello"; }
    }
}
`

// startNginx runs nginx with an RSA and a P-256 key. The worker signs; the master
// has only read the keys.
func startNginx(ctx context.Context, b *bench) (*subject, error) {
	s := &subject{}
	vs, err := b.servers(s, rsaHost, ecHost)
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	conf, err := b.write("nginx.conf", fmt.Appendf(nil, nginxConf, b.dir, addr, vs[0].certFile, vs[0].keyFile, vs[1].certFile, vs[1].keyFile))
	if err != nil {
		return nil, err
	}
	p, err := b.start("nginx", "-p", b.dir, "-e", b.path("error.log"), "-c", conf)
	if err != nil {
		return nil, err
	}
	if err := p.listens(ctx, addr); err != nil {
		return nil, err
	}
	worker := 0
	if err := p.poll(ctx, "starting a worker", func() bool { worker, err = child(p.pid()); return err == nil }); err != nil {
		return nil, err
	}
	s.targets = []target{{name: "worker", pid: worker}, {name: "master", pid: p.pid()}}
	return s, b.drive(s, addr, vs)
}
