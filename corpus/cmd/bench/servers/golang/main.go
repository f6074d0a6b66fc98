// Golang is a TLS server with a fresh key that holds connections and records, for the benchmark of deep runs to dump.
//
//	golang MIB
//
// When its heap holds so many MiB it prints a line, and waits.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"math/big"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strconv"
	"time"
)

// record is what services keep many of.
type record struct {
	id         int
	uuid       [16]byte
	name, mail string
	score      float64
	at         time.Time
	tags       []string
	session    []byte
	text       string
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

const connections = 30

func run(args []string) error {
	mib, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	s, err := server()
	if err != nil {
		return err
	}
	defer s.Close()
	clients := make([]*http.Client, connections)
	for i := range clients {
		clients[i] = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} // itself
		r, err := clients[i].Get(s.URL)
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return err
		}
		r.Body.Close()
	}
	all := records(uint64(mib) << 20)
	runtime.GC()
	fmt.Println("up")
	time.Sleep(time.Hour)
	runtime.KeepAlive(all)
	runtime.KeepAlive(clients)
	return nil
}

func server() (*httptest.Server, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	t := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return nil, err
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "hello") }))
	s.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{cert}, PrivateKey: key}}}
	s.StartTLS()
	return s, nil
}

// records makes as many as fill so many bytes.
func records(size uint64) map[int]*record {
	names := []string{"anna", "ben", "carla", "david", "erik"}
	all := make(map[int]*record)
	var m runtime.MemStats
	for i := 0; ; i++ {
		name := names[i%len(names)]
		r := &record{
			id: i, name: fmt.Sprint(name, i%977), mail: fmt.Sprintf("user%d@example.org", i), score: mathrand.Float64(),
			at: time.Now().Add(time.Duration(mathrand.Int64N(1e15))), tags: []string{"new", name}, session: make([]byte, 16),
			text: fmt.Sprintf("Order %d was shipped to %s", i, name),
		}
		rand.Read(r.session)
		rand.Read(r.uuid[:])
		all[i] = r
		if i%1000 == 0 {
			if runtime.ReadMemStats(&m); m.HeapAlloc > size {
				return all
			}
		}
	}
}
