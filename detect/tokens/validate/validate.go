// Package validate proves tokens offline: by the check sum that their issuer
// put into them, or by a structure that chance does not produce.
//
// A verdict is three-valued, because most published samples fail their own
// check sum and several schemes are known from one source only: a valid token is
// proven, an invalid one is still worth redacting for its prefix.
package validate

import "slices"

// Verdict is what a validator says of a token.
type Verdict int8

// The three verdicts. Undetermined is the zero value: nothing was proven.
const (
	Undetermined Verdict = iota
	Valid
	Invalid
)

// String returns the verdict's name.
func (v Verdict) String() string {
	switch v {
	case Valid:
		return "valid"
	case Invalid:
		return "invalid"
	}
	return "undetermined"
}

// Func judges one token, which is the secret that a rule's pattern captured, as
// ASCII. It keeps no reference to it and may be called from several goroutines.
type Func func(token []byte) Verdict

// named is a validator and the name that rules call it by.
type named struct {
	name string
	f    Func
}

// all lists the validators by name, in ascending order.
func all() []named {
	return []named{
		{"atlassian", Atlassian},
		{"aws-key-id", AWSKeyID},
		{"azure-cask", CASK},
		{"azure-devops", AzureDevOps},
		{"azure-key", AzureKey},
		{"base58check", Base58Check},
		{"basic", Basic},
		{"bech32", Bech32},
		{"entra", Entra},
		{"github", GitHub},
		{"github-fine-grained", GitHubFineGrained},
		{"gitlab-routable", GitLabRoutable},
		{"grafana", Grafana},
		{"json-base64", JSONBase64},
		{"jwt", JWT},
		{"macaroon", Macaroon},
		{"npm", NPM},
		{"sentry", Sentry},
	}
}

// Lookup returns the validator of a name, or nil.
func Lookup(name string) Func {
	for _, n := range all() {
		if n.name == name {
			return n.f
		}
	}
	return nil
}

// Names returns the names that Lookup knows, in ascending order.
func Names() []string {
	var s []string
	for _, n := range all() {
		s = append(s, n.name)
	}
	slices.Sort(s)
	return s
}

// verdict turns a proof into a verdict: what fails it is invalid.
func verdict(ok bool) Verdict {
	if ok {
		return Valid
	}
	return Invalid
}
