package quiet

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
)

const nginxConf = `
daemon off; master_process off; pid nginx.pid; error_log error.log;
events {}
http {
  access_log off; default_type text/plain;
  client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
  gzip on; gzip_min_length 1; gzip_types text/plain; output_buffers 64 128k;
  server { listen unix:sock; root docs; add_header X-Served-By quiet; }
}
`

// startNginx serves pieces of the feed, compressed and not.
func startNginx(ctx context.Context, r *run) (int, error) {
	if err := os.Mkdir(r.path("docs"), 0o755); err != nil {
		return 0, err
	}
	if err := os.Chmod(r.dir, 0o755); err != nil {
		return 0, err
	}
	n := 0
	err := chunks(r.path("feed"), 2000, func(i int, text string) {
		n++
		_ = os.WriteFile(r.path("docs/"+strconv.Itoa(i)+".txt"), []byte(text), 0o644)
	})
	if err != nil {
		return 0, err
	}
	if err := os.WriteFile(r.path("nginx.conf"), []byte(nginxConf), 0o644); err != nil {
		return 0, err
	}
	cmd, err := r.spawn("nginx", "-p", r.dir, "-c", "nginx.conf")
	if err != nil {
		return 0, err
	}
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", r.path("sock"))
	}}}
	get := func(i int) bool {
		resp, err := client.Get(fmt.Sprintf("http://docs/%d.txt", i))
		if err != nil {
			return false
		}
		defer resp.Body.Close()
		_, err = io.Copy(io.Discard, resp.Body)
		return err == nil
	}
	if err := await(ctx, func() bool { return get(0) }); err != nil {
		return 0, err
	}
	for i := range n {
		get(i)
	}
	return cmd.Process.Pid, nil
}

// startPostgres stores the lines of the feed in a table, reads them, and returns the
// process that serves this connection.
func startPostgres(ctx context.Context, r *run) (pid int, err error) {
	if r.cred, err = nobody(r.dir); err != nil {
		return 0, err
	}
	init, err := r.spawn("initdb", "-D", "data", "-A", "trust", "-U", "quiet", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")
	if err != nil {
		return 0, err
	}
	if err := init.Wait(); err != nil {
		return 0, fmt.Errorf("initdb: %w", err)
	}
	r.cmds = nil
	if _, err = r.spawn("postgres", "-D", "data", "-k", r.dir, "-c", "listen_addresses=", "-c", "shared_buffers=96MB", "-c", "fsync=off"); err != nil {
		return 0, err
	}
	if err := await(ctx, func() bool {
		c, err := net.Dial("unix", r.path(".s.PGSQL.5432"))
		return err == nil && c.Close() == nil
	}); err != nil {
		return 0, err
	}
	var sql strings.Builder
	sql.WriteString("create table docs (n int, body text);\ncopy docs from stdin;\n")
	err = chunks(r.path("feed"), 50, func(i int, text string) {
		fmt.Fprintf(&sql, "%d\t%s\n", i, strings.NewReplacer("\\", "\\\\", "\n", "\\n", "\t", "\\t", "\r", "\\r").Replace(text))
	})
	if err != nil {
		return 0, err
	}
	sql.WriteString("\\.\ncreate index on docs (md5(body));\nselect count(*) from (select * from docs order by body desc) s;\n" +
		"\\o pid\nselect pg_backend_pid();\n\\o\nselect pg_sleep(3600);\n")
	if err := os.WriteFile(r.path("sql"), []byte(sql.String()), 0o644); err != nil {
		return 0, err
	}
	if _, err := r.spawn("psql", "-h", r.dir, "-U", "quiet", "-d", "postgres", "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-f", "sql"); err != nil {
		return 0, err
	}
	err = await(ctx, func() bool {
		data, _ := os.ReadFile(r.path("pid"))
		pid, _ = strconv.Atoi(strings.TrimSpace(string(data)))
		return pid > 0
	})
	return pid, err
}
