// Package dumpscrub takes the secrets out of crash dumps. It holds nothing but
// the test of who may import whom; see ARCHITECTURE.md for the rooms.
package dumpscrub
