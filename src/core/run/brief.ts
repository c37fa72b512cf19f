/** Decides how a tool call's arguments read in one short line: the command or the place they name, else the JSON itself. */

const CHARACTERS_MAX = 120;

export function brief(value: unknown): string {
  const text = named(value, 0) ?? (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
  return text.length <= CHARACTERS_MAX ? text : `${text.slice(0, CHARACTERS_MAX - 1)}…`;
}

/** Arguments of ours nest at most one deep: {check: {argv}}. */
function named(value: unknown, depth: number): string | undefined {
  if (typeof value !== 'object' || value === null || depth > 1) return undefined;
  if ('argv' in value && Array.isArray(value.argv)) return value.argv.join(' ');
  if ('from' in value && 'to' in value && typeof value.from === 'string' && typeof value.to === 'string') return `${value.from} → ${value.to}`;
  if ('path' in value && typeof value.path === 'string') return value.path;
  if ('pattern' in value && typeof value.pattern === 'string') return value.pattern;
  return 'check' in value ? named(value.check, depth + 1) : undefined;
}
