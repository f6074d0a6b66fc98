package wrapped

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// keymat is a struct private_keymat_v2_t from its pointers to the algorithms on.
func keymat(prf int, n uint64, addrs ...uint64) []byte {
	w := writer{order: binary.LittleEndian}
	w.u64(1).u64(0x7f0b_e400_4670).u64(0x7f0b_e400_3040).u64(0x7f0b_e400_3d90).u64(uint64(prf))
	for _, a := range addrs {
		w.u64(a).u64(n)
	}
	return w.u64(0x7f0b_e400_2940).u64(0x25).Bytes()
}

func TestIKE(t *testing.T) {
	if NewIKE(probe.Facts{}) != nil {
		t.Error("a prover without memory")
	}
	addrs := []uint64{0x7f0b_e400_6330, 0x7f0b_e400_6290, 0x7f0b_e400_66a0}
	for prf, n := range map[int]int{2: 20, 5: 32, 6: 48, 7: 64, 8: 16} {
		mem := map[uint64][]byte{}
		for _, a := range addrs {
			mem[a] = secret(n)
		}
		d := NewIKE(probe.Facts{Memory: func(a uint64, p []byte) bool { return len(mem[a]) >= len(p) && copy(p, mem[a]) == len(p) }})
		s, err := search.New([]probe.Detector{d})
		if err != nil {
			t.Fatal(err)
		}
		find := func(off, chunk int) (got []search.Found) {
			return probetest.Matches(s, append(make([]byte, off), keymat(prf, uint64(n), addrs...)...), chunk)
		}
		for off := 0; off < 64; off += 8 {
			for _, chunk := range []int{1, 7, 4096} {
				fs := find(off, chunk)
				if len(fs) != 1 || fs[0].Confidence != probe.Confirmed || fs[0].Start != off+32 || len(fs[0].Redact) != 0 || len(fs[0].Remote) != 3 {
					t.Fatalf("%d bytes at %d in chunks of %d: %d matches, or a wrong one", n, off, chunk, len(fs))
				}
			}
		}
		mem[addrs[0]] = bytes.Repeat([]byte{probe.Fill}, n)
		if fs := find(0, 4096); len(fs) != 1 || len(fs[0].Remote) != 2 {
			t.Errorf("%d bytes, one redacted: the others are not found", n)
		}
		for _, a := range addrs {
			mem[a] = bytes.Repeat([]byte{probe.Fill}, n)
		}
		if len(find(0, 4096)) != 0 {
			t.Errorf("%d bytes: redacted secrets are found", n)
		}
		for _, a := range addrs {
			mem[a] = secret(n)
		}
		mem[addrs[1]] = []byte(fmt.Sprintf("%-64s", "a name or another text of the connection"))
		if len(find(0, 4096)) != 0 {
			t.Errorf("%d bytes: text is found", n)
		}
		mem[addrs[1]] = secret(n)
		for name, data := range map[string][]byte{
			"another length": keymat(prf, uint64(n)+4, addrs...),
			"another number": keymat(3, uint64(n), addrs...),
			"two chunks":     keymat(prf, uint64(n), addrs[:2]...),
			"no memory":      keymat(prf, uint64(n), addrs[0], addrs[1], 0x7f0b_e400_0000),
		} {
			probetest.Reject(t, d, name, data)
		}
	}
}
