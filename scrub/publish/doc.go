// Package publish gives files a name only when they are complete.
//
// An [Unnamed] file exists on the destination's file system without any name
// (open(2), O_TMPFILE), so that whatever ends the process, even SIGKILL or a
// power cut, leaves nothing behind. [Unnamed.Link] makes it durable and names it
// in one step.
package publish
