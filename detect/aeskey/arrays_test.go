package aeskey

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// rows lays the round keys of a schedule out as a runtime lays out arrays, and returns them with what
// is private of it.
func rows(sched, header []byte) (data []byte, private [][]byte) {
	for k := 0; k < len(sched); k += 16 {
		data = append(append(data, header...), sched[k:k+16]...)
		private = append(private, sched[k:k+16])
	}
	return append(data, header[:8]...), private
}

// headers returns what precedes arrays of four words and of 16 bytes.
func headers() map[string][]byte {
	le := binary.LittleEndian
	mark := le.AppendUint64(nil, 1)
	short := func(n uint32) []byte { return le.AppendUint32(le.AppendUint32(bytes.Clone(mark), 0x6c28), n) }
	long := func(n uint64) []byte { return le.AppendUint64(le.AppendUint64(bytes.Clone(mark), 0x7f2a18006c28), n) }
	return map[string][]byte{"JVM ints": short(4), "JVM bytes": short(16), "JVM wide": long(4), ".NET bytes": long(16)}
}

func TestArrays(t *testing.T) {
	var cases []probetest.Case
	for name, header := range headers() {
		for _, n := range sizes {
			for _, f := range []Form{{}, {Mixed: true}, {Order: Swapped}, {Order: Swapped, Reversed: true, Mixed: true}} {
				key := testKey(uint64(n+len(cases)), n)
				data, private := rows(mustEncode(t, key, f), header)
				encoding := probe.SchedEnc
				if f.Reversed || f.Mixed {
					encoding = probe.SchedDec
				}
				cases = append(cases, probetest.Case{Name: fmt.Sprintf("%s, %d bits, %s", name, 8*n, f), Data: data,
					Private: private, Kind: Kind, Encoding: encoding, Confidence: probe.Confirmed})
			}
		}
	}
	probetest.Accept(t, NewArrays(), cases...)
}

func TestArraysReject(t *testing.T) {
	d := NewArrays()
	for name, header := range headers() {
		noise, _ := rows(randomBytes(1, 240), header)
		probetest.Reject(t, d, name+" of random bytes", noise)
		same, _ := rows(bytes.Repeat([]byte{0x9b}, 240), header)
		probetest.Reject(t, d, name+" of one byte", same)
		whole, _ := rows(mustEncode(t, testKey(7, 16), Form{}), header)
		probetest.Reject(t, d, name+", two of them", whole[:2*(len(header)+16)+8])
		for i := len(header) - 8; i < len(whole)-8; i += len(header) + 16 {
			whole[i]++ // the length, or the class
			whole[i+4]++
		}
		probetest.Reject(t, d, name+" of another length", whole)
	}
}
