/** Lines without their ends. A text that ends with a line feed has no empty line after it. */
export function splitLines(text) {
  if (text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
