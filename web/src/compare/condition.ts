// A combination of groups as a condition: members of each of the groups, and of
// none of the others. The catalogue says how membership is asked: a condition
// type whose only necessary parameter takes groups.
import type { Catalog } from "../builder/catalog";

/** The condition type about membership in groups, and the name of its parameter. */
export function membershipType(catalog: Catalog | undefined): { type: string; param: string; many: boolean } | null {
  for (const info of catalog?.types ?? []) {
    const param = info.parameters?.find((p) => p.source === "groups");
    if (param && (info.parameters ?? []).every((p) => p === param || !p.required)) return { type: info.type, param: param.name, many: /s$|list|options/.test(param.kind) };
  }
  return null;
}

export function conditionOf(membership: { type: string; param: string; many: boolean }, inside: string[], outside: string[]) {
  const leaf = (code: string, not: boolean) => ({ type: membership.type, ...(not ? { not: true } : {}), params: { [membership.param]: membership.many ? [code] : code } });
  return { version: 1, match: "all", groups: [{ match: "all", conditions: [...inside.map((c) => leaf(c, false)), ...outside.map((c) => leaf(c, true))] }] };
}
