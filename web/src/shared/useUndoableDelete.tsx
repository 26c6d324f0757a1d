import { useCallback, useSyncExternalStore } from "react";
import { notifyError, notifyUndo } from "./notify";

// Deletion with undo: what is to be deleted is hidden at once and deleted when
// the offer to undo is gone, or when the page is left.
const hidden = new Set<string>();
const running = new Map<string, () => void>();
const listeners = new Set<() => void>();
let snapshot: ReadonlySet<string> = new Set();

function publish() {
  snapshot = new Set(hidden);
  listeners.forEach((listener) => listener());
}

addEventListener("pagehide", () => [...running.values()].forEach((finish) => finish()));

interface Deletion {
  /** Names the thing among all deletions, such as "group:vip". */
  key: string;
  message: string;
  remove: () => Promise<unknown>;
  /** After it was deleted: invalidate queries. */
  onDone?: () => unknown;
}

/** Answers what is hidden, by key, and a function that deletes with the offer to undo. */
export function useUndoableDelete(): [ReadonlySet<string>, (deletion: Deletion) => void] {
  const current = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => snapshot,
  );
  const remove = useCallback(({ key, message, remove, onDone }: Deletion) => {
    const finish = () => {
      if (!running.delete(key)) return;
      remove()
        .then(() => onDone?.(), notifyError)
        .finally(() => {
          hidden.delete(key);
          publish();
        });
    };
    hidden.add(key);
    running.set(key, finish);
    publish();
    notifyUndo(
      message,
      () => {
        running.delete(key);
        hidden.delete(key);
        publish();
      },
      finish,
    );
  }, []);
  return [current, remove];
}
