package keystore

import "github.com/dumpscrub/dumpscrub/detect/probe"

// The elements of a serialised object (Java Object Serialization Specification,
// section 6.4.2).
const (
	streamMagic = 0xaced
	streamVer   = 5

	tcNull      = 0x70
	tcReference = 0x71
	tcClassDesc = 0x72
	tcObject    = 0x73
	tcString    = 0x74
	tcArray     = 0x75
	tcEndBlock  = 0x78

	baseHandle = 0x7e0000
)

const (
	// maxHandles, maxFields and maxClasses bound what a SealedObject is made of: it
	// has two classes besides the byte array, four fields and nine handles.
	maxHandles = 64
	maxFields  = 16
	maxClasses = 4
	maxSealed  = 64 << 10
)

// class is a class descriptor of a stream; super is its index in the handles, or
// none.
type class struct {
	name   string
	fields []javaField
	super  *class
}

type javaField struct {
	kind byte // of the type: '[', 'L', or a letter for a primitive
	name string
}

// sealed reads one serialised object of the kind that holds a secret key
// (SealedObjectForKeyProtector): byte arrays and strings, and nothing else.
type sealed struct {
	r       *reader
	handles []*class // nil for what is no class
	content probe.Range
}

// secretEntry reads the SealedObject of a secret entry. It has no length: to find
// its end it must be read.
func (s *store) secretEntry() {
	o := sealed{r: &s.r}
	if s.r.u16() != streamMagic || s.r.u16() != streamVer || s.r.u8() != tcObject {
		s.r.stop(damaged)
	}
	desc := o.classDesc(0)
	o.handle(nil)
	o.values(desc, 0)
	if o.content.Len() > 0 {
		s.hide(o.content)
		s.keys++
	}
}

// handle gives the next handle to c.
func (o *sealed) handle(c *class) {
	if len(o.handles) >= maxHandles {
		o.r.stop(damaged)
		return
	}
	o.handles = append(o.handles, c)
}

// reference returns the class that a handle stands for, nil for another thing.
func (o *sealed) reference() *class {
	i := o.r.u32()
	if i < baseHandle || i-baseHandle >= uint32(len(o.handles)) {
		o.r.stop(damaged)
		return nil
	}
	return o.handles[i-baseHandle]
}

// classDesc reads a class descriptor; depth counts the classes below it.
func (o *sealed) classDesc(depth int) *class {
	switch o.r.u8() {
	case tcNull:
		return nil
	case tcReference:
		return o.reference()
	case tcClassDesc:
	default:
		o.r.stop(damaged)
	}
	if depth > maxClasses {
		o.r.stop(damaged)
	}
	if o.r.fail != good {
		return nil
	}
	c := &class{name: o.r.utf()}
	o.r.take(8) // serialVersionUID
	o.handle(c)
	o.r.u8() // flags
	n := o.r.u16()
	if n > maxFields {
		o.r.stop(damaged)
	}
	for i := 0; i < n && o.r.fail == good; i++ {
		f := javaField{kind: o.r.u8(), name: o.r.utf()}
		if f.kind == '[' || f.kind == 'L' {
			o.str()
		}
		c.fields = append(c.fields, f)
	}
	if o.r.u8() != tcEndBlock { // of the annotations, of which there are none
		o.r.stop(damaged)
	}
	c.super = o.classDesc(depth + 1)
	return c
}

// str reads a string, a reference to one, or nothing.
func (o *sealed) str() {
	switch o.r.u8() {
	case tcNull:
	case tcReference:
		o.reference()
	case tcString:
		o.r.utf()
		o.handle(nil)
	default:
		o.r.stop(damaged)
	}
}

// values reads the fields of an object, those of its super class first.
func (o *sealed) values(c *class, depth int) {
	if c == nil || o.r.fail != good {
		return
	}
	if depth > maxClasses {
		o.r.stop(damaged)
		return
	}
	o.values(c.super, depth+1)
	for _, f := range c.fields {
		switch f.kind {
		case 'L':
			o.str()
		case '[':
			o.array(f.name)
		default:
			o.r.stop(damaged)
		}
	}
}

// array reads a byte array.
func (o *sealed) array(name string) {
	switch o.r.u8() {
	case tcNull:
		return
	case tcArray:
	default:
		o.r.stop(damaged)
		return
	}
	c := o.classDesc(0)
	if c == nil || c.name != "[B" {
		o.r.stop(damaged)
		return
	}
	o.handle(nil)
	g := o.r.sized(0, maxSealed)
	if name == "encryptedContent" {
		o.content = g
	}
}
