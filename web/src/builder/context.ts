import { createContext, useContext } from "react";
import type { TypeInfo } from "./catalog";
import type { Node, Tree } from "./document/tree";
import type { NodeNews } from "./usePreview";

/** What every part of the builder needs. */
export interface BuilderContext {
  types: Map<string, TypeInfo>;
  change: (change: (tree: Tree) => Tree, about?: string) => void;
  news: Map<string, NodeNews>;
  /** Whether counts are of an earlier state and being renewed. */
  stale: boolean;
  contacts: number;
  readOnly: boolean;
  /** Whether a search for a condition is opened for this group; "" is a new group. */
  findFor: (groupId: string) => void;
  copied: Node | null;
  copy: (node: Node) => void;
  /** Moves the focus to a node once it is there. */
  focusOn: (id: string) => void;
  /** Says something to screen readers. */
  say: (text: string) => void;
}

const Context = createContext<BuilderContext | null>(null);
export const BuilderProvider = Context.Provider;
export const useBuilder = () => useContext(Context)!;
