package app

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/muster-groups/muster"
)

// blockBytes is how much of the input is read at a time.
const blockBytes = 64 << 10

// decodeLines reads lines into batches until the end of the input. It hands a
// batch over when it is full; and a part of one when there is no more input
// right now and somebody waits for a batch.
func (a *App) decodeLines(ctx context.Context, in io.Reader, out chan<- *lineBatch) error {
	ctx, cancel := context.WithCancel(ctx)
	// Two buffers: one is read into while the other is decoded.
	blocks, spent := make(chan block), make(chan []byte, 2)
	spent <- make([]byte, blockBytes)
	spent <- make([]byte, blockBytes)
	d := &decoding{ctx: ctx, blocks: blocks, spent: spent, out: out, batch: &lineBatch{}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		readBlocks(ctx, in, spent, blocks)
	}()
	defer func() {
		cancel()
		<-done
	}()
	lines := lineReader{in: bufio.NewReaderSize(d, 256<<10), most: a.limits.LineBytes}
	var r *reader
	for {
		number, line, err := lines.next()
		if err != nil {
			if !d.send() {
				return ctx.Err()
			}
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		// Definitions may change while a long load runs.
		if schema := a.schema(); r == nil || r.schema != schema {
			r = newReader(schema, a.limits)
			r.words = map[string]string{}
		}
		d.batch.add(r, number, line, a.limits.LineBytes)
		if len(d.batch.results) >= a.limits.BatchItems && !d.send() {
			return ctx.Err()
		}
	}
}

// block is what one Read of the input answered.
type block struct {
	bytes []byte
	err   error
}

// readBlocks reads ahead into spent buffers until the input ends or nobody
// wants more. Only it waits for the sender.
func readBlocks(ctx context.Context, in io.Reader, spent <-chan []byte, out chan<- block) {
	for {
		var buffer []byte
		select {
		case buffer = <-spent:
		case <-ctx.Done():
			return
		}
		n, err := in.Read(buffer)
		select {
		case out <- block{buffer[:n], err}:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// decoding is the batch that fills, and the input that it is filled from.
type decoding struct {
	ctx    context.Context
	blocks <-chan block
	spent  chan<- []byte
	out    chan<- *lineBatch

	batch *lineBatch
	now   block
	left  []byte // of now
}

// Read reads on. The batch is on offer while there is nothing to read: a fast
// sender fills it while the one before is applied, a slow one need not.
func (d *decoding) Read(p []byte) (int, error) {
	for len(d.left) == 0 {
		if d.now.err != nil {
			return 0, d.now.err
		}
		if err := d.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, d.left)
	d.left = d.left[n:]
	return n, nil
}

// next takes the next block, offering the batch while it waits for one.
func (d *decoding) next() error {
	if d.now.bytes != nil {
		d.spent <- d.now.bytes[:blockBytes] // it has room for both
	}
	d.now = block{}
	select {
	case d.now = <-d.blocks: // rather than to give away what is not full
	default:
		for d.now.bytes == nil {
			offer := d.out
			if len(d.batch.results) == 0 {
				offer = nil
			}
			select {
			case d.now = <-d.blocks:
			case offer <- d.batch:
				d.begin()
			case <-d.ctx.Done():
				return d.ctx.Err()
			}
		}
	}
	d.left = d.now.bytes
	return nil
}

// send hands the batch over, unless it is empty; false when nobody wants it.
func (d *decoding) send() bool {
	if len(d.batch.results) == 0 {
		return true
	}
	select {
	case d.out <- d.batch:
		d.begin()
		return true
	case <-d.ctx.Done():
		return false
	}
}

// begin begins a batch, with room for as much as the last one had.
func (d *decoding) begin() {
	n := len(d.batch.results)
	d.batch = &lineBatch{results: make([]LineResult, 0, n), items: make([]muster.Item, 0, n)}
}

// lineReader reads lines up to a length; longer ones are passed over.
type lineReader struct {
	in     *bufio.Reader
	number int
	most   int
	long   []byte // a line that did not fit the buffer of in
}

// next answers the next line that is not empty, with its number, without its
// end; nil bytes when it is too long. The bytes are valid until the next call.
func (l *lineReader) next() (int, []byte, error) {
	for {
		line, tooLong, err := l.read()
		if err != nil && (len(line) == 0 || !errors.Is(err, io.EOF)) {
			return 0, nil, err
		}
		l.number++
		if tooLong {
			return l.number, nil, nil
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			return l.number, line, nil
		}
	}
}

func (l *lineReader) read() (line []byte, tooLong bool, err error) {
	line, err = l.in.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return line, len(line) > l.most, err
	}
	l.long = append(l.long[:0], line...)
	for errors.Is(err, bufio.ErrBufferFull) {
		line, err = l.in.ReadSlice('\n')
		if len(l.long) <= l.most {
			l.long = append(l.long, line...)
		}
	}
	return l.long, len(l.long) > l.most, err
}
