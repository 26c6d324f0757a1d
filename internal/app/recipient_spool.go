package app

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"os"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
)

// spool keeps gathered contacts, written out already, in a file that nobody
// else sees until they are sent. In memory it holds a set of contact numbers,
// and 50 bytes for each contact that changed while it was gathered: an answer of
// a million contacts takes a few megabytes.
type spool struct {
	file  *os.File
	out   *bufio.Writer
	write func(muster.Contact) ([]byte, error)

	size  int64
	seen  *roaring.Bitmap
	again map[muster.ContactNo]int64 // where the last word on a contact is, of those told twice
}

// newSpool makes a spool of contacts written out by write. The caller closes it.
func newSpool(write func(muster.Contact) ([]byte, error)) (*spool, error) {
	file, err := os.CreateTemp("", "muster-recipients-")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(file.Name()) // where an open file cannot be removed, close does it
	return &spool{file: file, out: bufio.NewWriterSize(file, 64<<10), write: write, seen: roaring.New(), again: map[muster.ContactNo]int64{}}, nil
}

const spoolHead = 8 // of a record: contact number, length

// keep adds contacts; of one that was kept before, only this counts.
func (s *spool) keep(some []muster.Contact) error {
	for _, c := range some {
		line, err := s.write(c)
		if err != nil {
			return err
		}
		if !s.seen.CheckedAdd(uint32(c.No)) {
			s.again[c.No] = s.size
		}
		var head [spoolHead]byte
		binary.LittleEndian.PutUint32(head[:], uint32(c.No))
		binary.LittleEndian.PutUint32(head[4:], uint32(len(line)))
		if _, err := s.out.Write(head[:]); err != nil {
			return err
		}
		if _, err := s.out.Write(line); err != nil {
			return err
		}
		s.size += spoolHead + int64(len(line))
	}
	return nil
}

// send writes out the last word on every contact of a set.
func (s *spool) send(set *roaring.Bitmap, out io.Writer) error {
	if err := s.out.Flush(); err != nil {
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	in := bufio.NewReaderSize(s.file, 64<<10)
	for at := int64(0); at < s.size; {
		var head [spoolHead]byte
		if _, err := io.ReadFull(in, head[:]); err != nil {
			return err
		}
		no, length := muster.ContactNo(binary.LittleEndian.Uint32(head[:])), int64(binary.LittleEndian.Uint32(head[4:]))
		last, twice := s.again[no]
		to := out
		if twice && last != at || !set.Contains(uint32(no)) {
			to = io.Discard
		}
		if _, err := io.CopyN(to, in, length); err != nil {
			return err
		}
		at += spoolHead + length
	}
	return nil
}

func (s *spool) close() error {
	err := s.file.Close()
	if gone := os.Remove(s.file.Name()); !errors.Is(gone, os.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}
