export class Queue<T> {
  private readonly items: T[] = [];

  add(item: T): void {
    this.items.push(item);
  }

  /** The one that waits longest. */
  next(): T | undefined {
    return this.items.pop();
  }

  get size(): number {
    return this.items.length;
  }
}
