// The condition that is being edited: a tree whose nodes have names of their
// own, so that they keep their place on the screen while others move.

export type Match = "all" | "any";
export type ParamValues = Record<string, unknown>;

export interface Leaf {
  kind: "leaf";
  id: string;
  type: string;
  not: boolean;
  params: ParamValues;
}

export interface Branch {
  kind: "group";
  id: string;
  match: Match;
  not: boolean;
  children: Node[];
}

export type Node = Leaf | Branch;

/** The whole condition: its condition groups. */
export interface Tree {
  match: Match;
  groups: Branch[];
}

/** A condition as JSON: what the server reads and writes. */
export interface ConditionJSON {
  version?: number;
  match?: Match;
  groups?: BranchJSON[];
}

interface BranchJSON {
  match?: Match;
  not?: boolean;
  conditions: NodeJSON[];
}

interface LeafJSON {
  type: string;
  not?: boolean;
  params?: ParamValues;
}

export type NodeJSON = BranchJSON | LeafJSON;

export const emptyTree: Tree = { match: "all", groups: [] };

let counter = 0;
export const newId = () => `n${++counter}`;

export const newBranch = (children: Node[] = []): Branch => ({ kind: "group", id: newId(), match: "all", not: false, children });
export const newLeaf = (type: string, params: ParamValues = {}): Leaf => ({ kind: "leaf", id: newId(), type, not: false, params });

/** What is wrong with the outer shape of a condition, and where. */
export class ShapeError extends Error {
  readonly pointer: string;
  constructor(pointer: string) {
    super(pointer);
    this.pointer = pointer;
  }
}

/**
 * Reads a condition. Throws a ShapeError where something would get lost, which the
 * server then could not judge; it judges all the rest.
 */
export function readTree(json: unknown): Tree {
  if (!isObject(json)) throw new ShapeError("");
  onlyMembers(json, "", ["version", "match", "groups"]);
  if ((json.version ?? 1) !== 1) throw new ShapeError("/version");
  const groups = json.groups ?? [];
  if (!Array.isArray(groups)) throw new ShapeError("/groups");
  return {
    match: readMatch(json, ""),
    groups: groups.map((g, i) => {
      const node = readNode(g, `/groups/${i}`);
      if (node.kind !== "group") throw new ShapeError(`/groups/${i}/conditions`);
      return node;
    }),
  };
}

export function readNode(json: unknown, at: string): Node {
  if (!isObject(json)) throw new ShapeError(at);
  if (Array.isArray(json.conditions)) {
    onlyMembers(json, at, ["match", "not", "conditions"]);
    const children = json.conditions.map((c, i) => readNode(c, `${at}/conditions/${i}`));
    return { kind: "group", id: newId(), match: readMatch(json, at), not: readNot(json, at), children };
  }
  if (typeof json.type !== "string") throw new ShapeError(`${at}/type`);
  onlyMembers(json, at, ["type", "not", "params"]);
  const params = json.params ?? {};
  if (!isObject(params)) throw new ShapeError(`${at}/params`);
  return { kind: "leaf", id: newId(), type: json.type, not: readNot(json, at), params: { ...params } };
}

function onlyMembers(json: Record<string, unknown>, at: string, known: string[]) {
  const other = Object.keys(json).find((member) => !known.includes(member));
  if (other !== undefined) throw new ShapeError(`${at}/${other}`);
}

function readMatch(json: Record<string, unknown>, at: string): Match {
  const match = json.match ?? "all";
  if (match !== "all" && match !== "any") throw new ShapeError(`${at}/match`);
  return match;
}

function readNot(json: Record<string, unknown>, at: string): boolean {
  const not = json.not ?? false;
  if (typeof not !== "boolean") throw new ShapeError(`${at}/not`);
  return not;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Writes a condition as the server reads it. */
export function writeTree(tree: Tree): ConditionJSON {
  return { version: 1, match: tree.match, groups: tree.groups.map((g) => writeNode(g) as BranchJSON) };
}

export function writeNode(node: Node): NodeJSON {
  const not = node.not ? { not: true } : {};
  if (node.kind === "group") return { match: node.match, ...not, conditions: node.children.map(writeNode) };
  return { type: node.type, ...not, ...(Object.keys(node.params).length > 0 ? { params: node.params } : {}) };
}

/** A copy with new names. */
export function copyNode<N extends Node>(node: N): N {
  if (node.kind === "group") return { ...node, id: newId(), children: node.children.map(copyNode) };
  return { ...node, id: newId(), params: structuredClone(node.params) };
}

/** Where each node stands in the JSON, by its name. */
export function pointers(tree: Tree): Map<string, string> {
  const out = new Map<string, string>();
  const walk = (node: Node, at: string) => {
    out.set(node.id, at);
    if (node.kind === "group") node.children.forEach((child, i) => walk(child, `${at}/conditions/${i}`));
  };
  tree.groups.forEach((g, i) => walk(g, `/groups/${i}`));
  return out;
}

export function countLeaves(tree: Tree): number {
  const count = (node: Node): number => (node.kind === "leaf" ? 1 : node.children.reduce((n, c) => n + count(c), 0));
  return tree.groups.reduce((n, g) => n + count(g), 0);
}

/** The condition in which a place of the JSON lies. */
export function leafAt(tree: Tree, location: string): Leaf | undefined {
  let found: Leaf | undefined;
  const at = pointers(tree);
  const walk = (node: Node) => {
    const pointer = at.get(node.id)!;
    if (location !== pointer && !location.startsWith(`${pointer}/`)) return;
    if (node.kind === "leaf") found = node;
    else node.children.forEach(walk);
  };
  tree.groups.forEach(walk);
  return found;
}
