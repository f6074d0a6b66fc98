package elfcore

import "github.com/dumpscrub/dumpscrub/formats/layout"

// field is the bytes [from, to) of a descriptor; to 0 means its end.
type field struct{ from, to int64 }

// The two forms in which x86 stores the registers of its floating-point unit
// (Intel SDM volume 1, 8.1.10 and 10.5.1). Both begin with control words; FXSAVE
// ends with 96 bytes for the use of software, which say how an XSAVE area is laid
// out.
func fsave() []field  { return []field{{28, 108}} }
func fxsave() []field { return []field{{32, 416}} }

// xsave is the standard form of XSAVE (SDM volume 1, 13.4): FXSAVE, a header of
// 64 bytes at 512, and components at offsets that differ between processors and
// between writers of cores. What little control state lies among those (PKRU) goes
// with them.
func xsave() []field { return []field{{32, 416}, {576, 0}} }

// whole is a descriptor that is nothing but values.
func whole() []field { return []field{{0, 0}} }

func first(n int64) []field { return []field{{0, n}} }

// claimVectors claims what the note holds of the values of vector registers.
func (w *walker) claimVectors(b *layout.Builder, n note) error {
	var fields []field
	switch n.owner {
	case "CORE", "LINUX", "GDB":
		if w.machine == machineAArch64 && (n.typ == ntArmSVE || n.typ == ntArmSSVE) {
			var err error
			if fields, err = w.scalable(n); err != nil {
				return err
			}
			break
		}
		fields = w.linuxVectors(n.typ)
	case "FreeBSD":
		// Only the machines whose struct fpreg is that of Linux (machine/reg.h).
		if w.machine == machineX8664 || w.machine == machineAArch64 || w.machine == machine386 {
			fields = w.linuxVectors(n.typ)
		}
	}
	for _, f := range fields {
		end := n.desc.Len
		if f.to > 0 {
			end = min(end, f.to)
		}
		if f.from < end {
			b.Vectors(uint64(n.desc.Off+f.from), uint64(end-f.from))
		}
	}
	return nil
}

// linuxVectors returns where the descriptor of type typ has the values of
// vector and floating-point registers on this machine.
func (w *walker) linuxVectors(typ uint32) []field {
	switch w.machine {
	case machineX8664, machine386:
		return w.x86Vectors(typ)
	case machineAArch64, machineARM:
		return w.armVectors(typ)
	case machinePPC, machinePPC64:
		return powerVectors(typ)
	case machineS390:
		return s390Vectors(typ)
	case machineRISCV:
		return w.riscvVectors(typ)
	case machineMIPS, machineLoongArch:
		return loongArchVectors(typ)
	}
	return nil
}

// x86Vectors: NT_FPREGSET is FXSAVE on x86-64 and FSAVE on i386
// (arch/x86/kernel/ptrace.c, the two regset views).
func (w *walker) x86Vectors(typ uint32) []field {
	switch {
	case typ == ntFPRegSet && w.machine == machine386:
		return fsave()
	case typ == ntFPRegSet, typ == ntPRXFPReg:
		return fxsave()
	case typ == ntX86XState:
		return xsave()
	}
	return nil
}

// armVectors: struct user_fpsimd_state is 32 registers of 16 bytes, then FPSR and
// FPCR; NT_ARM_VFP is 32 of 8 bytes, then FPSCR. ZA has the header of SVE. The
// pointer authentication keys are keys, no registers that a debugger shows.
func (w *walker) armVectors(typ uint32) []field {
	switch {
	case typ == ntFPRegSet && w.machine == machineAArch64:
		return first(32 * 16)
	case typ == ntArmVFP:
		return first(32 * 8)
	case typ == ntArmZA:
		return []field{{sveHeader, 0}}
	case typ == ntArmPACA, typ == ntArmPACG, typ == ntArmZT:
		return whole()
	}
	return nil
}

