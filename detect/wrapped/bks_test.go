package wrapped

import (
	"encoding/binary"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// bks is a store with a certificate and, unless nil, a sealed key with its chain
// and a key as it is.
func bks(version int, sealed, plain []byte) []byte {
	w := writer{order: binary.BigEndian}
	w.u32(version).sized(secret(20)).u32(1500)
	cert := secret(400)
	w.raw([]byte{1}).short("ca").u64(1700000000000).u32(0).short("X.509").sized(cert)
	if sealed != nil {
		w.raw([]byte{4}).short("server").u64(1700000000000).u32(1).short("X.509").sized(cert).sized(sealed)
		w.raw([]byte{2}).short("other").u64(1700000000000).u32(0).raw([]byte{2}).short("RAW").short("AES").sized(plain)
	}
	return w.raw([]byte{0}).raw(secret(20)).Bytes()
}

func TestBKSAccept(t *testing.T) {
	k1, k2 := secret(700), secret(32)
	probetest.Accept(t, NewBKS(),
		binCase("version 2", JavaKeystore, probe.Raw, bks(2, k1, k2), probe.Likely, k1, k2),
		binCase("version 1", JavaKeystore, probe.Raw, bks(1, k1, k2), probe.Likely, k1, k2))
	probetest.Reject(t, NewBKS(), "trust store", bks(2, nil, nil))
}
