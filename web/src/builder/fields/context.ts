import { createContext, useContext } from "react";
import type { ParamInfo } from "../catalog";
import type { ParamValues } from "../document/tree";

/** What a field knows of its surroundings: its place, its siblings, and what is wrong. */
export interface FieldScope {
  /** The object that holds the parameters: params of a condition, a filter, or a step. */
  values: ParamValues;
  /** Changes keys; undefined removes one. Changes about the same join one step of undo. */
  set: (patch: ParamValues, about?: string) => void;
  /** The parameters that stand beside this one. */
  siblings: ParamInfo[];
  /** The activity types that the condition type reads; null where a parameter says so. */
  activityTypes: string[] | null;
  /** What is wrong at a key or below it, as words to show; null when nothing is. */
  problem: (key: string) => string | null;
  readOnly: boolean;
}

const Scope = createContext<FieldScope | null>(null);
export const FieldScopeProvider = Scope.Provider;

export function useScope(): FieldScope {
  return useContext(Scope)!;
}

/** A scope for an object below a key, such as a filter of where. */
export function scopeBelow(scope: FieldScope, path: string, values: ParamValues, set: FieldScope["set"], siblings: ParamInfo[]): FieldScope {
  return { ...scope, values, set, siblings, problem: (key) => scope.problem(key === "" ? path : `${path}/${key}`) };
}

export function patched(values: ParamValues, patch: ParamValues): ParamValues {
  const next = { ...values, ...patch };
  for (const key of Object.keys(next)) if (next[key] === undefined) delete next[key];
  return next;
}

export const asText = (value: unknown): string => (typeof value === "string" ? value : typeof value === "number" ? String(value) : "");
export const asTexts = (value: unknown): string[] => (Array.isArray(value) ? value.map(asText).filter(Boolean) : []);
export const asNumber = (value: unknown): number | "" => (typeof value === "number" ? value : typeof value === "string" && value !== "" && Number.isFinite(Number(value)) ? Number(value) : "");
export const asObject = (value: unknown): ParamValues => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as ParamValues) : {});

/** The activity types whose attributes a parameter may name. */
export function typesFor(param: ParamInfo, scope: FieldScope): string[] {
  if (param.by) return asTexts(Array.isArray(scope.values[param.by]) ? scope.values[param.by] : [scope.values[param.by]]);
  return scope.activityTypes ?? [];
}
