// Package model holds no code but a model of the order of the work, for the model
// checker spin: protocol.pml, checked by run.sh.
package model
