package torture

import (
	"bytes"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/dumptest"
	"github.com/dumpscrub/dumpscrub/scrub"
	"github.com/dumpscrub/dumpscrub/scrub/source"
	"github.com/dumpscrub/dumpscrub/scrub/spill"
)

// decoyMemory is what a run may hold in memory at its end, in bytes, whatever it found:
// room for findings, tables, and what the hunt knows.
const decoyMemory = 96 << 20

// decoy is a secret among very many.
type decoy struct {
	text    []byte // as it lies there
	private []byte // what of it must go
}

// However many secrets there are, none is dropped, and they take no more memory than
// few do: the rest is in the spool. DUMPSCRUB_DECOYS=1000000 makes a million.
func TestDecoys(t *testing.T) {
	b64 := base64.RawURLEncoding
	header := b64.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`))
	overflow(t, scrub.Deep, decoyCount(t, 8000), func(r *rand.Rand, i int) decoy {
		if i%2 == 0 {
			mac := make([]byte, 32)
			fill(r, mac)
			sign := []byte(b64.EncodeToString(mac))
			return decoy{fmt.Appendf(nil, "\x00%s.%s.%s\x00", header, b64.EncodeToString(fmt.Appendf(nil, `{"sub":"%d"}`, i)), sign), sign[:40]}
		}
		key := accessKey(r)
		return decoy{fmt.Appendf(nil, "\x00AKIA%s\x00", key), key}
	})
}

// The same with keys that are no text: schedules of AES-128, each in its own 192 bytes,
// as a program holds that has a cipher for each connection.
func TestBinaryDecoys(t *testing.T) {
	// The hunt and the proofs take a few times as long, and can be asked for.
	depth := scrub.Fast
	if os.Getenv("DUMPSCRUB_DEPTH") == scrub.Deep.String() {
		depth = scrub.Deep
	}
	overflow(t, depth, decoyCount(t, 5000), func(r *rand.Rand, _ int) decoy {
		key := make([]byte, 16)
		fill(r, key)
		w := aesSchedule(key)
		return decoy{append(w, make([]byte, 16)...), w}
	})
}

func decoyCount(t *testing.T, n int) int {
	t.Helper()
	if s := os.Getenv("DUMPSCRUB_DECOYS"); s != "" {
		v, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		n = v
	}
	return n
}

// overflow scrubs a dump of n decoys with a key behind them.
func overflow(t *testing.T, depth scrub.Depth, n int, next func(r *rand.Rand, i int) decoy) {
	r := random(1)
	dir := folder(t)
	path := filepath.Join(dir, "memory")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	type placed struct {
		at      int
		private []byte
	}
	all := make([]placed, n)
	var block bytes.Buffer
	written := 0
	for i := range n {
		d := next(r, i)
		at := bytes.Index(d.text, d.private)
		all[i] = placed{written + block.Len() + at, d.private}
		block.Write(d.text)
		if block.Len() > 1<<20 || i == n-1 {
			written += block.Len()
			if _, err := block.WriteTo(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	// The one that the decoys are to hide.
	last := dumptest.KeyPEM()
	if _, err := f.Write(last); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	j := job(t, path, dir)
	j.Format, j.Harvesters, j.Provers, j.MaxBytes = "raw", nil, nil, 1<<30
	j.Depth = depth
	opened := 0
	j.Disk = spill.NewDisk(1<<20, func() (*source.Spool, error) { opened++; return source.NewSpool(dir) })
	defer j.Disk.Close()
	var before, at runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	j.Announce = func(*scrub.Report) error {
		runtime.GC()
		runtime.ReadMemStats(&at)
		return nil
	}
	rep, err := scrub.Scrub(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	// The key may lie there in two forms at once.
	if rep.Findings.Len() < n+1 || rep.Secrets.Len() != n+1 {
		t.Errorf("%d findings of %d secrets, want %d", rep.Findings.Len(), rep.Secrets.Len(), n+1)
	}
	held := int64(at.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("%d bytes of memory at the end, with %d findings", held, n)
	if held > decoyMemory {
		t.Errorf("%d bytes of memory with %d findings", held, n)
	}
	if opened != 1 {
		t.Errorf("%d spools were opened: findings that do not fit are to go to one", opened)
	}
	out, err := os.ReadFile(j.Output)
	if err != nil {
		t.Fatal(err)
	}
	if holds(out, secretPart(t, last)) {
		t.Error("the key behind the decoys survives")
	}
	left := 0
	for _, p := range all {
		for k := 0; k+pieceLen <= len(p.private); k++ {
			if bytes.Equal(out[p.at+k:p.at+k+pieceLen], p.private[k:k+pieceLen]) {
				left++
				break
			}
		}
	}
	if left > 0 {
		t.Errorf("%d of %d decoys survive", left, n)
	}
}

// aesSchedule returns the round keys of AES-128 (FIPS 197, 5.2), as a program on any
// machine holds them that keeps them as octets.
func aesSchedule(key []byte) []byte {
	w := append([]byte(nil), key...)
	for rcon := byte(1); len(w) < 176; {
		p := [4]byte(w[len(w)-4:])
		if len(w)%16 == 0 {
			p = [4]byte{sbox[p[1]] ^ rcon, sbox[p[2]], sbox[p[3]], sbox[p[0]]}
			rcon = rcon<<1 ^ rcon>>7*0x1b
		}
		for _, b := range p {
			w = append(w, w[len(w)-16]^b)
		}
	}
	return w
}

// sbox is that of FIPS 197, 5.1.1: the inverse in GF(2^8), by powers of 3 and of its
// inverse, and the affine map.
var sbox = func() (s [256]byte) {
	p, q := byte(1), byte(1)
	for range 255 {
		p ^= p<<1 ^ p>>7*0x1b
		q ^= q << 1
		q ^= q << 2
		q ^= q << 4
		q ^= q >> 7 * 0x09
		s[p] = q ^ bits.RotateLeft8(q, 1) ^ bits.RotateLeft8(q, 2) ^ bits.RotateLeft8(q, 3) ^ bits.RotateLeft8(q, 4) ^ 0x63
	}
	s[0] = 0x63
	return s
}()

// accessKey returns what follows AKIA in a key ID. One random one in 30,000 has so
// few distinct characters that it is taken for a placeholder; none of these has.
func accessKey(r *rand.Rand) []byte {
	const distinct = 11
	for p := make([]byte, 10); ; {
		fill(r, p)
		key := []byte(base32.StdEncoding.EncodeToString(p))
		seen := map[byte]bool{}
		for _, c := range key {
			seen[c] = true
		}
		if len(seen) >= distinct {
			return key
		}
	}
}

func fill(r *rand.Rand, p []byte) {
	for i := range p {
		p[i] = byte(r.Uint32())
	}
}

// The schedules of the decoys are those of the standard's own example (FIPS 197, A.1).
func TestSchedule(t *testing.T) {
	key, err := hex.DecodeString("2b7e151628aed2a6abf7158809cf4f3c")
	if err != nil {
		t.Fatal(err)
	}
	w := aesSchedule(key)
	if got, want := hex.EncodeToString(w[len(w)-16:]), "d014f9a8c9ee2589e13f0cc8b6630ca6"; got != want {
		t.Errorf("the last round key is %s, want %s", got, want)
	}
}
