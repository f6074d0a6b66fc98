//go:build ignore

// A TLS server that holds the keys named on its command line:
// ADDR HOST.crt HOST.key ...
package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"
)

func main() {
	var c tls.Config
	for i := 2; i+1 < len(os.Args); i += 2 {
		pair, err := tls.LoadX509KeyPair(os.Args[i], os.Args[i+1])
		if err != nil {
			panic(err)
		}
		c.Certificates = append(c.Certificates, pair)
	}
	l, err := tls.Listen("tcp", os.Args[1], &c)
	if err != nil {
		panic(err)
	}
	for {
		conn, err := l.Accept()
		if err != nil {
			panic(err)
		}
		go serve(conn)
	}
}

func serve(conn net.Conn) {
	defer conn.Close()
	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return
		}
		fmt.Fprintf(conn, "%d bytes\n", n)
	}
}
