/**
 * The cells of what was copied from a spreadsheet: between tabs, new lines and
 * semicolons, except within quotation marks. Spreadsheets put those around a cell
 * that holds such a sign, and double the marks that belong to its text.
 */
export function pastedCells(text: string): string[] {
  const cells = [...text.matchAll(/ *"((?:[^"]|"")+)" *(?=[\t\r\n;]|$)|[^\t\r\n;]+/g)];
  return cells.map(([whole, quoted]) => (quoted === undefined ? whole : quoted.replaceAll('""', '"').replace(/\s+/g, " ")).trim()).filter(Boolean);
}
