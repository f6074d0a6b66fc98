// Package minimize decides which words of a dump stay when only what a debugger
// needs for frames and the shape of data may stay.
//
// Programs and libraries that were mapped read-only stay whole: they are in files
// that everybody has. Of all other memory and of what no header claims these stay:
//
//   - words whose value is an address in memory that was mapped;
//   - small integers: words from -65,536 to 4,194,303 (the largest number of a
//     process on Linux), multiples of a page below 4 GiB with up to three flag bits,
//     as allocators write the sizes of large chunks, and halves of 64-bit words
//     from -4,096 to 65,535;
//   - absolute paths of which each part is part of a path in NT_FILE, or the name of
//     a library in one without its last numbers, so that a debugger finds the names
//     of shared libraries.
//
// Small integers in a row are data and not structure: they go where four or more
// 32-bit numbers side by side could be the characters of a text, and where ten of
// the sixteen in 64 bytes are not zero.
//
// Everything else becomes probe.Fill. The verdict on a word is a function of the
// tile of the file that it lies in and of the layout, so that results depend on
// no worker and no chunk; a word that two tiles share goes. What has been minimized
// does not change when it is minimized again.
package minimize
