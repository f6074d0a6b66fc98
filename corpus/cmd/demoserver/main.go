// Command demoserver is a TLS server that serves itself a few requests and then
// crashes, or waits to be dumped, with its key in memory:
//
//	demoserver KEYFILE crash|wait
//
// The key is made for the run; KEYFILE receives it as PEM, for the search that
// shows that it is gone.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: demoserver KEYFILE crash|wait")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2] == "crash"); err != nil {
		fmt.Fprintln(os.Stderr, "demoserver:", err)
		os.Exit(1)
	}
}

func run(keyFile string, crash bool) error {
	cert, text, err := newKey()
	if err != nil {
		return err
	}
	if err := os.WriteFile(keyFile, text, 0o600); err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	srv := &http.Server{
		Handler:   http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }),
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{cert}},
	}
	go func() { _ = srv.ServeTLS(l, "", "") }()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} // its own certificate
	for range 3 {
		resp, err := client.Get("https://" + l.Addr().String())
		if err != nil {
			return err
		}
		resp.Body.Close()
	}
	fmt.Printf("A TLS server with a fresh P-256 key has served 3 requests; process %d.\n", os.Getpid())
	if !crash {
		time.Sleep(time.Minute)
		return nil
	}
	var lim syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &lim); err == nil {
		lim.Cur = lim.Max
		_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &lim)
	}
	debug.SetTraceback("crash")
	// The text stays referenced, as a server's configuration does.
	defer func() { _ = len(text) }()
	return syscall.Kill(os.Getpid(), syscall.SIGABRT)
}

func newKey() (tls.Certificate, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	now := time.Now()
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: now, NotAfter: now.Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	raw, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	cert, err := tls.X509KeyPair(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}), text)
	return cert, text, err
}
