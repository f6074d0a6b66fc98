package main

import (
	"context"
	"io/fs"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// open opens an input path, where "-" is standard input.
func (e *env) open(ctx context.Context, path string) (*os.File, error) {
	if path == "-" {
		return endable(ctx, e.stdin), nil
	}
	return os.Open(path)
}

// endable returns f, or where f is a pipe another handle on it of which reads end with
// ctx: a writer that neither writes nor goes away would keep an interrupted run waiting.
// The handle has a description of its own, for others may share that of f and want to
// wait. It takes over f.
func endable(ctx context.Context, f *os.File) *os.File {
	st, err := f.Stat()
	if err != nil || st.Mode()&fs.ModeNamedPipe == 0 {
		return f
	}
	pipe, err := os.OpenFile("/proc/self/fd/"+strconv.Itoa(int(f.Fd())), os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return f // of another user, or without /proc: a second signal ends the process
	}
	context.AfterFunc(ctx, func() { _ = pipe.SetReadDeadline(time.Unix(1, 0)) })
	f.Close() // the writer must see when nobody reads any more
	return pipe
}
