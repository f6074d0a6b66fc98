package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/dumpscrub/dumpscrub/scrub"
	"github.com/dumpscrub/dumpscrub/scrub/allow"
)

// allowRules reads what --allow and --allow-key name.
func allowRules(list, keyFile string) (*allow.Rules, error) {
	if list == "" {
		if keyFile != "" {
			return nil, usageError{"--allow-key goes with --allow", ""}
		}
		return nil, nil
	}
	l, err := readAllowlist(list)
	if err != nil {
		return nil, err
	}
	var key *allow.Key
	if keyFile != "" {
		if key, err = readAllowKey(keyFile); err != nil {
			return nil, err
		}
	}
	rules, err := allow.NewRules(l, key)
	if err != nil {
		return nil, usageError{fmt.Sprintf("%s: %v", list, err), "--allow-key FILE names the key that the list was made with"}
	}
	return rules, nil
}

// maxAllowlist bounds what is read of a list or its key, in bytes.
const maxAllowlist = 16 << 20

func readAllowlist(path string) (*allow.List, error) {
	data, err := readBounded(path, maxAllowlist)
	if err != nil {
		return nil, err
	}
	l, err := allow.Parse(data)
	if err != nil {
		return nil, usageError{fmt.Sprintf("%s: %v", path, err), "dumpscrub allow writes such lists"}
	}
	return l, nil
}

func readAllowKey(path string) (*allow.Key, error) {
	data, err := readBounded(path, maxAllowlist)
	if err != nil {
		return nil, err
	}
	key, err := allow.NewKey(bytes.TrimSuffix(data, []byte("\n")))
	if err != nil {
		return nil, usageError{fmt.Sprintf("%s: %v", path, err), ""}
	}
	return key, nil
}

// newAllowKey writes a fresh key that only its owner can read; a file that exists
// is left alone.
func newAllowKey(path string) error {
	var secret [32]byte
	rand.Read(secret[:])
	defer clear(secret[:])
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(hex.EncodeToString(secret[:]) + "\n")
	return errors.Join(err, f.Close())
}

// allowOptions are the flags of `dumpscrub allow`.
type allowOptions struct {
	lookOptions
	list   string
	key    string
	newKey bool
	secret int
	entry  allow.Entry
}

func newAllowCommand(e *env) *cobra.Command {
	var o allowOptions
	cmd := &cobra.Command{
		Use:   "allow [INPUT --secret N] --list FILE",
		Short: "Add an accepted finding to an allowlist",
		Long: `Adds an entry to the allowlist FILE, which scrub, scan and gate take with --allow:
what it allows is reported and stays. With --secret the dump INPUT is examined
like by scan, and the secret that the report numbers N (at the same --depth and
with the same rules) is allowed wherever it lies, by its HMAC under --key; the
list never holds the secret or a bare digest of it. Otherwise everything of a
--kind, by a --detector or in a --region is allowed; given together, only what
agrees with all of them.

` + exitHelp,
		Args: args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, as []string) error { return runAllow(cmd.Context(), e, &o, as) },
	}
	o.addFlags(cmd, e, "fast")
	f := cmd.Flags()
	f.StringVar(&o.list, "list", "", "the allowlist `FILE`; it is made when there is none")
	f.StringVar(&o.key, "key", "", "the key `FILE` for the HMAC of the secret, to be kept from those who get the list")
	f.BoolVar(&o.newKey, "new-key", false, "make the key file, with a fresh key")
	f.IntVar(&o.secret, "secret", 0, "allow the secret that the report of INPUT numbers `N`")
	f.StringVar(&o.entry.Kind, "kind", "", "allow secrets of this `KIND`")
	f.StringVar(&o.entry.Detector, "detector", "", "allow what the detector of this `ID` finds")
	f.StringVar(&o.entry.Region, "region", "", "allow what lies in regions whose kind/name agree with this `PATTERN`, such as 'text/*'")
	f.StringVar(&o.entry.Note, "note", "", "the reason, for those who read the list")
	return cmd
}

func runAllow(ctx context.Context, e *env, o *allowOptions, inputs []string) error {
	if o.list == "" {
		return usageError{"--list FILE names the allowlist", ""}
	}
	if (len(inputs) == 1) != (o.secret != 0) || o.secret < 0 {
		return usageError{"INPUT and --secret N go together", ""}
	}
	if (o.key != "") != (o.secret != 0) || o.newKey && o.key == "" {
		return usageError{"--secret and --key go together", "--new-key makes the key file"}
	}
	if err := distinct(inputs, append(o.reads(), o.key), []string{o.list}); err != nil {
		return err
	}
	l, err := readAllowlist(o.list)
	if errors.Is(err, fs.ErrNotExist) {
		l, err = &allow.List{}, nil
	}
	if err != nil {
		return err
	}
	what := "by what it is or where it lies"
	if o.secret != 0 {
		a, err := o.find(ctx, e, inputs[0])
		if err != nil {
			return err
		}
		o.entry.HMAC, o.entry.Key = a.Entry.HMAC, a.Entry.Key
		what = fmt.Sprintf("%s #%d, found in %s", a.Kind, o.secret, count(a.Places, "place"))
	}
	if err := l.Add(o.entry); err != nil {
		return usageError{err.Error(), "give --secret, --kind, --detector or --region"}
	}
	data, err := l.JSON()
	if err != nil {
		return err
	}
	if err := e.writeFile(o.list, data); err != nil {
		return err
	}
	o.say(e.stderr, "%s: allowed %s; %s.", printable(o.list), what, fmt.Sprintf("%d in the list", len(l.Entries)))
	return nil
}

// find examines the dump for the secret that is to be allowed.
func (o *allowOptions) find(ctx context.Context, e *env, input string) (*scrub.Allowance, error) {
	if o.newKey {
		if err := newAllowKey(o.key); err != nil {
			return nil, err
		}
	}
	key, err := readAllowKey(o.key)
	if err != nil {
		return nil, err
	}
	update, clearBar := o.progress(e.stderr)
	defer clearBar()
	j, err := o.job(update)
	if err != nil {
		return nil, err
	}
	if j.Input, err = e.open(ctx, input); err != nil {
		return nil, err
	}
	a, err := scrub.AllowSecret(ctx, j, o.secret, key)
	if errors.Is(err, scrub.ErrNoSecret) {
		return nil, usageError{err.Error(), "numbers are those of a report made at the same --depth"}
	}
	return a, err
}
