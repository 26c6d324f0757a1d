import { useCallback, useMemo, useReducer } from "react";
import type { Tree } from "./tree";

interface State {
  past: Tree[];
  present: Tree;
  future: Tree[];
  /** What the last change was about: more of the same joins it. */
  about: string;
  at: number;
}

type Action = { do: "change"; change: (tree: Tree) => Tree; about: string; at: number } | { do: "undo" } | { do: "redo" } | { do: "reset"; tree: Tree };

/** A change about this completes the one before and is no step of its own. */
export const silent = "~";

const joinWithin = 1200;
const most = 200;

function reduce(state: State, action: Action): State {
  switch (action.do) {
    case "change": {
      const next = action.change(state.present);
      if (next === state.present) return state;
      if (action.about.endsWith(silent)) return { ...state, present: next };
      const joins = action.about !== "" && action.about === state.about && action.at - state.at < joinWithin;
      return { past: joins ? state.past : [...state.past, state.present].slice(-most), present: next, future: [], about: action.about, at: action.at };
    }
    case "undo": {
      const previous = state.past.at(-1);
      if (!previous) return state;
      return { past: state.past.slice(0, -1), present: previous, future: [state.present, ...state.future], about: "", at: 0 };
    }
    case "redo": {
      const [next, ...rest] = state.future;
      if (!next) return state;
      return { past: [...state.past, state.present], present: next, future: rest, about: "", at: 0 };
    }
    case "reset":
      return { past: [], present: action.tree, future: [], about: "", at: 0 };
  }
}

/** The edited condition with undo and redo. Typing in one field is one step. */
export function useDocument(initial: Tree) {
  const [state, dispatch] = useReducer(reduce, { past: [], present: initial, future: [], about: "", at: 0 });
  const change = useCallback((f: (tree: Tree) => Tree, about = "") => dispatch({ do: "change", change: f, about, at: Date.now() }), []);
  const undo = useCallback(() => dispatch({ do: "undo" }), []);
  const redo = useCallback(() => dispatch({ do: "redo" }), []);
  const reset = useCallback((tree: Tree) => dispatch({ do: "reset", tree }), []);
  return useMemo(
    () => ({ tree: state.present, change, undo, redo, reset, canUndo: state.past.length > 0, canRedo: state.future.length > 0 }),
    [state, change, undo, redo, reset],
  );
}
