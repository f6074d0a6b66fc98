package elfcore

// The machines whose cores are met, by e_machine (gABI chapter 4; the later
// numbers from the registry the gABI refers to).
const (
	machineSPARC     = 2
	machine386       = 3
	machine68K       = 4
	machineMIPS      = 8
	machinePARISC    = 15
	machinePPC       = 20
	machinePPC64     = 21
	machineS390      = 22
	machineARM       = 40
	machineSH        = 42
	machineSPARCV9   = 43
	machineIA64      = 50
	machineX8664     = 62
	machineAArch64   = 183
	machineRISCV     = 243
	machineLoongArch = 258
	machineAlpha     = 0x9026 // unofficial, but what every Alpha system writes
)

// arch returns the name of the machine, "" when it is none of those known.
func (f *file) arch() string {
	little := f.order.Uint16([]byte{1, 0}) == 1
	// pick names the four forms of a machine that has them.
	pick := func(be32, le32, be64, le64 string) string {
		switch {
		case f.wide && little:
			return le64
		case f.wide:
			return be64
		case little:
			return le32
		}
		return be32
	}
	switch f.machine {
	case machineX8664:
		return pick("x32", "x32", "x86-64", "x86-64") // x32 is ELFCLASS32 of this machine
	case machine386:
		return "i386"
	case machineAArch64:
		return pick("arm64be", "arm64", "arm64be", "arm64")
	case machineARM:
		return pick("armeb", "arm", "armeb", "arm")
	case machinePPC, machinePPC64:
		return pick("ppc", "ppcle", "ppc64", "ppc64le")
	case machineS390:
		return pick("s390", "s390", "s390x", "s390x")
	case machineRISCV:
		return pick("riscv32", "riscv32", "riscv64", "riscv64")
	case machineMIPS:
		return pick("mips", "mipsel", "mips64", "mips64el") // n32 is ELFCLASS32
	case machineLoongArch:
		return pick("loongarch32", "loongarch32", "loongarch64", "loongarch64")
	case machineSPARC, machineSPARCV9:
		return pick("sparc", "sparc", "sparc64", "sparc64")
	}
	return f.rareArch()
}

// rareArch names the machines of which the BSDs and old Linux cores remain.
func (f *file) rareArch() string {
	switch f.machine {
	case machine68K:
		return "m68k"
	case machinePARISC:
		return "hppa"
	case machineSH:
		return "sh"
	case machineIA64:
		return "ia64"
	case machineAlpha:
		return "alpha"
	}
	return ""
}
