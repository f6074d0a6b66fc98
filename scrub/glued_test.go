package scrub

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// pick returns n random characters of abc.
func pick(n int, abc string) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = abc[rand.IntN(len(abc))]
	}
	return p
}

const (
	alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	base32       = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
)

// liveMost is how long a token that begins with sk_live_ is at most by its rule.
const liveMost = len("sk_live_") + 200

// gluedText is text without borders in which n tokens of rules lie that ask for some.
func gluedText(n int) (text []byte, tokens [][2]int) {
	for k := range n {
		text = append(text, pick(50, alphanumeric)...)
		start := len(text)
		if k%2 == 0 {
			// Such a piece lies alone in the process too, where only its looks tell it from a word.
			id := pick(16, base32)
			for !sweep.Rare(id) {
				id = pick(16, base32)
			}
			text = append(append(text, "AKIA"...), id...)
		} else {
			text = append(append(text, "sk_live_"...), pick(24+k, alphanumeric)...)
		}
		tokens = append(tokens, [2]int{start, len(text)})
	}
	return append(text, pick(200, alphanumeric)...), tokens
}

// TestGlued scrubs a dump of which only string headers know where its tokens end.
func TestGlued(t *testing.T) {
	const heap, stack = 0x00c000_100000, 0x7ffd_12340000
	text, tokens := gluedText(10)
	le := binary.LittleEndian
	headers := noise(4096)
	for i, tok := range tokens {
		at := headers[256*i:]
		le.PutUint64(at, heap+uint64(tok[0]))
		le.PutUint64(at[8:], uint64(tok[1]-tok[0]))
	}
	// Another copy, as another runtime leaves it, is hunted for.
	first := string(text[tokens[1][0]:tokens[1][1]])
	copied := append([]byte(base32+first+"01234"), 0)
	dump := core(segment{heap, slices.Concat(text, make([]byte, 64), copied)}, segment{stack, headers})
	var want []byte
	for _, chunk := range []int{0, 97, 4096} {
		j := job(t, file(t, dump))
		j.Harvesters, j.Provers, j.Chunk = detect.Harvesters(), detect.Provers, chunk
		_, out := scrubbed(t, j)
		for i, tok := range tokens {
			secret := text[tok[0]:tok[1]]
			for k := 0; k+16 <= len(secret); k++ {
				if bytes.Contains(out, secret[k:k+16]) {
					t.Errorf("chunks of %d: token %d: characters from %d on are left", chunk, i, k)
					break
				}
			}
		}
		if want == nil {
			want = out
		}
		if !bytes.Equal(out, want) {
			t.Errorf("chunks of %d: another copy", chunk)
		}
	}
	n := 0
	for i := range want {
		if want[i] != dump[i] {
			n++
		}
	}
	// What chance never makes is also found without its header, and then goes on as far as its rule does.
	if least, most := 10*20, 5*20+6*liveMost; n < least || n > most {
		t.Errorf("%d bytes are redacted, not %d to %d", n, least, most)
	}
}

// holdTokens is the variable that makes the test below a process with secrets.
const holdTokens = "DUMPSCRUB_TEST_HOLD"

// TestHoldGlued is no test but the process that TestGluedInGo looks at: its tokens are
// substrings of one text without borders.
func TestHoldGlued(t *testing.T) {
	if os.Getenv(holdTokens) == "" {
		t.Skip("started by TestGluedInGo")
	}
	buf, at := gluedText(8)
	text := string(buf)
	clear(buf)
	held := new([8]string)
	for i, tok := range at {
		held[i] = text[tok[0]:tok[1]]
		for _, c := range []byte(held[i]) {
			fmt.Printf("%02x", ^c) // so that no buffer holds it
		}
		fmt.Println()
	}
	fmt.Println("held")
	_, _ = bufio.NewReader(os.Stdin).ReadByte()
	runtime.KeepAlive(held)
}

// TestGluedInGo scrubs the memory of a live Go process.
func TestGluedInGo(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a process")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "-test.run=^TestHoldGlued$", "-test.v")
	cmd.Env = append(os.Environ(), holdTokens+"=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { in.Close(); _ = cmd.Wait() }()
	var tokens [][]byte
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "held" {
		if p, err := hex.DecodeString(lines.Text()); err == nil && len(p) > 0 {
			for i := range p {
				p[i] = ^p[i]
			}
			tokens = append(tokens, p)
		}
	}
	dump := core(processMemory(t, cmd.Process.Pid)...)
	for _, tok := range tokens {
		if !bytes.Contains(dump, tok) {
			t.Fatal("the process does not hold its tokens")
		}
	}
	j := job(t, file(t, dump))
	j.Harvesters, j.Provers = detect.Harvesters(), detect.Provers
	_, copied := scrubbed(t, j)
	for i, tok := range tokens {
		if bytes.Contains(copied, tok) || bytes.Contains(copied, tok[len(tok)-16:]) {
			t.Errorf("token %d of %d is left", i, len(tokens))
		}
	}
	if len(tokens) != 8 {
		t.Errorf("%d tokens, want 8", len(tokens))
	}
}

// processMemory returns what a process can write and is not huge.
func processMemory(t *testing.T, pid int) (segs []segment) {
	t.Helper()
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		t.Skip(err)
	}
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		t.Skip(err)
	}
	defer mem.Close()
	for line := range strings.Lines(string(maps)) {
		var lo, hi uint64
		var mode string
		if _, err := fmt.Sscanf(line, "%x-%x %s", &lo, &hi, &mode); err != nil || mode != "rw-p" || hi-lo > 16<<20 {
			continue
		}
		p := make([]byte, hi-lo)
		if _, err := mem.ReadAt(p, int64(lo)); err != nil {
			t.Skip(err)
		}
		segs = append(segs, segment{lo, p})
	}
	return segs
}
