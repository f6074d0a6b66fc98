package main

import (
	"log/syslog"

	"github.com/coreos/go-systemd/v22/journal"
)

// systemLog writes to the journal, or to syslog where there is none. A helper
// that the kernel starts has no terminal, and a crash is nobody's output.
type systemLog struct{ sys *syslog.Writer }

func newSystemLog() *systemLog {
	l := &systemLog{}
	if !journal.Enabled() {
		// Without either the run goes on: a missing log must not lose the core.
		l.sys, _ = syslog.New(syslog.LOG_DAEMON|syslog.LOG_NOTICE, "dumpscrub")
	}
	return l
}

func (l *systemLog) notice(s string) {
	if l.sys != nil {
		_ = l.sys.Notice(s)
		return
	}
	_ = journal.Send(s, journal.PriNotice, map[string]string{"SYSLOG_IDENTIFIER": "dumpscrub"})
}

func (l *systemLog) failure(s string) {
	if l.sys != nil {
		_ = l.sys.Err(s)
		return
	}
	_ = journal.Send(s, journal.PriErr, map[string]string{"SYSLOG_IDENTIFIER": "dumpscrub"})
}

func (l *systemLog) close() {
	if l.sys != nil {
		_ = l.sys.Close()
	}
}
