export type Shape = { kind: 'circle'; r: number } | { kind: 'square'; a: number } | { kind: 'line' };

export function area(shape: Shape): number {
  let result = 0;
  switch (shape.kind) {
    case 'circle':
      result = Math.PI * shape.r ** 2;
    case 'square':
      result = shape.kind === 'square' ? shape.a ** 2 : 0;
      break;
    default:
      result = 0;
  }
  return result;
}
