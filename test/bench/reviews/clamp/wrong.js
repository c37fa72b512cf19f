export function clamp(value, low, high) {
  return Math.min(low, Math.max(high, value));
}

export function percent(part, whole) {
  if (whole === 0) return 0;
  return clamp((part / whole) * 100, 0, 100);
}
