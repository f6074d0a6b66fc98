package elfcore

// Where Linux has the stack pointer and the thread pointer in NT_PRSTATUS. Before
// the registers stand the signal information (see linuxPID64), four process
// numbers and four times: 112 bytes of the 64-bit form, 72 of the 32-bit form
// (include/linux/elfcore.h). The order of the registers is that of each machine's
// user_regs_struct or pt_regs (arch/*/include/uapi/asm/ptrace.h).
const (
	regs64 = 112
	regs32 = 72

	x86RSP    = regs64 + 19*8
	x86FSBase = regs64 + 21*8
	i386ESP   = regs32 + 15*4
	arm64SP   = regs64 + 31*8
	ppc64R1   = regs64 + 1*8
	ppc64R13  = regs64 + 13*8
	s390R15   = regs64 + 16 + 15*8 // behind the program status word
	s390Acc0  = regs64 + 16 + 16*8 // access registers 0 and 1 hold the thread pointer
	riscvSP   = regs64 + 2*8       // behind pc and ra
	riscvTP   = regs64 + 4*8
)

// ppcTLSBias is how far the thread pointer of PowerPC lies behind the end of what
// the C library keeps about the thread (64-bit ELF V2 ABI, 3.7.2).
const ppcTLSBias = 0x7000

// stackPointer reads the stack pointer and the thread pointer from n, an
// NT_PRSTATUS of Linux; 0 where this machine or this form has none.
func (w *walker) stackPointer(n note) (sp, tls uint64, err error) {
	var spAt, tlsAt int64
	size := int64(8)
	switch {
	case w.machine == machine386 && !w.wide: // its thread pointer is in NT_386_TLS
		spAt, size = i386ESP, 4
	case !w.wide:
	case w.machine == machineX8664:
		spAt, tlsAt = x86RSP, x86FSBase
	case w.machine == machineAArch64: // its thread pointer is in NT_ARM_TLS
		spAt = arm64SP
	case w.machine == machinePPC64:
		spAt, tlsAt = ppc64R1, ppc64R13
	case w.machine == machineS390:
		spAt, tlsAt = s390R15, s390Acc0
	case w.machine == machineRISCV:
		spAt, tlsAt = riscvSP, riscvTP
	}
	if sp, err = w.register(n, spAt, size); err != nil {
		return 0, 0, err
	}
	if tls, err = w.register(n, tlsAt, size); err != nil {
		return 0, 0, err
	}
	if w.machine == machinePPC64 && tls != 0 {
		tls -= ppcTLSBias
	}
	return sp, tls, nil
}

// register reads the register of size bytes, 4 or 8, at offset at of the
// descriptor. It returns 0 when at is 0 or the descriptor ends before it.
func (w *walker) register(n note, at, size int64) (uint64, error) {
	if at == 0 || n.desc.Len < at+size {
		return 0, nil
	}
	rec, err := w.peek(n.desc.Off+at, size)
	if err != nil {
		return 0, err
	}
	if size == 4 {
		return uint64(w.order.Uint32(rec)), nil
	}
	return w.order.Uint64(rec), nil
}

// Notes that tell of a thread pointer: the thread's own follow its NT_PRSTATUS.
const (
	nt386TLS = 0x200 // an array of struct user_desc: the entry, then its base
	ntArmTLS = 0x401 // TPIDR_EL0, then TPIDR2_EL0

	userDescBase = 4
)

// threadPointer takes note of the thread pointer that n holds, if it does.
func (w *walker) threadPointer(n note) error {
	if n.owner != "LINUX" || len(w.threads) == 0 {
		return nil
	}
	th := &w.threads[len(w.threads)-1]
	var err error
	switch {
	case n.typ == ntArmTLS && w.machine == machineAArch64 && w.wide && n.desc.Len >= 8:
		var rec []byte
		if rec, err = w.peek(n.desc.Off, 8); err == nil {
			th.TLS = w.order.Uint64(rec)
		}
	case n.typ == nt386TLS && w.machine == machine386:
		th.TLS, err = w.register(n, userDescBase, 4)
	}
	return err
}

// Entries of the auxiliary vector that point into the first thread's stack, above
// its frames (include/uapi/linux/auxvec.h; create_elf_tables in fs/binfmt_elf.c).
const (
	atRandom = 25
	atExecFn = 31

	// maxAuxv bounds the entries that are looked at. Kernels write about twenty.
	maxAuxv = 64
)

// auxiliary takes note of where the first thread's stack is, if n is the
// auxiliary vector of Linux: pairs of words.
func (w *walker) auxiliary(n note) error {
	if n.owner != "CORE" || n.typ != ntAUXV {
		return nil
	}
	word := int64(4)
	if w.wide {
		word = 8
	}
	count := min(n.desc.Len/(2*word), maxAuxv)
	rec, err := w.peek(n.desc.Off, count*2*word)
	if err != nil {
		return err
	}
	for ; len(rec) > 0; rec = rec[2*word:] {
		switch w.wordAt(rec, 0, 0) {
		case atRandom, atExecFn:
			w.mainStack = max(w.mainStack, w.wordAt(rec, int(word), int(word)))
		}
	}
	return nil
}
