// Package probe is the contract between detectors and whoever feeds them bytes.
//
// A [Detector] names the literals that stand in or beside everything it finds
// (its anchors) and how far from an anchor it must look (its reach). The engine
// searches the literals of all detectors at once and hands each hit to its
// detector as a [View]: the bytes around the anchor, cut to exactly the
// detector's reach. A verdict is therefore a function of those bytes alone, and
// results do not depend on how the file was cut into chunks, by construction.
//
// What has no literal, such as an expanded AES key, implements [Filter] and
// names its own candidate positions.
//
// Vocabulary:
//
//   - A hit is the position of an anchor, a match is what a detector made of it.
//     Several hits may give one match; the engine removes the duplicates.
//   - Text detectors see ASCII and UTF-16LE alike, through [Text].
//   - Confirmed means mathematics, a check sum or a full parse; Likely a shape;
//     Possible entropy and context.
//
// Nothing here does I/O, keeps state between calls or stores a byte of what it
// was shown: the slices of a [Match] are valid only during the emit call.
package probe
