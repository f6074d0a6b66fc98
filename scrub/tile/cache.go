package tile

// cachedTiles bounds the tiles kept for seams: 16 MiB.
const cachedTiles = 64

// Cache serves small reads from whole, digested tiles.
type Cache struct {
	tiles *Tiles
	held  map[int64]int // tile to slot
	slots []slot
	next  int
}

type slot struct {
	tile int64
	buf  []byte
}

// NewCache returns an empty cache.
func NewCache(t *Tiles) *Cache {
	return &Cache{tiles: t, held: make(map[int64]int)}
}

// Read fills p with the bytes of the file from off on.
func (c *Cache) Read(p []byte, off int64) error {
	for len(p) > 0 {
		i := off / Size
		tile, err := c.tile(i)
		if err != nil {
			return err
		}
		n := copy(p, tile[off-i*Size:])
		p, off = p[n:], off+int64(n)
	}
	return nil
}

func (c *Cache) tile(i int64) ([]byte, error) {
	if k, ok := c.held[i]; ok {
		return c.slots[k].buf[:c.tiles.Len(i)], nil
	}
	if len(c.slots) < cachedTiles {
		c.slots = append(c.slots, slot{buf: make([]byte, Size)})
		c.next = len(c.slots) - 1
	}
	s := &c.slots[c.next]
	delete(c.held, s.tile)
	buf := s.buf[:c.tiles.Len(i)]
	if err := c.tiles.Read(i, buf); err != nil {
		s.tile = -1
		return nil, err
	}
	s.tile = i
	c.held[i] = c.next
	c.next = (c.next + 1) % len(c.slots)
	return buf, nil
}

// Close wipes the tiles.
func (c *Cache) Close() {
	for _, s := range c.slots {
		clear(s.buf)
	}
}

// Zero reports whether the n bytes from off on lie in tiles that are all zero, without
// reading them. n is at most Size.
func (c *Cache) Zero(off, n int64) bool {
	return c.tiles.Zero(off/Size) && c.tiles.Zero((off+n-1)/Size)
}
