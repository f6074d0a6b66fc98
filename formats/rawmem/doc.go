// Package rawmem lays out a file as one range of raw memory.
//
// It is what `--format raw` asks for: guest memory without a header, a dump of a
// kind that no reader knows, any file that is to be scanned as it lies. File
// offset and address are the same number, there is no structure, and every byte
// may be redacted. It finds nothing in bytes that are compressed, encrypted or
// written as hexadecimal.
//
// There is no Sniff, since every file is raw memory: the format is used only
// when it is asked for by name.
package rawmem
