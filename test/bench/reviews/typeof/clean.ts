export function readPort(value: unknown, fallback: number): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return Number.parseInt(value, 10);
  return fallback;
}
