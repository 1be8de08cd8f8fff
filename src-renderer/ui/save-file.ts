/** A browser begins to read within this time; the file's content does not stay in the page longer. */
const readWithinMs = 10_000;

/** Hands a file to the browser's or the system's own way of saving. `type`: a media type. */
export function saveFile(name: string, content: string | Uint8Array<ArrayBuffer>, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), readWithinMs);
}
