// Package receipt binds the verdict of a run to the bytes that it released.
//
// A receipt is an in-toto Statement (in-toto Attestation Framework, Statement
// v1) whose subject is the released file and whose predicate says what was
// examined, under which policy, by which version. Signed, it travels in a DSSE
// envelope (Dead Simple Signing Envelope v1.0.2) with an Ed25519 signature;
// unsigned, it is the bare Statement, which proves integrity and not origin.
//
// No receipt holds a digest of the input: beside the redacted copy that would
// let anyone confirm a guess of a short secret.
package receipt
