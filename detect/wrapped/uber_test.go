package wrapped

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// uberStore is a store with so many bytes of content.
func uberStore(version, iterations, n int) (store, content []byte) {
	content = secret(n)
	w := writer{order: binary.BigEndian}
	return slices.Clone(w.u32(version).sized(secret(20)).u32(iterations).raw(content).Bytes()), content
}

func TestUBERAccept(t *testing.T) {
	var cases []probetest.Case
	for version, name := range map[int]string{1: "version 1", 2: "version 2"} {
		store, content := uberStore(version, 1024+version*100, 1504)
		cases = append(cases, binCase(name, JavaKeystore, probe.Raw, store, probe.Likely, content))
	}
	probetest.Accept(t, NewUBER(), cases...)
}

func TestUBERReject(t *testing.T) {
	for _, iterations := range []int{0, 1023, 2048, 1 << 20} {
		store, _ := uberStore(1, iterations, 512)
		probetest.Reject(t, NewUBER(), "iterations", store)
	}
	short, _ := uberStore(1, 1500, 48)
	probetest.Reject(t, NewUBER(), "short", short)
	probetest.Reject(t, NewUBER(), "BKS", bks(1, secret(700), secret(32)))
	probetest.Reject(t, NewUBER(), "BKS, version 2", bks(2, secret(700), secret(32)))
	store, _ := uberStore(1, 1500, 512)
	for i := uberHeader; i < len(store); i++ {
		store[i] &= 0x7f
	}
	probetest.Reject(t, NewUBER(), "text", store)
}

// A block that looks less random than most is no end, but two are.
func TestUBEROddBlock(t *testing.T) {
	s, err := search.New([]probe.Detector{NewUBER()})
	if err != nil {
		t.Fatal(err)
	}
	for blocks, want := range map[int]int{1: 512, 2: 256} {
		store, _ := uberStore(1, 1500, 512)
		for i := range blocks * uberBlock {
			store[uberHeader+256+i] &= 0x7f
			store[uberHeader+256+i] |= 1
		}
		for i := range uberBlock { // nothing else is left to chance
			store[uberHeader+256+i] = byte(3 * i)
		}
		data := append(store, make([]byte, 64)...)
		fs := probetest.Matches(s, data, len(data))
		if len(fs) != 1 || fs[0].End != uberHeader+want {
			t.Errorf("%d odd blocks: %d matches, want one of %d bytes of content", blocks, len(fs), want)
		}
	}
}

// In an array the content ends where the array does, whatever follows.
func TestUBERArray(t *testing.T) {
	s, err := search.New([]probe.Detector{NewUBER()})
	if err != nil {
		t.Fatal(err)
	}
	store, _ := uberStore(1, 1500, 512)
	data := binary.LittleEndian.AppendUint32(make([]byte, 12), uint32(len(store)))
	data = append(append(data, store...), secret(256)...)
	fs := probetest.Matches(s, data, len(data))
	if len(fs) != 1 || fs[0].Start != 16 || fs[0].End != 16+len(store) {
		t.Errorf("%d matches: %+v", len(fs), fs)
	}
}
