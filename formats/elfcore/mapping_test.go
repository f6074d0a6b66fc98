package elfcore

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// coreWith returns a core of three segments (a program's code and data, and a
// heap) whose NT_FILE has the given number of entries for the first two.
func coreWith(wide bool, files uint64) []byte {
	le := binary.LittleEndian
	word := func(p []byte, v uint64) []byte {
		if wide {
			return le.AppendUint64(p, v)
		}
		return le.AppendUint32(p, uint32(v))
	}
	var desc []byte
	for _, v := range []uint64{files, 4096, 0x10000, 0x11000, 0, 0x11000, 0x12000, 1} {
		desc = word(desc, v)
	}
	desc = append(desc, "/bin/x\x00/bin/x\x00"...)
	note := le.AppendUint32(nil, 5)
	note = le.AppendUint32(note, uint32(len(desc)))
	note = le.AppendUint32(note, ntFile)
	note = append(append(note, "CORE\x00\x00\x00\x00"...), desc...)
	for len(note)%4 != 0 {
		note = append(note, 0)
	}
	ehdr, phdr, class := 52, 32, byte(1)
	if wide {
		ehdr, phdr, class = 64, 56, 2
	}
	p := append([]byte{0x7f, 'E', 'L', 'F', class, 1, 1}, make([]byte, 9)...)
	p = le.AppendUint16(p, 4)
	p = le.AppendUint16(p, map[bool]uint16{true: 62, false: 3}[wide])
	p = le.AppendUint32(p, 1)
	p = word(p, 0)
	p = word(p, uint64(ehdr))
	p = word(p, 0)
	p = le.AppendUint32(p, 0)
	for _, v := range []int{ehdr, phdr, 4, 0, 0, 0} {
		p = le.AppendUint16(p, uint16(v))
	}
	header := func(typ, flags uint32, off, addr, filesz, memsz uint64) {
		p = le.AppendUint32(p, typ)
		if wide {
			p = le.AppendUint32(p, flags)
		}
		for _, v := range []uint64{off, addr, 0, filesz, memsz} {
			p = word(p, v)
		}
		if !wide {
			p = le.AppendUint32(p, flags)
		}
		p = word(p, 4)
	}
	at := uint64(ehdr + 4*phdr)
	header(4, 0, at, 0, uint64(len(note)), 0)
	header(1, flagRead|flagExecute, 0, 0x10000, 0, 0x1000)
	header(1, flagRead|flagWrite, at, 0x11000, 16, 0x1000)
	header(1, flagRead|flagWrite, at, 0x20000, 16, 0x3000)
	return append(p, note...)
}

func TestMappings(t *testing.T) {
	const rw = layout.Read | layout.Write
	for _, wide := range []bool{true, false} {
		data := coreWith(wide, 2)
		l, err := Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		want := []layout.Mapping{
			{Addr: 0x10000, Len: 0x1000, Access: layout.Read | layout.Execute, Image: true},
			{Addr: 0x10000, Len: 0x1000, Access: rw | layout.Execute, Image: true},
			{Addr: 0x11000, Len: 0x1000, Access: rw, Image: true},
			{Addr: 0x11000, Len: 0x1000, Access: rw | layout.Execute, Image: true},
			{Addr: 0x20000, Len: 0x3000, Access: rw},
		}
		if len(l.Mappings) != len(want) {
			t.Fatalf("wide %t: %d mappings", wide, len(l.Mappings))
		}
		for i, m := range l.Mappings {
			if m != want[i] {
				t.Errorf("wide %t: mapping %d is %+v, want %+v", wide, i, m, want[i])
			}
		}
		// A count that cannot be is no list of files, and no program.
		data = coreWith(wide, 1<<31)
		if l, err = Open(bytes.NewReader(data), int64(len(data))); err != nil {
			t.Fatal(err)
		}
		for _, m := range l.Mappings {
			if m.Image {
				t.Errorf("wide %t: %+v is taken for a program", wide, m)
			}
		}
	}
}
