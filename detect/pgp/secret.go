package pgp

import "github.com/dumpscrub/dumpscrub/detect/probe"

// secretKey is the body of a secret key packet, cut into its fields. All ranges
// are indices in body.
type secretKey struct {
	body    []byte
	version byte
	algo    byte
	public  []probe.Range // the contents of the public fields
	secret  []probe.Range // the contents of the plain secret fields, as far as they are there
	sealed  probe.Range   // the encrypted secret fields, empty when they are plain
	end     int           // behind the last field
	state   outcome       // of the last field
	summed  bool          // plain, and the check sum over the secret fields holds
}

// parseSecret reads the body of a secret key packet (RFC 9580, section 5.5.3). It
// fails where the public fields are not whole, for stubs, and where nothing of
// the secret fields is there. open says that the body may go on behind the key.
func parseSecret(body []byte, open bool) (secretKey, bool) {
	k := secretKey{body: body}
	r := reader{b: body}
	if !k.readPublic(&r) {
		return k, false
	}
	usage, ok := r.u8()
	if !ok {
		return k, false
	}
	if usage == 0 {
		return k, k.readPlain(&r, open)
	}
	return k, k.readSealed(&r, usage, open)
}

// readPublic reads the fields up to the usage octet (RFC 9580, section 5.5.2).
func (s *secretKey) readPublic(r *reader) bool {
	head := 6 // version, time, algorithm
	if len(s.body) < head+2 {
		return false
	}
	s.version = s.body[0]
	switch s.version {
	case 2, 3:
		head += 2 // days of validity, before the algorithm
	case 4, 5, 6:
	default:
		return false
	}
	s.algo, r.off = s.body[head-1], head
	public, _ := layout(s.algo)
	if public == nil || s.version < 4 && s.algo > algoRSASign {
		return false
	}
	count := -1
	if s.version >= 5 {
		n, ok := r.count32(maxBody)
		if !ok {
			return false
		}
		count = n + r.off
	}
	for _, p := range public {
		g, o := r.field(p)
		if o != whole || p.shape == mpi && !r.exact(g) {
			return false
		}
		s.public = append(s.public, g)
	}
	return count < 0 || count == r.off
}

// readPlain reads the secret fields and their check sum.
func (s *secretKey) readPlain(r *reader, open bool) bool {
	if s.version == 5 {
		// LibrePGP, section 5.5.3: a count of the protection fields, which are
		// absent, and one of the secret fields.
		if n, ok := r.u8(); !ok || n != 0 {
			return false
		}
		if _, ok := r.count32(maxBody); !ok {
			return false
		}
	}
	_, secret := layout(s.algo)
	start := r.off
	for _, p := range secret {
		from := r.off
		g, o := r.field(p)
		if o == whole && p.shape == mpi && live(s.body[g.Start:g.End]) && !r.exact(g) {
			o, r.off, g.Start = damaged, from, from
		}
		if o == damaged {
			// An overwritten count: what is left of the body may still be secret.
			if len(s.secret) == 0 || open {
				s.state = damaged
				break
			}
			g, r.off = probe.Range{Start: g.Start, End: len(s.body)}, len(s.body)
		}
		s.secret = append(s.secret, g)
		if s.state = o; o != whole {
			break
		}
	}
	s.end = r.off
	if s.state == whole {
		s.checkSum(r, start)
	}
	return len(s.secret) > 0
}

// checkSum compares the sum of the secret fields from start on with the two
// octets behind them; version 6 has none (RFC 9580, section 5.5.3).
func (s *secretKey) checkSum(r *reader, start int) {
	if s.version == 6 {
		return
	}
	var sum uint16
	for _, c := range s.body[start:r.off] {
		sum += uint16(c)
	}
	if r.left() >= 2 {
		s.summed = uint16(r.b[r.off])<<8|uint16(r.b[r.off+1]) == sum
		s.end = r.off + 2
	} else {
		s.state = cut
	}
}
