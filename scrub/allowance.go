package scrub

import (
	"context"
	"errors"
	"fmt"

	"github.com/dumpscrub/dumpscrub/scrub/allow"
)

// ErrNoSecret says that a dump has no secret of the number that was asked for.
var ErrNoSecret = errors.New("there is no such secret")

// Allowance is what was found of one secret, and how a list names it.
type Allowance struct {
	Entry  allow.Entry
	Kind   string
	Places int
}

// AllowSecret scans a dump as [ScanOnly] does and returns what allows the secret
// of that ordinal under key. It redacts and writes nothing.
func AllowSecret(ctx context.Context, j *Job, ordinal int, key *allow.Key) (*Allowance, error) {
	rules, err := allow.NewRules(&allow.List{Version: allow.Version}, key)
	if err != nil {
		return nil, err
	}
	set := j.Settings
	set.Allow, set.macs = rules, true
	o, err := j.open()
	if err != nil {
		return nil, err
	}
	defer o.in.Close()
	res, err := Scan(ctx, o.in, o.l, set)
	if err != nil {
		return nil, err
	}
	defer res.Close()
	if err := o.in.Unchanged(); err != nil {
		return nil, err
	}
	a := &Allowance{}
	for f := range res.Findings.All() {
		if int(f.secret) != ordinal-1 {
			continue
		}
		a.Kind = res.kindOf(int(f.secret))
		a.Places++
		if mac := res.macs[f.id]; mac != "" {
			a.Entry.HMAC, a.Entry.Key = mac, key.Name()
		}
	}
	if a.Entry.HMAC == "" {
		return nil, fmt.Errorf("%w: number %d of %d", ErrNoSecret, ordinal, res.Secrets.Len())
	}
	return a, nil
}
