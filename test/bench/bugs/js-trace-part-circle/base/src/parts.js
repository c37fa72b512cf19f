/**
 * Assemblies and what they are made of.
 * @typedef {{ part: string, quantity: number }} Piece
 */
export class Parts {
  #pieces = new Map();

  /** @param {Piece[]} pieces */
  assemble(part, pieces) {
    for (const { part: piece, quantity } of pieces) {
      if (!Number.isInteger(quantity) || quantity < 1) throw new RangeError(`${part} needs a whole number of ${piece}.`);
    }
    this.#pieces.set(part, pieces.map((piece) => ({ ...piece })));
  }

  /** No pieces: the part is bought as it is. */
  piecesOf(part) {
    return this.#pieces.get(part) ?? [];
  }

  /** Every part that is made of others, by name. */
  get assemblies() {
    return [...this.#pieces.keys()].sort();
  }
}

/** Thrown for an assembly that holds itself. `circle` names the way from the part to itself. */
export class CircleError extends Error {
  constructor(circle) {
    super(`${circle[0]} holds itself: ${circle.join(' > ')}`);
    this.name = 'CircleError';
    this.circle = circle;
  }
}
