/** How many columns a text takes in a terminal. */

const ESCAPES = /\u001b\[[0-9;]*m/g;
const WIDE: readonly (readonly [number, number])[] = [[0x1100, 0x115f], [0x2e80, 0x303e], [0x3041, 0xa4cf], [0xac00, 0xd7a3], [0xf900, 0xfaff], [0xff00, 0xff60], [0x1f300, 0x1faff]];

export function textWidth(text: string): number {
  let width = 0;
  for (const character of text.replace(ESCAPES, '')) width += characterWidth(character);
  return width;
}

export function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 32 || (code >= 0x300 && code <= 0x36f) || code === 0x200d) return 0;
  return WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}
