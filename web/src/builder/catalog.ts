// The server's catalogue, indexed. The UI knows kinds of parameters, never types.
import { useMemo } from "react";
import { $api, type Schemas } from "../api/client";

export type Catalog = Schemas["Description"];
export type TypeInfo = Schemas["TypeInfo"];
export type ParamInfo = Schemas["ParamInfo"];
export type OperatorInfo = Schemas["OperatorInfo"];
export type Option = Schemas["Option"];
export type FormInfo = Schemas["Form"];

export function useCatalog() {
  const query = $api.useQuery("get", "/api/v1/catalog", {}, { staleTime: Infinity });
  const types = useMemo(() => new Map((query.data?.types ?? []).map((type) => [type.type, type])), [query.data]);
  return { ...query, types };
}

export const paramsOf = (info: TypeInfo | undefined): ParamInfo[] => [...(info?.parameters ?? []), ...(info?.common ?? [])];

/** The keys of params that a parameter takes. */
export function keysOf(param: ParamInfo): string[] {
  if (param.kind !== "comparison") return [param.name];
  return [param.name, param.operand ?? "value", "values", "from", "to", "missing"];
}

/** The two words of a sentence's first [has|has not]; null where negation is said otherwise. */
export function negationWords(sentence: string): [string, string] | null {
  const found = /\[([^|\]]*)\|([^\]]*)\]/.exec(sentence);
  return found ? [found[1]!, found[2]!] : null;
}

/** Replaces {name} in the name of a source by the value of that parameter; null when one is missing. */
export function resolveSource(source: string | undefined, values: Record<string, unknown>): string | null {
  if (!source) return null;
  let complete = true;
  const resolved = source.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (typeof value !== "string" || value === "") complete = false;
    return String(value);
  });
  return complete ? resolved : null;
}

/** Whether a search finds a condition type: every word begins a word of its label, synonyms, category or sentence. */
export function findTypes(types: TypeInfo[], text: string): TypeInfo[] {
  const wanted = words(text);
  if (wanted.length === 0) return types;
  const ranked = types.flatMap((type) => {
    const label = words(type.label);
    const all = [...label, ...words([...(type.synonyms ?? []), type.category, type.sentence.replace(/[{}[\]|]/g, " ")].join(" "))];
    if (!wanted.every((w) => all.some((a) => a.startsWith(w)))) return [];
    return [{ type, rank: wanted.every((w) => label.some((l) => l.startsWith(w))) ? 0 : 1 }];
  });
  return ranked.sort((a, b) => a.rank - b.rank).map((r) => r.type);
}

const words = (text: string) => text.toLocaleLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
