// Package container opens and rebuilds the compressed streams around a dump:
// gzip, zstd, bzip2 and lz4.
//
// A container is a sequence of members (gzip, bzip2) or frames (zstd, lz4), each
// complete in itself; the content is that of all of them, one behind the other.
// Frames that zstd and lz4 call skippable hold no content and are passed over.
//
// Reading promises:
//
//   - Every member is read and its check sum verified. A stream that is cut off
//     yields what it holds and then [io.ErrUnexpectedEOF]; bytes that are no
//     member after the last one end it with [ErrTrailing]; anything else that is
//     wrong with it is [ErrCorrupt]. Errors of the source come through as they are.
//   - Memory is bounded by [MaxWindow] and does not depend on what the stream
//     claims. Output is not bounded, since honest dumps compress 3,900 to 1: the
//     caller counts.
//
// Writing promises that the output is a function of the input bytes alone: no
// name, no time, one level, one goroutine, and the same whichever way the input
// is cut into writes.
//
// Sources: RFC 1952 (gzip), RFC 8878 (zstd), lz4_Frame_format.md (lz4).
//
// For example:
//
//	if k, ok := container.Sniff(head); ok {
//		r, err := container.NewReader(k, file)
//		if err != nil {
//			return err
//		}
//		defer r.Close()
//		n, err = io.Copy(spool, io.LimitReader(r, limit))
//	}
package container
