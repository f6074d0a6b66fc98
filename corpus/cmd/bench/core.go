package main

import (
	"bufio"
	"bytes"
	"context"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

const (
	// page is the unit of memory, and where it begins in the file.
	page = 4096
	// address is where it begins in the process.
	address = 0x5555_5555_0000
	// holes is how many bytes of a sparse dump are a hole for each that is not.
	holes = 15
	// run is how many bytes follow each other without a hole in a sparse dump.
	run = 1 << 20
)

// programs are the processes that are dumped: each holds what such programs hold a
// few seconds after they began.
var programs = [][]string{
	{"python3", "-c", "import ssl,json,http.client,asyncio,time;x=[{'id':i,'name':'user %d'%(i*7919%99991),'at':time.time()+i,'path':'/api/v1/orders/%d/items?page=%d'%(i,i%9),'tags':('new','paid') if i%3 else ()} for i in range(150000)];y=json.dumps(x[:60000]);print('up',flush=True);time.sleep(99)"},
	{"node", "-e", "x=Array.from({length:200000},(_,i)=>({id:i,name:'item '+i}));y=JSON.stringify(x);require('https');setTimeout(()=>{},99000);console.log('up')"},
	{"openssl", "speed", "-seconds", "90", "sha256"},
}

// liveMemory dumps live processes and returns the path of a file that holds their
// memory, page by page, without pages of zeros.
func liveMemory(ctx context.Context, dir string) (string, error) {
	path := filepath.Join(dir, "memory")
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	for i, p := range programs {
		core, err := dumpProcess(ctx, filepath.Join(dir, fmt.Sprint("live", i)), p)
		if err != nil {
			fmt.Printf("no dump of %s: %v\n", p[0], err)
			continue
		}
		n, err := appendPages(f, core)
		os.Remove(core)
		if err != nil {
			return "", err
		}
		fmt.Printf("dump of %s: %d MiB that are not zero\n", p[0], n>>20)
	}
	if n, err := f.Seek(0, io.SeekCurrent); err != nil || n == 0 {
		return "", errors.Join(err, errors.New("no process could be dumped: is gcore (package gdb) installed?"))
	}
	fmt.Println()
	return path, f.Close()
}

// dumpProcess starts a program and dumps it when it has done its work.
func dumpProcess(ctx context.Context, prefix string, args []string) (string, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	if err := cmd.Start(); err != nil {
		return "", err
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	time.Sleep(4 * time.Second)
	return dump(ctx, prefix, cmd.Process.Pid)
}

// dump dumps a process with gcore.
func dump(ctx context.Context, prefix string, pid int) (string, error) {
	if out, err := exec.CommandContext(ctx, "gcore", "-o", prefix, fmt.Sprint(pid)).CombinedOutput(); err != nil {
		return "", fmt.Errorf("gcore: %w: %s", err, out)
	}
	return fmt.Sprintf("%s.%d", prefix, pid), nil
}

// appendPages appends the pages of a file that are not zero to w.
func appendPages(w io.Writer, path string) (n int64, err error) {
	// A piece at a time: what this process holds counts as the peak of those that it
	// starts (ru_maxrss survives exec).
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, run)
	p, zero := make([]byte, page), make([]byte, page)
	for {
		if _, err := io.ReadFull(r, p); err != nil {
			if err == io.EOF || err == io.ErrUnexpectedEOF {
				err = nil
			}
			return n, err
		}
		if bytes.Equal(p, zero) {
			continue
		}
		if _, err := w.Write(p); err != nil {
			return n, err
		}
		n += page
	}
}

// writeCore writes an ELF core (System V gABI, chapters 4 and 5) with one segment of
// size bytes: those of memory, over and over, with holes between them when it is to
// be sparse.
func writeCore(path, memory string, size int64, sparse bool) error {
	src, err := os.Open(memory)
	if err != nil {
		return err
	}
	defer src.Close()
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(header(size)); err != nil {
		return err
	}
	buf := make([]byte, run)
	for off := int64(0); off < size; off += run {
		if sparse && off/run%(holes+1) != 0 {
			continue
		}
		p := buf[:min(run, size-off)]
		for n := 0; n < len(p); {
			k, err := src.Read(p[n:])
			if err == io.EOF {
				_, err = src.Seek(0, io.SeekStart)
			}
			if err != nil {
				return err
			}
			n += k
		}
		if _, err := f.WriteAt(p, page+off); err != nil {
			return err
		}
	}
	return errors.Join(f.Truncate(page+size), f.Sync())
}

// header returns the first page of the core.
func header(size int64) []byte {
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
	return head
}
