package dump

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/dumpscrub/dumpscrub/corpus/secret"
)

// Variant is a kind of dump.
type Variant struct {
	Name string
	Big  bool // the machine is big-endian
	Wide bool // its addresses have 64 bits
	make func(b *builder)
}

// Variants returns every kind of dump that this package writes.
func Variants() []Variant {
	var vs []Variant
	core := func(name, machine string, o elfOptions, loose bool) {
		vs = append(vs, Variant{"elf-" + machine + name, big(machines()[machine].order), machines()[machine].wide, func(b *builder) { b.core(machine, o, loose) }})
	}
	core("", "x86-64", elfOptions{}, false)
	core("-shuffled", "x86-64", elfOptions{shuffled: true}, false)
	core("-gaps", "x86-64", elfOptions{shuffled: true}, true)
	core("-pn-xnum", "x86-64", elfOptions{xnum: true}, false)
	core("-truncated", "x86-64", elfOptions{truncated: true}, false)
	for _, m := range []string{"i386", "s390x", "arm64", "ppc64", "riscv64"} {
		core("", m, elfOptions{shuffled: m == "s390x" || m == "i386"}, m == "arm64")
	}
	mini := func(name string, o minidumpOptions, tiny, loose bool) {
		vs = append(vs, Variant{"minidump-" + name, false, true, func(b *builder) { b.mini(o, tiny, loose) }})
	}
	mini("list", minidumpOptions{}, false, true)
	mini("breakpad", minidumpOptions{breakpad: true, listLast: true}, false, false)
	mini("shuffled", minidumpOptions{shuffled: true}, false, true)
	mini("full", minidumpOptions{full: true}, false, false)
	mini("full-shuffled", minidumpOptions{full: true, shuffled: true}, false, true)
	mini("tiny-ranges", minidumpOptions{shuffled: true, listLast: true}, true, false)
	return vs
}

// Make lays out a dump of about size bytes that holds one secret of each of the
// given forms, and the secrets that the variant puts outside memory. Without
// forms it holds no secret at all; decoys it always holds.
func (v Variant) Make(src *secret.Source, size int, forms []secret.Form) *Dump {
	b := &builder{src: src, size: size, forms: forms, d: &Dump{Name: v.Name}}
	v.make(b)
	return b.d
}

func big(order binary.ByteOrder) bool { return order.Uint16([]byte{0, 1}) == 1 }

// Takes reports whether the machine can have a form.
func (v Variant) Takes(f secret.Form) bool {
	return (f.Order == secret.AnyOrder || (f.Order == secret.BigEndian) == v.Big) && (v.Wide || !f.Wide)
}

// Alone is Make without secrets outside memory.
func (v Variant) Alone(src *secret.Source, size int, forms []secret.Form) *Dump {
	b := &builder{src: src, size: size, forms: forms, alone: true, d: &Dump{Name: v.Name}}
	v.make(b)
	return b.d
}

// builder fills one dump.
type builder struct {
	src   *secret.Source
	size  int
	forms []secret.Form
	alone bool // nothing outside memory
	d     *Dump
}

// borders is how often each writable block is cut.
const borders = 12

func (b *builder) core(name string, o elfOptions, loose bool) {
	m := machines()[name]
	img := newImage(b.src.Rand, m.order, m.wide, b.size)
	img.cutPages(b.src.Rand, borders)
	b.fill(img, loose)
	img.environment(b.src.Rand)
	elfCore(b.src.Rand, b.d, m, img, o)
}

func (b *builder) mini(o minidumpOptions, tiny, loose bool) {
	m := machines()["x86-64"]
	img := newImage(b.src.Rand, m.order, m.wide, b.size)
	if tiny {
		img.cutTiny(b.src.Rand)
	} else {
		img.cutPages(b.src.Rand, borders)
	}
	b.fill(img, loose)
	layMinidump(b.src.Rand, b.d, img, o)
}

// decoyEvery so many bytes of memory stands one set of decoys: enough for every
// decoy to lie in many places of a big dump, and not so many that it is nothing
// else.
const decoyEvery = 4 << 20

// fill plants the decoys and the secrets of b in img.
func (b *builder) fill(img *image, loose bool) {
	if !loose {
		img.loose = nil
	}
	rng := b.src.Rand
	if len(b.forms) > 0 && !b.alone {
		b.outside(img)
	}
	for _, f := range b.forms {
		if !b.plant(img, f.Make(b.src)) {
			b.d.Dropped++
		}
	}
	for i := range 1 + b.size/decoyEvery {
		for _, p := range secret.Decoys(b.src.Fork(fmt.Sprintf("decoys %d", i))) {
			[]*block{img.heap, img.anon, img.rodata}[rng.IntN(3)].decoy(rng, p.Data)
		}
	}
}

// plant finds places for s and for what belongs to it. Of a secret that is known by
// something else, both stay in the front of the dump, where nothing is cut off, and
// nothing is planted where there is no place for all.
func (b *builder) plant(img *image, s secret.Secret) bool {
	if len(s.Beside) == 0 {
		return img.plant(b.src.Rand, s)
	}
	heap, anon := len(img.heap.plants), len(img.anon.plants)
	undo := func() bool {
		img.heap.uproot(heap)
		img.anon.uproot(anon)
		return false
	}
	var at []uint64
	for _, x := range s.Beside {
		addr, ok := img.inFront(b.src.Rand, x)
		if !ok {
			return undo()
		}
		at = append(at, addr)
	}
	if s.Link != nil {
		s.Link(s.Data, img.word, at)
	}
	if _, ok := img.inFront(b.src.Rand, s); !ok {
		return undo()
	}
	return true
}

// outside chooses the secrets that stand in registers, arguments, file names,
// environment and comments, where there is room for few forms.
func (b *builder) outside(img *image) {
	forms := secret.Forms()
	take := func(names ...string) secret.Secret {
		name := names[b.src.IntN(len(names))]
		i := slices.IndexFunc(forms, func(f secret.Form) bool { return f.Name == name })
		if i < 0 {
			panic("internal error: no form is called " + name)
		}
		return forms[i].Make(b.src)
	}
	img.argument = secret.TinyJWT(b.src)
	img.fileName = take("jwt-hs256", "jwt-es256")
	img.environ = take("pem-escaped-pkcs8-ed25519", "pem-escaped-pkcs8-rsa", "jwk-compact-p-256", "jwt-rs256")
	img.comment = take("pem-lf-pkcs8-rsa", "pem-crlf-sec1-p256", "jwk-pretty-rsa")
	img.commentW = take("pem-crlf-pkcs8-p256-utf16le", "jwk-compact-ed25519-utf16le", "jwt-hs256-utf16le")
	for _, s := range []secret.Secret{take("pem-lf-pkcs8-ed25519"), take("aes-128-enc", "aes-128-dec", "aes-256-enc"),
		take("der-pkcs8-ed25519", "der-pkcs8-x25519")} {
		img.registers = append(img.registers, plantable{Secret: s})
	}
	if whole, piece := secret.RegisterPiece(b.src); img.plant(b.src.Rand, whole) {
		img.registers = append(img.registers, plantable{Secret: piece})
	}
}
