package minidump

// A CONTEXT holds the registers of a thread. Its form follows from the machine:
// winnt.h and, for the machines that Windows does not know and for the older
// ARM64 form, breakpad's minidump_cpu_*.h.

// area is the bytes [from, to) of a CONTEXT.
type area struct{ from, to uint64 }

// contextForm says where a CONTEXT of at least size bytes has what.
type contextForm struct {
	size    uint64
	sp      uint64 // offset of the stack pointer
	wide    bool   // whether that has 8 bytes; else 4
	vectors []area
	xstate  bool   // an XSAVE area may follow
	flags   uint64 // offset of ContextFlags, where it may
}

// The machines in MINIDUMP_SYSTEM_INFO whose CONTEXT is known.
const (
	machineX86      = 0
	machineARM      = 5
	machineAMD64    = 9
	machineX86On64  = 10
	machineARM64    = 12
	machineARM64Old = 0x8003
)

const contextX86Size = 716

// x86Form: FloatSave at 28 begins with 28 bytes of control words and has the eight
// x87 registers behind them; ExtendedRegisters at 204 is an FXSAVE area with
// registers at 32 to 416.
func x86Form() *contextForm {
	return &contextForm{size: contextX86Size, sp: 196, xstate: true, vectors: []area{{56, 136}, {204 + 32, 204 + 416}}}
}

// form returns the form of a CONTEXT of n bytes, nil when it is not known.
func (w *walker) form(n uint64) *contextForm {
	var f *contextForm
	switch w.machineID {
	case machineX86, machineX86On64:
		f = x86Form()
	case machineAMD64:
		if n == contextX86Size { // of a 32-bit thread
			f = x86Form()
			break
		}
		// FltSave at 256 is an FXSAVE area; VectorRegister at 768 has 26 registers.
		f = &contextForm{size: 1232, sp: 152, wide: true, xstate: true, flags: 48, vectors: []area{{256 + 32, 256 + 416}, {768, 768 + 26*16}}}
	case machineARM:
		// 32 registers of 8 bytes behind FPSCR.
		f = &contextForm{size: 336, sp: 56, vectors: []area{{80, 336}}}
	case machineARM64:
		// V behind X, Sp and Pc, before Fpcr and Fpsr.
		f = &contextForm{size: 784, sp: 256, wide: true, vectors: []area{{272, 272 + 32*16}}}
	case machineARM64Old:
		// Behind fpsr and fpcr, packed.
		f = &contextForm{size: 796, sp: 256, wide: true, vectors: []area{{284, 284 + 32*16}}}
	}
	if f == nil || n < f.size {
		return nil
	}
	return f
}

// registers takes note of the vectors in the CONTEXT of n bytes at off, and returns
// its stack pointer, 0 when it is not known.
func (w *walker) registers(off, n uint64) uint64 {
	f := w.form(n)
	if f == nil {
		return 0
	}
	for _, a := range f.vectors {
		w.b.Vectors(off+a.from, a.to-a.from)
	}
	if f.xstate {
		w.extended(off, n, f)
	}
	var p [8]byte
	if f.wide && w.fill(off+f.sp, p[:]) {
		return w.order.Uint64(p[:])
	}
	if !f.wide && w.fill(off+f.sp, p[:4]) {
		return uint64(w.order.Uint32(p[:]))
	}
	return 0
}

// CONTEXT_EX stands behind the CONTEXT: three pairs of a signed offset from the
// CONTEXT_EX itself and a length, the third of the XSAVE area. ContextFlags says
// whether there is one (CONTEXT_XSTATE). That area begins with the header of XSAVE,
// which says what follows it and stays.
const (
	contextXState   = 0x40
	contextExSize   = 24
	contextExXState = 16
	xsaveHeader     = 64
	maxContext      = 64 << 10 // far above every state that processors have
)

// extended takes note of the vectors in the XSAVE area behind the CONTEXT of n bytes
// at off, if there is one.
func (w *walker) extended(off, n uint64, f *contextForm) {
	size := f.size
	var flags [4]byte
	var ex [contextExSize]byte
	if n < size+contextExSize || n > maxContext || !w.fill(off+f.flags, flags[:]) || !w.fill(off+size, ex[:]) {
		return
	}
	if w.order.Uint32(flags[:])&contextXState == 0 {
		return
	}
	from, length := uint64(w.order.Uint32(ex[contextExXState:])), uint64(w.order.Uint32(ex[contextExXState+4:]))
	rest := n - size
	if from < contextExSize || from > rest || length < xsaveHeader || length > rest-from {
		return
	}
	w.b.Vectors(off+size+from+xsaveHeader, length-xsaveHeader)
}