// SVE: struct user_sve_header and the layout of its payload
// (arch/arm64/include/uapi/asm/ptrace.h).
const (
	sveHeader   = 16
	sveVL       = 8  // u16, the vector length in bytes
	sveFlags    = 12 // u16
	sveRegsMask = 1  // SVE_PT_REGS_MASK: 1 for SVE, 0 for user_fpsimd_state
	sveQuantum  = 16 // vectors are multiples of 128 bits
	sveMaxVL    = 512 * sveQuantum
)

// scalable returns the values in NT_ARM_SVE and NT_ARM_SSVE: all behind the header
// but the status and control words, which stand behind the registers in both of the
// forms that the flags tell apart.
func (w *walker) scalable(n note) ([]field, error) {
	if n.desc.Len < sveHeader {
		return nil, nil
	}
	rec, err := w.peek(n.desc.Off, sveHeader)
	if err != nil {
		return nil, err
	}
	vl := int64(w.order.Uint16(rec[sveVL:]))
	if w.order.Uint16(rec[sveFlags:])&sveRegsMask == 0 {
		return []field{{sveHeader, sveHeader + 32*16}}, nil
	}
	if vl == 0 || vl > sveMaxVL || vl%sveQuantum != 0 {
		return []field{{sveHeader, 0}}, nil
	}
	// 32 vectors, then 16 predicates and FFR of a bit for each of their bytes.
	values := sveHeader + 32*vl + 17*vl/8
	return []field{{sveHeader, values}}, nil
}

// powerVectors: 32 floating-point registers before FPSCR, 32 vectors before VSCR
// and VRSAVE, the other halves of 32 VSX registers, 32 upper halves and the
// accumulator of SPE; the same again as they were before a transaction
// (arch/powerpc/kernel/ptrace).
func powerVectors(typ uint32) []field {
	switch typ {
	case ntFPRegSet, ntPPCVSX, ntPPCTMFPR, ntPPCTMVSX:
		return first(32 * 8)
	case ntPPCVMX, ntPPCTMVMX:
		return first(32 * 16)
	case ntPPCSPE:
		return first(32*4 + 8)
	}
	return nil
}

// s390Vectors: FPC and padding come before 16 floating-point registers
// (s390_fp_regs, arch/s390/include/uapi/asm/ptrace.h).
func s390Vectors(typ uint32) []field {
	switch typ {
	case ntFPRegSet:
		return []field{{8, 8 + 16*8}}
	case ntS390VXLow, ntS390VXHigh:
		return whole()
	}
	return nil
}

// riscvVectors: 32 registers of 8 bytes before FCSR; vectors behind five words of
// control state (struct __riscv_v_regset_state).
func (w *walker) riscvVectors(typ uint32) []field {
	switch typ {
	case ntFPRegSet:
		return first(32 * 8)
	case ntRISCVVector:
		if w.wide {
			return []field{{5 * 8, 0}}
		}
		return []field{{5 * 4, 0}}
	}
	return nil
}

// loongArchVectors serves MIPS too: 32 registers of 8, 16 or 32 bytes before the
// control words (arch/mips and arch/loongarch, kernel/ptrace.c).
func loongArchVectors(typ uint32) []field {
	switch typ {
	case ntFPRegSet:
		return first(32 * 8)
	case ntLoongArchLSX, ntMIPSMSA:
		return first(32 * 16)
	case ntLoongArchLASX:
		return first(32 * 32)
	}
	return nil
}

// Note types with values of vector registers (include/uapi/linux/elf.h).
const (
	ntPPCVMX        = 0x100
	ntPPCSPE        = 0x101
	ntPPCVSX        = 0x102
	ntPPCTMFPR      = 0x109
	ntPPCTMVMX      = 0x10a
	ntPPCTMVSX      = 0x10b
	ntX86XState     = 0x202
	ntS390VXLow     = 0x309
	ntS390VXHigh    = 0x30a
	ntArmVFP        = 0x400
	ntArmSVE        = 0x405
	ntArmPACA       = 0x407
	ntArmPACG       = 0x408
	ntArmSSVE       = 0x40b
	ntArmZA         = 0x40c
	ntArmZT         = 0x40d
	ntMIPSMSA       = 0x802
	ntRISCVVector   = 0x901
	ntLoongArchLSX  = 0xa02
	ntLoongArchLASX = 0xa03
)
