package main

import (
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress returns what drives the bar on a terminal's standard error, or nil
// where there is none, and a function that takes the bar away again.
func (o *lookOptions) progress(w io.Writer) (update func(step string, done, total int64), clear func()) {
	f, ok := w.(*os.File)
	if o.quiet || o.noProgress || !ok || !term.IsTerminal(int(f.Fd())) {
		return nil, func() {}
	}
	var bar *progressbar.ProgressBar
	var current string
	update = func(step string, done, total int64) {
		if step != current {
			if bar != nil {
				_ = bar.Clear()
			}
			bar = progressbar.NewOptions64(total,
				progressbar.OptionSetWriter(f), progressbar.OptionSetDescription(step),
				progressbar.OptionShowBytes(true), progressbar.OptionClearOnFinish(), progressbar.OptionFullWidth())
			current = step
		}
		_ = bar.Set64(min(done, total))
	}
	return update, func() {
		if bar != nil {
			_ = bar.Clear()
		}
	}
}
