// Package detect is the catalogue of detectors: everything that dumpscrub knows
// a secret by.
//
// A detector is a package that knows one family of secrets and implements
// [probe.Detector]. The list in [Default] is the only place that names them all;
// nothing registers itself. detect/probe is the contract, detect/search runs
// many detectors in one pass, and detect/privkey is the vocabulary of those that
// parse private keys. Nothing below this folder does I/O.
package detect
