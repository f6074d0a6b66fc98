// Package reel shows every byte of a dump to those who examine it, once, with what lies
// around it.
//
// A tape is an order in which bytes are looked at: the file's own ([Reel.File]), or the
// order of addresses across a seam, where memory goes on and the file does not
// ([Reel.Seams]). A slab of a tape is read, tile by tile, into private memory while the one
// before it is examined in windows. Positions belong to one window each; how a tape is cut
// into slabs and windows changes nothing but the work.
package reel
