package entropy

// Hard reports whether the little-endian word w is no part of a random number: a small number, or a pointer of a process
// or of a kernel (x86-64 and arm64 have 47 bits and a sign), or one of big-endian order as far as two zero octets tell
// it. Of random words one in 2^15 is hard.
func Hard(w uint64) bool { return w>>47 == 0 || w>>47 == 1<<17-1 || w<<48 == 0 }
