/** Decides how a long list is drawn: only the rows that can be seen, with the keys of a tree, whatever its length. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export const ROW_PX = 24;
/** Rows beyond the edges, so that a quick wheel shows no gap. */
const BEYOND = 8;

export interface ListRow {
  readonly id: string;
  readonly level: number;
  /** undefined: it does not open. */
  readonly isOpen: boolean | undefined;
}

export interface VirtualListProps {
  readonly label: string;
  readonly role: 'tree' | 'listbox';
  readonly count: number;
  readonly row: (index: number) => ListRow | undefined;
  readonly draw: (index: number) => JSX.Element | null;
  /** What a row is drawn from: while it is the same, the row is not drawn again. */
  readonly source: (index: number) => unknown;
  readonly current: number;
  readonly move: (index: number) => void;
  /** Left, right, Enter on the current row. */
  readonly toggle: (index: number, isOpen: boolean) => void;
}

export function VirtualList({ label, role, count, row, draw, source, current, move, toggle }: VirtualListProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useSeen(box);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || current < 0) return;
    const top = current * ROW_PX;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW_PX > element.scrollTop + element.clientHeight) element.scrollTop = top + ROW_PX - element.clientHeight;
  }, [current]);

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(seen.height / ROW_PX) - 1);
    const steps: Readonly<Record<string, number | undefined>> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count };
    const step = steps[event.key];
    const at = row(current);
    if (step !== undefined) move(Math.min(count - 1, Math.max(0, current + step)));
    else if (event.key === 'ArrowRight' && at?.isOpen === false) toggle(current, true);
    else if (event.key === 'ArrowLeft' && at?.isOpen === true) toggle(current, false);
    else if (event.key === 'ArrowLeft' && at !== undefined && at.level > 1) move(parentOf(current));
    else if ((event.key === 'Enter' || event.key === ' ') && at?.isOpen !== undefined) toggle(current, !at.isOpen);
    else return;
    event.preventDefault();
  }
  function parentOf(index: number): number {
    const level = row(index)?.level ?? 1;
    for (let at = index - 1; at >= 0; at -= 1) if ((row(at)?.level ?? 1) < level) return at;
    return index;
  }

  /** Scrolling changes which rows there are, not what they show: Preact leaves an element alone that it has seen. */
  const kept = useRef(new Map<string, Kept>());
  const handlers = useRef({ move, toggle });
  handlers.current = { move, toggle };
  const next = new Map<string, Kept>();
  function drawRow(index: number): JSX.Element | null {
    const at = row(index);
    if (at === undefined) return null;
    const from = source(index);
    const isCurrent = index === current;
    const before = kept.current.get(at.id);
    const isSame = before !== undefined && before.source === from && before.index === index && before.isCurrent === isCurrent && before.count === count;
    const element = isSame ? before.element : rowElement({ at, role, index, count, isCurrent, content: draw(index), handlers });
    next.set(at.id, { source: from, index, isCurrent, count, element });
    return element;
  }

  const first = Math.max(0, Math.floor(seen.top / ROW_PX) - BEYOND);
  const last = Math.min(count, Math.ceil((seen.top + seen.height) / ROW_PX) + BEYOND);
  const active = row(current);
  const rows = Array.from({ length: Math.max(0, last - first) }, (_, i) => drawRow(first + i));
  kept.current = next;
  return (
    <div class="list" ref={box} role={role} aria-label={label} tabIndex={0} aria-activedescendant={active === undefined || current < first || current >= last ? undefined : domId(active.id)}
      onKeyDown={onKey} onScroll={(event) => setSeen({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}>
      <div role="none" class="rail" style={{ height: `${count * ROW_PX}px` }}>
        {rows}
      </div>
    </div>
  );
}

interface Seen {
  readonly top: number;
  readonly height: number;
}

/** The part of the list that can be seen, followed as its box changes. */
function useSeen(box: { readonly current: HTMLElement | null }): readonly [Seen, (seen: Seen) => void] {
  const [seen, setSeen] = useState<Seen>({ top: 0, height: 600 });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const read = (): void => setSeen({ top: element.scrollTop, height: element.clientHeight });
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return [seen, setSeen];
}

interface Kept {
  readonly source: unknown;
  readonly index: number;
  readonly isCurrent: boolean;
  readonly count: number;
  readonly element: JSX.Element;
}

interface RowParts {
  readonly at: ListRow;
  readonly role: 'tree' | 'listbox';
  readonly index: number;
  readonly count: number;
  readonly isCurrent: boolean;
  readonly content: JSX.Element | null;
  readonly handlers: { readonly current: Pick<VirtualListProps, 'move' | 'toggle'> };
}

function rowElement({ at, role, index, count, isCurrent, content, handlers }: RowParts): JSX.Element {
  const tree = role === 'tree' ? { 'aria-level': at.level, ...(at.isOpen === undefined ? {} : { 'aria-expanded': at.isOpen }) } : {};
  const choose = (): void => {
    handlers.current.move(index);
    if (at.isOpen !== undefined) handlers.current.toggle(index, !at.isOpen);
  };
  return (
    <div key={at.id} id={domId(at.id)} role={role === 'tree' ? 'treeitem' : 'option'} {...tree} aria-posinset={index + 1} aria-setsize={count} aria-selected={isCurrent}
      class={`list-row level-${at.level}`} style={{ transform: `translateY(${index * ROW_PX}px)` }} onClick={choose}>
      {content}
    </div>
  );
}

function domId(id: string): string {
  return `row-${id.replaceAll(/\W/g, '_')}`;
}
