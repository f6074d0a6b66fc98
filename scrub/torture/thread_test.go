package torture

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/dumptest"
	"github.com/dumpscrub/dumpscrub/scrub"
)

// A secret where a thread's registers should be takes the thread's number with it:
// that is no change of the dump's shape. (Found by TestMutants.)
func TestSecretInThreadStatus(t *testing.T) {
	key := dumptest.KeyPEM()
	le := binary.LittleEndian
	desc := make([]byte, 336) // struct elf_prstatus of x86-64; pr_pid is at 32
	copy(desc, key)
	note := le.AppendUint32(nil, 5)
	note = le.AppendUint32(note, uint32(len(desc)))
	note = le.AppendUint32(note, 1) // NT_PRSTATUS
	note = append(append(note, "CORE\x00\x00\x00\x00"...), desc...)
	dump := dumptest.Core(note)
	le.PutUint32(dump[64:], 4) // PT_NOTE
	le.PutUint64(dump[112:], 4)
	dir := folder(t)
	path := filepath.Join(dir, "dump")
	if err := os.WriteFile(path, dump, 0o600); err != nil {
		t.Fatal(err)
	}
	j := job(t, path, dir)
	r, err := scrub.Scrub(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.ReadFile(j.Output)
	if err != nil {
		t.Fatal(err)
	}
	if r.Secrets.Len() != 1 || holds(out, secretPart(t, key)) {
		t.Errorf("%d secrets; survives: %t", r.Secrets.Len(), holds(out, secretPart(t, key)))
	}
}
