package publickey

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"math/big"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// remote is memory of a process that a detector sees nothing of but by address.
type remote struct {
	at   uint64
	data []byte
}

func (m remote) read(addr uint64, p []byte) bool {
	if addr < m.at || addr-m.at > uint64(len(m.data)) || len(p) > len(m.data)-int(addr-m.at) {
		return false
	}
	copy(p, m.data[addr-m.at:])
	return true
}

// mpzOf is an object amid small numbers, and the memory of its limbs.
func mpzOf(n *big.Int, room, used int) ([]byte, remote) {
	const at = 0x7f12_3456_7000
	var limbs []byte
	for _, w := range words(n) {
		limbs = binary.LittleEndian.AppendUint64(limbs, w)
	}
	b := make([]byte, 40)
	b = binary.LittleEndian.AppendUint32(b, uint32(room))
	b = binary.LittleEndian.AppendUint32(b, uint32(used))
	b = binary.LittleEndian.AppendUint64(b, at)
	return append(b, 1, 0, 0, 0, 0, 0, 0, 0), remote{at, limbs}
}

func TestObjects(t *testing.T) {
	k := rsaKey()
	n, used := k.N, k.N.BitLen()/64
	want := spkiOf(t, &k.PublicKey)
	for _, room := range []int{used, used + 1, 2 * used} {
		data, m := mpzOf(n, room, used)
		for _, chunk := range []int{7, len(data)} {
			fs := found(t, data, chunk, Objects(probe.Facts{Memory: m.read}))
			if len(fs) != 1 || !fs[0].Public || !bytes.Equal(fs[0].SPKI, want) || fs[0].Confidence != probe.Likely {
				t.Errorf("room for %d limbs, chunks of %d: %d keys found", room, chunk, len(fs))
			}
		}
	}
	p, err := rand.Prime(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	third := new(big.Int).Mul(big.NewInt(3), new(big.Int).Rsh(n, 2))
	for name, c := range map[string]struct {
		n          *big.Int
		room, used int
	}{
		"a prime": {p, 16, 16}, "even": {even(n), used, used}, "less room": {n, used - 1, used}, "much room": {n, 5 * used, used},
		"not all limbs": {n, used, used + 8}, "another length": {n, used, used - 1}, "small factor": {third.SetBit(third, 0, 1), used, used},
	} {
		if name == "small factor" {
			for !smooth(c.n.Bytes()) {
				c.n.Add(c.n, big.NewInt(2))
			}
		}
		data, m := mpzOf(c.n, c.room, c.used)
		probetest.Reject(t, Objects(probe.Facts{Memory: m.read}), name, data)
	}
	if Objects(probe.Facts{}) != nil || Objects(probe.Facts{Memory: remote{}.read, BigEndian: true}) != nil {
		t.Error("a harvester without memory")
	}
}
