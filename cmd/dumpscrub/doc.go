// Command dumpscrub takes the secrets out of crash dumps.
//
// What is written where: standard output carries only what was asked for (a
// list, a report, a dump); one summary, warnings, hints and the progress bar go
// to standard error, the bar only when that is a terminal. Nothing printed holds
// a byte of a dump.
package main
