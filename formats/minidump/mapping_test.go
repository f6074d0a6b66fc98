package minidump

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// TestMemoryInfo walks a dump whose only stream is a list of memory regions: code
// of an image, a heap, and one that is only reserved.
func TestMemoryInfo(t *testing.T) {
	le := binary.LittleEndian
	const head = 32
	data := append([]byte("MDMP\x93\xa7\x00\x00"), make([]byte, head-8)...)
	le.PutUint32(data[8:], 1)
	le.PutUint32(data[12:], head)
	data = le.AppendUint32(data, memoryInfoListStream)
	data = le.AppendUint32(data, memoryInfoHeader+3*memoryInfoSize)
	data = le.AppendUint32(data, head+12)
	data = le.AppendUint32(data, memoryInfoHeader)
	data = le.AppendUint32(data, memoryInfoSize)
	data = le.AppendUint64(data, 3)
	for _, r := range []struct {
		addr           uint64
		state, protect uint32
		typ            uint32
	}{{0x140001000, memCommit, 0x20, memImage}, {0x10000, memCommit, 0x104, 0x20000}, {0x50000, 0x2000, 0, 0x20000}} {
		e := make([]byte, memoryInfoSize)
		le.PutUint64(e, r.addr)
		le.PutUint64(e[memoryInfoRegion:], 0x3000)
		le.PutUint32(e[memoryInfoState:], r.state)
		le.PutUint32(e[memoryInfoProtect:], r.protect)
		le.PutUint32(e[memoryInfoType:], r.typ)
		data = append(data, e...)
	}
	l, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	want := []layout.Mapping{
		{Addr: 0x10000, Len: 0x3000, Access: layout.Read | layout.Write},
		{Addr: 0x140001000, Len: 0x3000, Access: layout.Read | layout.Execute, Image: true},
	}
	if len(l.Mappings) != 2 || l.Mappings[0] != want[0] || l.Mappings[1] != want[1] {
		t.Errorf("%+v, want %+v", l.Mappings, want)
	}
}
