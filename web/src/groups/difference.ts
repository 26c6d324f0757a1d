interface Said {
  sentences: string[];
}

/** What one version says and another does not, as sentences. */
export function differenceOf(before: Said, after: Said): { removed: string[]; added: string[] } {
  return { removed: without(before.sentences, after.sentences), added: without(after.sentences, before.sentences) };
}

/** A list without what stands in another, each as often as it stands there. */
function without(list: string[], other: string[]): string[] {
  const rest = [...other];
  return list.filter((s) => {
    const i = rest.indexOf(s);
    if (i >= 0) rest.splice(i, 1);
    return i < 0;
  });
}
