import { useChosenOptions } from "./options";

/** The name of a definition or a group, by its code; the code itself until the name is known. */
export function Named({ source, code }: { source: string; code: string }) {
  return useChosenOptions(source, [code]).get(code)?.name || code;
}
