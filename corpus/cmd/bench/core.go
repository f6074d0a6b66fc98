package main

import (
	"bufio"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/dumpscrub/dumpscrub/corpus"
)

const (
	// secretBytes is the memory of the one sample that holds secrets, cleanBytes
	// that of each of the others, cleanSamples how many of these follow each other
	// before the first comes again.
	secretBytes  = 16 << 20
	cleanBytes   = 32 << 20
	cleanSamples = 4
	// page is where the memory begins in the file.
	page = 4096
	// address is where it begins in the process.
	address = 0x5555_5555_0000
)

// writeCore writes an ELF core (System V gABI, chapters 4 and 5) with one
// segment of size bytes: samples of the corpus, of which the first holds secrets.
func writeCore(path string, size int64) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	err = writeMemory(w, size, filepath.Dir(path))
	return errors.Join(err, w.Flush(), f.Close())
}

func writeMemory(w io.Writer, size int64, dir string) error {
	head := make([]byte, page)
	copy(head, elf.ELFMAG)
	head[elf.EI_CLASS], head[elf.EI_DATA], head[elf.EI_VERSION] = byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), 1
	le := binary.LittleEndian
	le.PutUint16(head[16:], uint16(elf.ET_CORE))
	le.PutUint16(head[18:], uint16(elf.EM_X86_64))
	le.PutUint32(head[20:], 1)
	le.PutUint64(head[32:], 64) // e_phoff
	le.PutUint16(head[52:], 64)
	le.PutUint16(head[54:], 56)
	le.PutUint16(head[56:], 1)
	ph := head[64:]
	le.PutUint32(ph, uint32(elf.PT_LOAD))
	le.PutUint32(ph[4:], uint32(elf.PF_R|elf.PF_W))
	le.PutUint64(ph[8:], page)
	le.PutUint64(ph[16:], address)
	le.PutUint64(ph[32:], uint64(size))
	le.PutUint64(ph[40:], uint64(size))
	le.PutUint64(ph[48:], page)
	if _, err := w.Write(head); err != nil {
		return err
	}
	samples, err := writeSamples(dir)
	if err != nil {
		return err
	}
	for i := 0; size > 0; i++ {
		k := i
		if k >= len(samples) {
			k = 1 + (i-1)%(len(samples)-1)
		}
		n, err := copyFile(w, samples[k], size)
		if err != nil {
			return err
		}
		size -= n
	}
	for _, path := range samples {
		os.Remove(path)
	}
	return nil
}

// writeSamples writes the samples of which the memory consists.
func writeSamples(dir string) ([]string, error) {
	var paths []string
	one := func(name string) bool { return name == "elf-x86-64" }
	o := corpus.Options{Seed: 1, Size: secretBytes, Copies: 1, Variants: one}
	for s := range corpus.Samples(o) {
		path, truth, err := s.Write(dir)
		if err != nil {
			return nil, err
		}
		os.Remove(truth)
		paths = append(paths, path)
	}
	o.Size = cleanBytes
	for s := range corpus.Clean(o, cleanSamples*cleanBytes) {
		path, truth, err := s.Write(dir)
		if err != nil {
			return nil, err
		}
		os.Remove(truth)
		paths = append(paths, path)
	}
	if len(paths) < 2 {
		return nil, errors.New("the corpus makes no elf-x86-64")
	}
	return paths, nil
}

// copyFile appends at most n bytes of the file to w.
func copyFile(w io.Writer, path string, n int64) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return io.Copy(w, io.LimitReader(f, n))
}

// dumpProcess dumps an idle interpreter with gcore.
func dumpProcess(dir string) (path string, ok bool) {
	gcore, err := exec.LookPath("gcore")
	if err != nil {
		return "", false
	}
	cmd := exec.Command("python3", "-c", "import ssl,json,http.client,asyncio,time;x=[str(i)*9 for i in range(2000000)];time.sleep(99)")
	if cmd.Start() != nil {
		return "", false
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	time.Sleep(4 * time.Second) // until it sleeps
	out := filepath.Join(dir, "python")
	pid := fmt.Sprint(cmd.Process.Pid)
	if exec.Command(gcore, "-o", out, pid).Run() != nil {
		return "", false
	}
	return out + "." + pid, true
}
