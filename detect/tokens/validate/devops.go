package validate

import (
	"encoding/base32"
	"hash/crc32"
)

// AzureDevOps verifies personal access tokens of Azure DevOps in their old form:
// 52 characters of base 32. Of the 32 bytes, those at 2, 7, 8 and 22 are the
// CRC-32 of the others, most significant first, under one of two masks
// (microsoft/security-utilities).
func AzureDevOps(token []byte) Verdict {
	if len(token) != 52 {
		return Undetermined
	}
	enc := base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
	var p [33]byte
	defer clear(p[:])
	if n, err := enc.Decode(p[:], token); err != nil || n != 32 {
		return Undetermined
	}
	rest := make([]byte, 0, 28)
	rest = append(rest, p[:2]...)
	rest = append(rest, p[3:7]...)
	rest = append(rest, p[9:22]...)
	rest = append(rest, p[23:32]...)
	defer clear(rest)
	is := uint32(p[2])<<24 | uint32(p[7])<<16 | uint32(p[8])<<8 | uint32(p[22])
	sum := crc32.ChecksumIEEE(rest)
	const user, application = 0xe0b9692d, 0x1019f92e
	return verdict(is == sum^user || is == sum^application)
}
