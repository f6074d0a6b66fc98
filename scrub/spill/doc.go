// Package spill keeps lists of records that may be too long for memory.
//
// A [List] is written from front to back and then read; a [Sorter] takes records in
// any order and returns them in one. Both keep a bounded part in memory and the rest
// on a [Disk], in the encrypted spool of package source. Records are values without
// pointers, which go to the disk as they lie in memory: this process alone reads them.
//
// A disk that fails does so once and for all: what is read from then on are zeros,
// and [Disk.Err] says why. Whoever acts on what was read asks it first.
//
//	d := spill.NewDisk(16<<20, open)
//	s := spill.NewSorter(d, compare)
//	s.Add(records...)
//	for r := range s.All() { … }
//	err := d.Err()
package spill
