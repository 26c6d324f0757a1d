package engine

import "github.com/muster-groups/muster"

const (
	chunkBits = 12
	chunkRows = 1 << chunkBits
	chunkMask = chunkRows - 1
)

// chunk holds up to 4,096 activities of one type and UTC day as columns, in
// order of arrival. A row whose contact is 0 is dead: erased or expired.
type chunk struct {
	kind uint32 // activity type code
	day  int32
	n    int // rows in use; the columns are longer
	dead int
	// earliest and latest bound the seconds of the day.
	earliest, latest uint32
	base             uint64 // arrival number of the first row

	contact []uint32 // the number the row was written with
	second  []uint32 // of the day
	arrival []uint32 // arrival number less base
	channel []uint16 // absent while all are 0
	attrs   []attrColumn
	ids     []uint64 // hashes of the senders' ids; absent while there are none
}

// grow makes room for at least one more row. Columns grow by half, so that a
// sparse day wastes little.
func (c *chunk) grow() {
	if c.n < len(c.contact) {
		return
	}
	room := min(chunkRows, max(8, c.n+c.n/2))
	c.contact = longer(c.contact, room)
	c.second = longer(c.second, room)
	c.arrival = longer(c.arrival, room)
	if c.channel != nil {
		c.channel = longer(c.channel, room)
	}
	if c.ids != nil {
		c.ids = longer(c.ids, room)
	}
	for i := range c.attrs {
		c.attrs[i].fit(c.n, room)
	}
}

func longer[T any](column []T, room int) []T {
	made := make([]T, room)
	copy(made, column)
	return made
}

// attr answers the column of an attribute, nil when no row has it.
func (c *chunk) attr(name uint32) *attrColumn {
	for i := range c.attrs {
		if c.attrs[i].name == name {
			return &c.attrs[i]
		}
	}
	return nil
}

// codeAt answers a row's code of an attribute, 0 when it has none.
func (c *chunk) codeAt(name, row uint32) uint32 {
	if column := c.attr(name); column != nil {
		return column.at(row)
	}
	return 0
}

func (c *chunk) setAttr(at int, name, code uint32) {
	column := c.attr(name)
	if column == nil {
		c.attrs = append(c.attrs, attrColumn{name: name, narrow: make([]uint16, len(c.contact))})
		column = &c.attrs[len(c.attrs)-1]
	}
	column.set(at, code)
}

func (c *chunk) setChannel(at int, code uint16) {
	if c.channel == nil {
		if code == 0 {
			return
		}
		c.channel = make([]uint16, len(c.contact))
	}
	c.channel[at] = code
}

func (c *chunk) setID(at int, hash uint64) {
	if c.ids == nil {
		if hash == 0 {
			return
		}
		c.ids = make([]uint64, len(c.contact))
	}
	c.ids[at] = hash
}

// channelOf answers the channel code of a row.
func (c *chunk) channelOf(at int) uint32 {
	if c.channel == nil {
		return 0
	}
	return uint32(c.channel[at])
}

// at answers when a row happened.
func (c *chunk) at(row int) muster.Instant {
	return muster.Instant(int64(c.day)*secondsPerDay + int64(c.second[row]))
}

// row answers the arrival number of a row.
func (c *chunk) row(at int) uint64 { return c.base + uint64(c.arrival[at]) }

// move copies a row within the chunk, to a smaller place.
func (c *chunk) move(from, to int) {
	c.contact[to], c.second[to], c.arrival[to] = c.contact[from], c.second[from], c.arrival[from]
	if c.channel != nil {
		c.channel[to] = c.channel[from]
	}
	if c.ids != nil {
		c.ids[to] = c.ids[from]
	}
	for i := range c.attrs {
		c.attrs[i].set(to, c.attrs[i].at(uint32(from)))
	}
}

// truncate forgets the rows from n on and gives the space back.
func (c *chunk) truncate(n int) {
	c.contact, c.second, c.arrival = longer(c.contact[:n], n), longer(c.second[:n], n), longer(c.arrival[:n], n)
	if c.channel != nil {
		c.channel = longer(c.channel[:n], n)
	}
	if c.ids != nil {
		c.ids = longer(c.ids[:n], n)
	}
	for i := range c.attrs {
		c.attrs[i].fit(n, n)
	}
	c.n, c.dead = n, 0
}

func (c *chunk) size() int64 {
	room := int64(len(c.contact))
	n := int64(224) + room*12 + int64(len(c.channel))*2 + int64(len(c.ids))*8
	for i := range c.attrs {
		n += c.attrs[i].size()
	}
	return n
}
