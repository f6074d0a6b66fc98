package tlssecret

const (
	// memoBits is log2 of the number of windows that are remembered, in 5 MiB.
	memoBits = 17
	// mostClosures is how many closures a window of one size has.
	mostClosures = 8
)

// firstWords are the first words of the keys that a window gives. They are remembered where none of the keys is
// known: only whether a key lies near by depends on where a window does.
type firstWords [mostClosures]uint32
