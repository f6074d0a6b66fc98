package source

import (
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// madvise gives advice on the pages that p, a part of a mapping, lies in.
func madvise(p []byte, advice int) error {
	if len(p) == 0 {
		return nil
	}
	start := uintptr(unsafe.Pointer(unsafe.SliceData(p)))
	lead := start & uintptr(os.Getpagesize()-1)
	return unix.Madvise(unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(p)), -int(lead))), len(p)+int(lead)), advice)
}
