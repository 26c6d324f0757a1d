// Every change of the tree makes a new tree; what did not change is shared.
import { copyNode, newBranch, type Branch, type Leaf, type Match, type Node, type Tree } from "./tree";

type Siblings = Node[];

/** Changes the list of nodes that holds a node: the groups, or a group's conditions. */
function changeSiblings(tree: Tree, id: string, change: (siblings: Siblings, index: number) => Siblings): Tree {
  const visit = (siblings: Siblings): Siblings => {
    const index = siblings.findIndex((n) => n.id === id);
    if (index >= 0) return change(siblings, index);
    let changed = false;
    const next = siblings.map((n) => {
      if (n.kind === "leaf") return n;
      const children = visit(n.children);
      if (children === n.children) return n;
      changed = true;
      return { ...n, children };
    });
    return changed ? next : siblings;
  };
  const groups = visit(tree.groups) as Branch[];
  return groups === tree.groups ? tree : { ...tree, groups };
}

export function replaceNode(tree: Tree, id: string, change: (node: Node) => Node): Tree {
  return changeSiblings(tree, id, (siblings, i) => siblings.map((n, j) => (i === j ? change(n) : n)));
}

export const setLeaf = (tree: Tree, id: string, part: Partial<Omit<Leaf, "kind" | "id">>) =>
  replaceNode(tree, id, (n) => (n.kind === "leaf" ? { ...n, ...part } : n));

export const setBranch = (tree: Tree, id: string, part: Partial<Omit<Branch, "kind" | "id">>) =>
  replaceNode(tree, id, (n) => (n.kind === "group" ? { ...n, ...part } : n));

export const setMatch = (tree: Tree, match: Match): Tree => ({ ...tree, match });

export const addGroup = (tree: Tree, group = newBranch()): Tree => ({ ...tree, groups: [...tree.groups, group] });

export const addChild = (tree: Tree, groupId: string, child: Node): Tree =>
  replaceNode(tree, groupId, (n) => (n.kind === "group" ? { ...n, children: [...n.children, child] } : n));

export const removeNode = (tree: Tree, id: string): Tree => changeSiblings(tree, id, (siblings, i) => siblings.filter((_, j) => j !== i));

/** Puts a copy behind a node; answers the copy's name too. */
export function duplicateNode(tree: Tree, id: string): [Tree, string] {
  let copyId = "";
  const next = changeSiblings(tree, id, (siblings, i) => {
    const copy = copyNode(siblings[i]!);
    copyId = copy.id;
    return siblings.toSpliced(i + 1, 0, copy);
  });
  return [next, copyId];
}

/** Moves a node among its siblings. */
export function moveNode(tree: Tree, id: string, by: -1 | 1): Tree {
  return changeSiblings(tree, id, (siblings, i) => {
    const to = i + by;
    if (to < 0 || to >= siblings.length) return siblings;
    return siblings.with(i, siblings[to]!).with(to, siblings[i]!);
  });
}

/** Puts a condition into a group of its own, at its place. */
export function wrapNode(tree: Tree, id: string): [Tree, string] {
  const group = newBranch();
  return [replaceNode(tree, id, (n) => ({ ...group, children: [n] })), group.id];
}

/** Puts the conditions of a nested group in its place. */
export function unwrapNode(tree: Tree, id: string): Tree {
  return changeSiblings(tree, id, (siblings, i) => {
    const node = siblings[i]!;
    return node.kind === "group" ? siblings.toSpliced(i, 1, ...node.children) : siblings;
  });
}
