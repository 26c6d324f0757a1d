package app

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// imports are the files that were handed over, as the store keeps them: for all
// its nodes where it has several, else in a directory. What is known of an import
// is its file's label. The parts of a file:
//
//	upload   what came, until the run has ended
//	rejects  the rows that were not taken
//
// How far a run is, is kept in the commits that take its rows (see
// importPosition): a run that was broken off goes on with the first row that was
// not taken, whatever ended it, and on whichever node.
//
// A run is of whoever holds the lease of its file, and so is an upload. Whoever
// takes the lease of a file whose label says that it runs goes on with it.
type imports struct {
	files store.Files

	mu         sync.Mutex
	runs       map[string]*importRun // on this node, by import
	resigned   bool                  // this node begins no more
	unreadable map[string]bool       // labels that were complained about
}

const (
	partUpload  = "upload"
	partRejects = "rejects"
)

// uploadsKept is how long a file is kept that is never run.
const uploadsKept = 7 * 24 * time.Hour

// importLabel is what the label of a file says.
type importLabel struct {
	Import    Import    `json:"import"`
	By        Principal `json:"by"`                  // who handed it over or ran it
	Arriving  bool      `json:"arriving,omitempty"`  // the upload has not ended: it is no import yet
	Node      string    `json:"node,omitempty"`      // that began the run or went on with it last
	Cancelled bool      `json:"cancelled,omitempty"` // somebody asked for the end of the run
}

// keptImport is a label as it was read or written last.
type keptImport struct {
	importLabel
	version int64
}

func readImport(l store.Label) (k keptImport, err error) {
	k.version = l.Version
	return k, json.Unmarshal(l.Body, &k.importLabel)
}

// keptImport answers what is kept of an import.
func (a *App) keptImport(ctx context.Context, id string) (keptImport, error) {
	l, err := a.imports.files.Label(ctx, id)
	if err != nil && !isCode(err, muster.CodeNotFound) {
		return keptImport{}, err
	}
	var k keptImport
	if err == nil {
		k, err = readImport(l)
	}
	if err != nil || k.Arriving {
		return keptImport{}, muster.Errorf(muster.CodeNotFound, "there is no such import; only the last %d are kept", mostImports)
	}
	return k, nil
}

// keptImports answers what is kept of all imports.
func (a *App) keptImports(ctx context.Context) (map[string]keptImport, error) {
	labels, err := a.imports.files.Labels(ctx)
	if err != nil {
		return nil, err
	}
	all := make(map[string]keptImport, len(labels))
	for id, l := range labels {
		k, err := readImport(l)
		if err != nil || k.Import.ID != id {
			a.complainOf(id, err)
			continue
		}
		all[id] = k
	}
	return all, nil
}

// complainOf tells once of a label that cannot be read.
func (a *App) complainOf(id string, err error) {
	i := &a.imports
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.unreadable[id] {
		return
	}
	if i.unreadable == nil {
		i.unreadable = map[string]bool{}
	}
	i.unreadable[id] = true
	a.log.Warn("what is kept of an import cannot be read; it is left as it is", "import", id, "error", err)
}

// saveImport writes down what an import is, durably, if it is still what was read.
func (a *App) saveImport(ctx context.Context, k *keptImport) error {
	body, err := json.Marshal(k.importLabel)
	if err != nil {
		return err
	}
	version, err := a.imports.files.PutLabel(ctx, k.Import.ID, k.version, body)
	if err == nil {
		k.version = version
	}
	return err
}

// changeImport changes what is kept of an import. change is asked again when
// somebody else was faster.
func (a *App) changeImport(ctx context.Context, id string, change func(*keptImport) error) (Import, error) {
	for {
		k, err := a.keptImport(ctx, id)
		if err == nil {
			err = change(&k)
		}
		if err == nil {
			err = a.saveImport(ctx, &k)
		}
		switch {
		case err == nil:
			return k.Import, nil
		case !errors.Is(err, store.ErrChanged):
			return Import{}, err
		}
	}
}

// removeImport removes everything that is kept of an import.
func (a *App) removeImport(ctx context.Context, k *keptImport) error {
	if err := a.imports.files.Remove(ctx, k.Import.ID, k.version); err != nil {
		return err
	}
	return a.roster.DeleteDocument(ctx, docImportPosition, k.Import.ID)
}

// makeRoom forgets the oldest imports that do not run, so that one more can be kept.
func (a *App) makeRoom(ctx context.Context) error {
	for {
		all, err := a.keptImports(ctx)
		if err != nil {
			return err
		}
		n := 0
		var oldest *keptImport
		for _, k := range all {
			if k.Arriving {
				continue
			}
			n++
			if k.Import.State != ImportRunning && (oldest == nil || k.Import.CreatedAt.Before(oldest.Import.CreatedAt)) {
				oldest = &k
			}
		}
		switch {
		case n < mostImports:
			return nil
		case oldest == nil:
			return muster.Errorf(muster.CodeOverloaded, "expected at most %d imports at the same time", mostImports)
		}
		if err := a.removeImport(ctx, oldest); err != nil && !errors.Is(err, store.ErrChanged) {
			return err
		}
	}
}
