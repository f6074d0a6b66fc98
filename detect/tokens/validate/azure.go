package validate

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"slices"
)

// AzureService is a service whose keys carry a signature and a check sum: of n
// bytes, the last four are the Marvin hash, little-endian, of all before under
// one of the service's seeds; the signature stands before it, so aligned that it
// reads as four characters in base64 (microsoft/security-utilities).
type AzureService struct {
	Kind      string // kind of the keys in reports
	Signature string // four characters of base64
	Len       int    // bytes of a key
	Seeds     []uint64
}

// seed is the number that a name of eight characters stands for, the first
// character most significant.
func seed(name string) uint64 { return binary.BigEndian.Uint64([]byte(name)) }

func seeds(names ...string) []uint64 {
	var s []uint64
	for _, n := range names {
		s = append(s, seed(n))
	}
	return s
}

// AzureServices returns the services whose keys are identifiable.
func AzureServices() []AzureService {
	messaging := seeds("Send0000", "Manage00", "Listen00", "System00", "Unknown0")
	return []AzureService{
		{"azure-storage-key", "+ASt", 64, seeds("Default0")},
		{"azure-cosmos-db-key", "ACDb", 64, seeds("MastRW00", "MastRO00", "SysAll00", "Resour00", "SystRO00", "SystRW00", "Encryp00")},
		{"azure-batch-key", "+ABa", 64, seeds("AbAcct00")},
		{"azure-ml-classic-key", "+AMC", 64, seeds("Classic0")},
		{"azure-api-management-key", "APIM", 64, seeds("Tenant00", "IoTHub00", "Gatewy00", "GitKey00")},
		{"azure-service-bus-key", "+ASb", 32, messaging},
		{"azure-event-hub-key", "+AEh", 32, messaging},
		{"azure-relay-key", "+ARm", 32, messaging},
		{"azure-iot-key", "AIoT", 32, seeds("IoTHub00", "DpsKey00", "Device00")},
		{"azure-redis-key", "AzCa", 32, seeds("Access00")},
		{"azure-event-grid-key", "AZEG", 32, seeds("SendRecv")},
		{"azure-container-registry-key", "+ACR", 39, seeds("ACRDflt0")},
		{"azure-search-key", "AzSe", 39, seeds("Query000", "PAdmin00")},
		{"azure-function-key", "AzFu", 40, seeds("Functi00", "Master00", "System00")},
	}
}

// Verify reports whether key, decoded, carries the check sum of the service.
func (s AzureService) Verify(key []byte) bool {
	n := len(key) - 4
	if len(key) != s.Len {
		return false
	}
	sum := binary.LittleEndian.Uint32(key[n:])
	return slices.ContainsFunc(s.Seeds, func(seed uint64) bool { return Marvin32(key[:n], seed) == sum })
}

// AzureKey verifies identifiable keys of Azure's services as text.
func AzureKey(token []byte) Verdict {
	key, ok := unbase64(token)
	if !ok {
		return Undetermined
	}
	defer clear(key)
	sig := bytes.TrimRight(token, "=")
	if len(sig) < 10 {
		return Undetermined
	}
	sig = sig[len(sig)-10 : len(sig)-6]
	known := false
	for _, s := range AzureServices() {
		if string(sig) != s.Signature || len(key) != s.Len {
			continue
		}
		known = true
		if s.Verify(key) || s.Signature == "AzCa" && redisSum(token, key, s.Seeds[0]) {
			return Valid
		}
	}
	if known {
		return Invalid
	}
	return Undetermined
}

// redisSum verifies those keys of Azure Cache for Redis whose special characters
// were replaced by letters after the check sum had been made of the whole.
func redisSum(token, key []byte, seed uint64) bool {
	k := bytes.Clone(key)
	defer clear(k)
	binary.LittleEndian.PutUint32(k[len(k)-4:], Marvin32(key, seed))
	text := base64.StdEncoding.AppendEncode(nil, k)
	defer clear(text)
	for i, c := range text {
		switch c {
		case '+':
			text[i] = 'P'
		case '/':
			text[i] = 'F'
		}
	}
	return bytes.Equal(text, token)
}

// unbase64 decodes either alphabet of base64, with its padding or without.
func unbase64(s []byte) ([]byte, bool) {
	s = bytes.TrimRight(s, "=")
	enc := base64.RawStdEncoding
	if bytes.ContainsAny(s, "-_") {
		enc = base64.RawURLEncoding
	}
	p := make([]byte, enc.DecodedLen(len(s)))
	n, err := enc.Decode(p, s)
	return p[:n], err == nil
}

// Places of a common annotated security key (CASK), in decoded bytes.
const (
	CASKMark   = 39 // JQQJ: 25 04 09
	CASKSum    = 60 // the check sum, of three or four bytes
	CASKLen    = 63
	CASKLonger = 64
)

// VerifyCASK reports whether key, decoded, is a common annotated security key of
// Azure: its mark, its kind and date, and the Marvin hash of its first 60 bytes,
// either as it is or as what its base-62 digits decode to.
func VerifyCASK(key []byte) bool {
	if len(key) != CASKLen && len(key) != CASKLonger || !bytes.Equal(key[CASKMark:CASKMark+3], []byte{0x25, 0x04, 0x09}) {
		return false
	}
	sum := Marvin32(key[:CASKSum], seed("Default0"))
	var plain [4]byte
	binary.LittleEndian.PutUint32(plain[:], sum)
	is := key[CASKSum:]
	return bytes.Equal(is, plain[:len(is)]) || bytes.Equal(is, spelled(sum)[:len(is)])
}

// spelled returns the four bytes that the base-62 digits of a check sum decode
// to: the little-endian bytes as one number, its digits filled up with zeros on
// the right. A leading zero byte is one leading zero digit.
func spelled(sum uint32) []byte {
	v := bits.ReverseBytes32(sum)
	var digits []byte
	for m := uint32(0xff000000); m > 0xff && v&m == 0; m >>= 8 {
		digits = append(digits, '0')
	}
	first := len(digits)
	for {
		digits = slices.Insert(digits, first, base62[v%62])
		if v /= 62; v == 0 {
			break
		}
	}
	for len(digits) < 6 {
		digits = append(digits, '0')
	}
	p := make([]byte, base64.RawStdEncoding.DecodedLen(6))
	if _, err := base64.RawStdEncoding.Decode(p, digits[:6]); err != nil {
		return make([]byte, 4)
	}
	return p
}

// CASK verifies common annotated security keys as text. Some of Microsoft's own
// samples are made under another seed, so that only a match means something.
func CASK(token []byte) Verdict {
	key, ok := unbase64(token)
	if !ok {
		return Invalid
	}
	defer clear(key)
	if VerifyCASK(key) {
		return Valid
	}
	return Undetermined
}

// entraAlphabet has 66 characters, in the order in which they are digits.
const entraAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~"

// Entra verifies client secrets of Microsoft Entra with the mark 8Q~: the last
// three characters are the first three of six digits of the Marvin hash. Others
// have no check sum.
func Entra(token []byte) Verdict {
	if len(token) != 40 || string(token[3:6]) != "8Q~" {
		return Undetermined
	}
	n := len(token) - 3
	sum := encode(Marvin32(token[:n], seed("AadPwd00")), entraAlphabet, 6)
	return verdict(bytes.Equal(token[n:], sum[:3]))
}
