package app

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/muster-groups/muster/internal/store"
)

// lookPause is how often a node looks for imports that nobody runs.
const lookPause = time.Second

// LookAfterImports takes up what an earlier process has left, and looks for more
// from then on: imports that run go on when the node that ran them is gone, and
// what is of no use any more is removed. It is called once, when changes can be
// made.
func (a *App) LookAfterImports() {
	if a.readOnly != nil {
		return
	}
	a.lookAfterImports(a.life)
	a.work.Go(func() {
		ticker := time.NewTicker(lookPause)
		defer ticker.Stop()
		for {
			select {
			case <-a.life.Done():
				return
			case <-ticker.C:
			}
			a.lookAfterImports(a.life)
		}
	})
}

func (a *App) lookAfterImports(ctx context.Context) {
	all, err := a.keptImports(ctx)
	for id, k := range all {
		switch {
		case k.Arriving, k.Import.State == ImportRunning:
			err = errors.Join(err, a.takeUp(ctx, id))
		case (k.Import.State == ImportUploaded || k.Import.State == ImportChecked) && time.Since(k.Import.CreatedAt) > uploadsKept:
			if gone := a.removeImport(ctx, &k); !errors.Is(gone, store.ErrChanged) {
				err = errors.Join(err, gone)
			}
		}
	}
	if err != nil && ctx.Err() == nil && a.store().Err() == nil {
		a.log.Warn("imports could not be looked after", "error", err)
	}
}

// takeUp begins the run of an import that is to run, or goes on with it, unless
// somebody does already; and removes an upload that nobody will end.
func (a *App) takeUp(ctx context.Context, id string) error {
	if a.imports.run(id) != nil || a.imports.hasResigned() {
		return nil
	}
	hold, err := a.roster.Hold(ctx, store.FileLease(id))
	if errors.Is(err, store.ErrTakenOver) {
		return nil
	}
	if err != nil {
		return err
	}
	begun, err := a.takeUpHeld(ctx, id, &importRun{id: id, hold: hold})
	if !begun {
		hold.Release()
	}
	if errors.Is(err, store.ErrChanged) {
		return nil // the next look sees what it is
	}
	return err
}

// takeUpHeld does so for who has the lease, and answers whether a run has begun.
func (a *App) takeUpHeld(ctx context.Context, id string, run *importRun) (begun bool, err error) {
	all, err := a.keptImports(ctx)
	k, known := all[id]
	switch {
	case err != nil || !known:
		return false, err
	case k.Arriving:
		return false, a.removeImport(ctx, &k)
	case k.Import.State != ImportRunning:
		return false, nil
	}
	// What the node before has committed is there by now, and from now on it
	// commits nothing more, because it does not hold the lease.
	positions, err := a.roster.SettledDocuments(ctx, docImportPosition)
	if err != nil {
		return false, err
	}
	var from importPosition
	if body := positions[id]; len(body) > 0 && !k.Import.DryRun {
		if err := json.Unmarshal(body, &from); err != nil {
			return false, err
		}
		a.log.Info("an import goes on", slog.String("import", id), slog.Int("rows", from.Progress.Rows))
	}
	k.Node = run.hold.Holder()
	k.Import.Progress, k.Import.Rejects, k.Import.Examples = from.Progress, append([]ImportReject{}, from.importMark.Rejects...), []ImportExample{}
	if err := a.saveImport(ctx, &k); err != nil {
		return false, err
	}
	run.by, run.kept, run.doc = k.By, k, k.Import
	return a.beginImport(run, from), nil
}

// ResignImports ends the runs on this node, so that another one goes on with
// them, and begins no more.
func (a *App) ResignImports() {
	i := &a.imports
	i.mu.Lock()
	i.resigned = true
	var ending []*importRun
	for _, run := range i.runs {
		run.stop(store.ErrTakenOver)
		ending = append(ending, run)
	}
	i.mu.Unlock()
	for _, run := range ending {
		<-run.done
	}
}

func (i *imports) hasResigned() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.resigned
}
