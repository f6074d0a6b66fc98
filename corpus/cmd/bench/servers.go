package main

import (
	"bufio"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
)

//go:embed servers/records.py servers/records.mjs servers/Records.java
var sources embed.FS

const (
	// serverSize is how many MiB of records a server holds.
	serverSize = 200
	// populated is for how much memory, in bytes, a deep run may take deepAim seconds of a processor.
	populated = 256 << 20
	deepAim   = 10
	password  = "bench-password" // of a key store with a fresh key that is removed at once
)

// server is a program that holds TLS connections and records as a service does, and says when.
type server struct {
	name  string
	needs []string
	// start returns the command, with what it needs in dir.
	start func(b *bench, dir string) ([]string, error)
}

var servers = []server{
	{"CPython", []string{"python3", "openssl"}, script("python3", "records.py")},
	{"Node.js", []string{"node", "openssl"}, script("node", "records.mjs")},
	{"Go", []string{"go"}, func(b *bench, dir string) ([]string, error) {
		bin := filepath.Join(dir, "golang")
		return []string{bin, strconv.Itoa(serverSize)}, b.quietly("go", "build", "-o", bin, "./corpus/cmd/bench/servers/golang")
	}},
	{"Java", []string{"java", "keytool"}, func(b *bench, dir string) ([]string, error) {
		source, err := unpack(dir, "Records.java")
		if err != nil {
			return nil, err
		}
		store := filepath.Join(dir, "keys.p12")
		err = b.quietly("keytool", "-genkeypair", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=localhost", "-alias", "k",
			"-storetype", "PKCS12", "-keystore", store, "-storepass", password)
		return []string{"java", "-Xmx512m", source, strconv.Itoa(serverSize), store, password}, err
	}},
}

// script starts one of the sources with a key and a certificate.
func script(interpreter, name string) func(*bench, string) ([]string, error) {
	return func(b *bench, dir string) ([]string, error) {
		source, err := unpack(dir, name)
		if err != nil {
			return nil, err
		}
		key, cert := filepath.Join(dir, "key.pem"), filepath.Join(dir, "cert.pem")
		err = b.quietly("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", key, "-out", cert)
		return []string{interpreter, source, strconv.Itoa(serverSize), key, cert}, err
	}
}

func unpack(dir, name string) (string, error) {
	p, err := sources.ReadFile("servers/" + name)
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, name)
	return path, os.WriteFile(path, p, 0o600)
}

func (b *bench) quietly(name string, args ...string) error {
	if out, err := exec.CommandContext(b.ctx, name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, out)
	}
	return nil
}

// deep prints what deep scans of servers take, with one worker: seconds of a processor, and for 256 MiB of pages that
// are not zero.
func (b *bench) deep(work string) error {
	t := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	defer t.Flush()
	fmt.Fprintf(t, "scan --jobs 1 of\tMiB\tnot zero\tfast, processor s\tdeep, processor s\tfor 256 MiB (aim %d)\tpeak MiB\n", deepAim)
	for _, s := range servers {
		if b.ctx.Err() != nil {
			fmt.Fprintf(t, "%s\tleft out: the budget is spent\n", s.name)
			continue
		}
		if err := b.server(work, s, t); err != nil {
			fmt.Fprintf(t, "%s\tleft out: %v\n", s.name, err)
		}
	}
	return b.ctx.Err()
}

func (b *bench) server(work string, s server, t *tabwriter.Writer) error {
	for _, name := range s.needs {
		if _, err := exec.LookPath(name); err != nil {
			return err
		}
	}
	dir, err := os.MkdirTemp(work, "server-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	core, err := b.dumpServer(dir, s)
	if err != nil {
		return err
	}
	st, err := os.Stat(core)
	if err != nil {
		return err
	}
	full, err := appendPages(io.Discard, core)
	if err != nil {
		return err
	}
	var rs [2]result
	for i, depth := range []string{"fast", "deep"} {
		if rs[i], err = once(b.ctx, []int{3}, b.bin, "scan", "--quiet", "--jobs", "1", "--depth", depth, core); err != nil {
			return err
		}
	}
	each := rs[1].cpu.Seconds() * populated / float64(full)
	fmt.Fprintf(t, "%s\t%d\t%d\t%.1f\t%.1f\t%.1f\t%d\n", s.name, st.Size()>>20, full>>20, rs[0].cpu.Seconds(), rs[1].cpu.Seconds(), each, rs[1].rss>>20)
	return nil
}

// dumpServer starts a server, waits until it is up, and dumps it.
func (b *bench) dumpServer(dir string, s server) (string, error) {
	args, err := s.start(b, dir)
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(b.ctx, args[0], args[1:]...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || strings.TrimSpace(line) != "up" {
		return "", errors.New("it did not come up")
	}
	return dump(b.ctx, filepath.Join(dir, "core"), cmd.Process.Pid)
}
