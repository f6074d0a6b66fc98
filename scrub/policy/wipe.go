package policy

import (
	"fmt"
	"strings"
)

// Wipe names whole classes of bytes that are removed without looking at what they
// hold: places where remains of keys lie that no detector can know, round keys
// and intermediate states of hash functions among them. A debugger needs none of
// them for frames, arguments in general registers, or the heap.
type Wipe struct {
	Vectors   bool // values of vector and floating-point registers
	DeadStack bool // memory of stacks below the stack pointer
	Free      bool // free memory in heaps of glibc's allocator
}

// The words of --wipe, which name the classes in reports too.
const (
	Vectors   = "vectors"
	DeadStack = "dead-stack"
	Free      = "free"
	wipeNone  = "none"

	// Minimized is the class of what the policy of that name removes. It is no word of --wipe.
	Minimized = "minimized"
)

// ParseWipe reads a list of words with commas between them, or "none".
func ParseWipe(list string) (Wipe, error) {
	var w Wipe
	if list == wipeNone {
		return w, nil
	}
	for word := range strings.SplitSeq(list, ",") {
		switch word {
		case Vectors:
			w.Vectors = true
		case DeadStack:
			w.DeadStack = true
		case Free:
			w.Free = true
		default:
			return Wipe{}, fmt.Errorf("cannot wipe %q: want %s, %s, %s or %s", word, Vectors, DeadStack, Free, wipeNone)
		}
	}
	return w, nil
}
