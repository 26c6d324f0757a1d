/** A code name made of a name: "Visited pricing" becomes "visited-pricing", or with another joint "visited_pricing". */
export function codeOf(name: string, joint = "-"): string {
  return name
    .normalize("NFKD")
    .replace(/ß/g, "ss")
    .replace(/[^A-Za-z0-9]+/g, " ")
    .replace(/^[^A-Za-z]+/, "")
    .trim()
    .replace(/ /g, joint)
    .toLowerCase()
    .slice(0, 60);
}
