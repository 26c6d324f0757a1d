/** Scrolls to a part of the condition: at once for those who want less motion. */
export function reveal(node: Element, block: ScrollLogicalPosition) {
  node.scrollIntoView({ block, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth" });
}
