package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dumpscrub/dumpscrub/scrub"
	"github.com/dumpscrub/dumpscrub/scrub/receipt"
)

// handlerOptions are the flags of `dumpscrub handler`.
type handlerOptions struct {
	lookOptions
	dir     string
	signKey string
}

func newHandlerCommand(e *env) *cobra.Command {
	var o handlerOptions
	cmd := &cobra.Command{
		Use:   "handler --dir DIR %P %u %g %s %t %c %h",
		Short: "Be the kernel's core_pattern helper: store crashes only scrubbed",
		Long: `Takes the core dump of a crashing process from the kernel (core(5), "Piping core
dumps to a program"), lets the process go as soon as its memory is in the
encrypted, unlinked spool, and publishes the scrubbed copy and its receipt in DIR,
named as systemd-coredump names its files. Install with

  echo '|/usr/local/bin/dumpscrub handler --dir /var/lib/dumpscrub %P %u %g %s %t %c %h' \
      > /proc/sys/kernel/core_pattern

It honours the core size limit of the process (%c) and logs to the journal or
syslog. Nothing but a scrubbed core is ever stored: when that fails, there is none.

` + exitHelp,
		Args: args(cobra.ExactArgs(7)),
		RunE: func(cmd *cobra.Command, as []string) error {
			log := newSystemLog()
			defer log.close()
			err := runHandler(cmd.Context(), e, &o, as, log)
			if err != nil {
				log.failure(err.Error())
			}
			return err
		},
	}
	o.copies = true
	o.addFlags(cmd, e, "deep")
	o.addForms(cmd)
	f := cmd.Flags()
	f.StringVar(&o.dir, "dir", "", "publish scrubbed cores in `DIR`")
	f.StringVar(&o.signKey, "sign-key", "", "sign the receipts with the Ed25519 private key in `FILE` (PEM)")
	return cmd
}

// crash is what the kernel says of the process, in the order of the arguments.
type crash struct {
	pid, uid, gid, signal uint64
	seconds               uint64 // since the epoch
	limit                 uint64 // RLIMIT_CORE, in bytes
	host                  string
	comm                  string
}

func parseCrash(as []string) (*crash, error) {
	c := &crash{host: as[6]}
	for i, p := range []*uint64{&c.pid, &c.uid, &c.gid, &c.signal, &c.seconds, &c.limit} {
		v, err := strconv.ParseUint(as[i], 10, 64)
		if err != nil {
			return nil, usageError{fmt.Sprintf("argument %d is not a number", i+1), "the arguments are %P %u %g %s %t %c %h"}
		}
		*p = v
	}
	// The process is dead but not yet reaped, so its name can still be read.
	comm, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", c.pid))
	if err == nil {
		c.comm = strings.TrimSuffix(string(comm), "\n")
	}
	if c.comm == "" {
		c.comm = "unknown"
	}
	return c, nil
}

// unlimited is RLIM_INFINITY as the kernel prints it for %c.
const unlimited = 1<<64 - 1

// name returns the file name that systemd-coredump gives: core, command, user,
// boot, process and microseconds (systemd, src/coredump/coredump-submit.c).
func (c *crash) name() (string, error) {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return "", err
	}
	id := strings.ReplaceAll(strings.TrimSpace(string(boot)), "-", "")
	return fmt.Sprintf("core.%s.%d.%s.%d.%d", escapeName(c.comm), c.uid, id, c.pid, c.seconds*1e6), nil
}

// escapeName makes a command name one part of a file name: what is not a plain
// character becomes \xNN.
func escapeName(s string) string {
	var b strings.Builder
	for i := range len(s) {
		ch := s[i]
		if ch <= ' ' || ch >= 0x7f || strings.IndexByte(`./\"'`, ch) >= 0 {
			fmt.Fprintf(&b, `\x%02x`, ch)
		} else {
			b.WriteByte(ch)
		}
	}
	return b.String()
}

func runHandler(ctx context.Context, e *env, o *handlerOptions, as []string, log *systemLog) error {
	if o.dir == "" {
		return usageError{"--dir DIR says where scrubbed cores go", ""}
	}
	c, err := parseCrash(as)
	if err != nil {
		return err
	}
	if c.limit == 0 {
		log.notice(fmt.Sprintf("process %d (%s) crashed by signal %d; its core size limit is 0, so nothing is stored", c.pid, escapeName(c.comm), c.signal))
		return nil
	}
	name, err := c.name()
	if err != nil {
		return err
	}
	so := &scrubOptions{lookOptions: o.lookOptions, signKey: o.signKey, digest: receipt.SHA256, output: filepath.Join(o.dir, name)}
	so.quiet = true
	if err := so.resolve("-"); err != nil {
		return err
	}
	j, err := so.job(nil)
	if err != nil {
		return err
	}
	j.Input = endable(ctx, e.stdin)
	if c.limit != unlimited && c.limit < 1<<62 {
		j.CutAt = int64(c.limit)
	}
	j.Output, j.Receipt = so.output, so.receipt
	if err := so.keys(j); err != nil {
		return err
	}
	j.Announce = func(r *scrub.Report) error {
		return errors.Join(so.writeReport(e, r), so.writeForms(e, []pathReport{{Path: name, Report: r}}))
	}
	so.confineScrub(e, j)
	r, err := scrub.Scrub(ctx, j)
	if err != nil {
		return e.withdraw(err)
	}
	log.notice(fmt.Sprintf("process %d (%s) of user %d crashed by signal %d. %s Wrote %s.", c.pid, escapeName(c.comm), c.uid, c.signal, summary(name, r), so.output))
	return nil
}
