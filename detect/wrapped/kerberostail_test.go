package wrapped

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// cacheEntry is what is left of a cache from the last component of a principal on.
func cacheEntry(etype int, key []byte, times ...int) []byte {
	w := writer{order: binary.BigEndian}
	w.sized([]byte("EXAMPLE.ORG")).u16(etype).sized(key)
	for _, t := range times {
		w.u32(t)
	}
	w.raw([]byte{0}).u32(0x50e10000).u32(0).u32(0).sized(secret(300)).sized(nil)
	return w.Bytes()
}

func TestKerberosEntryAccept(t *testing.T) {
	const now = 0x6b0d5144
	k1, k2 := secret(32), secret(16)
	tab := keytabEntry(23, k2)
	cases := []probetest.Case{
		binCase("of a cache", KerberosCache, probe.Raw, cacheEntry(18, k1, now, now, now+36000, now+86400), probe.Confirmed, k1),
		binCase("of a cache, not renewable", KerberosCache, probe.Raw, cacheEntry(17, k2, now, 0, now+36000, 0), probe.Confirmed, k2),
		binCase("of a keytab", KerberosKeytab, probe.Raw, tab[bytes.Index(tab, []byte("\x00\x0fwww")):], probe.Confirmed, k2),
		binCase("of a keytab, last component alone", KerberosKeytab, probe.Raw, append([]byte("\x06\x00\x00"), tab[bytes.Index(tab, []byte("\x00\x04host")):]...), probe.Confirmed, k2),
	}
	for i := range cases {
		cases[i].Cut = false // what is lost before the key is what this is about
	}
	probetest.Accept(t, NewKerberosEntry(), cases...)
}

func TestKerberosEntryReject(t *testing.T) {
	const now = 0x6b0d5144
	key := secret(32)
	for name, data := range map[string][]byte{
		"no key":          cacheEntry(18, make([]byte, 32), now, now, now+36000, 0),
		"another size":    cacheEntry(17, key, now, now, now+36000, 0),
		"no times":        cacheEntry(18, key, 3, 1, 4, 1),
		"ends before":     cacheEntry(18, key, now, now, now-1, 0),
		"no name":         cacheEntry(18, key, now, now, now+36000, 0)[8:],
		"another length":  append([]byte{0, 0, 0, 12}, cacheEntry(18, key, now, now, now+36000, 0)[4:]...),
		"a row of shorts": bytes.Repeat([]byte{0, 17, 0, 16, 0, 18, 0, 32, 0, 23, 0, 16}, 50),
		"random":          secret(1 << 16),
	} {
		probetest.Reject(t, NewKerberosEntry(), name, data)
	}
}
