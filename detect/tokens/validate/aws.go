package validate

import "encoding/base32"

// AWSKeyID looks at the account number inside an access key id: of the 16
// characters of base 32 behind the prefix, the 40 bits behind the first. Numbers
// have twelve decimal digits, which rejects 9 % of random ids, so that nothing is
// proven. Ids of before 2019, whose body begins with I or J, hold no number.
func AWSKeyID(token []byte) Verdict {
	if len(token) != 20 {
		return Undetermined
	}
	var p [10]byte
	if n, err := base32.StdEncoding.Decode(p[:], token[4:]); err != nil || n != len(p) {
		return Invalid
	}
	if token[4] == 'I' || token[4] == 'J' {
		return Undetermined
	}
	var v uint64
	for _, b := range p[:6] {
		v = v<<8 | uint64(b)
	}
	if v>>7&(1<<40-1) >= 1e12 {
		return Invalid
	}
	return Undetermined
}
