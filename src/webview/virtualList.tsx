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
  readonly current: number;
  readonly move: (index: number) => void;
  /** Left, right, Enter on the current row. */
  readonly toggle: (index: number, isOpen: boolean) => void;
}

export function VirtualList({ label, role, count, row, draw, current, move, toggle }: VirtualListProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ top: 0, height: 600 });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const read = (): void => setSeen({ top: element.scrollTop, height: element.clientHeight });
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
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

  const first = Math.max(0, Math.floor(seen.top / ROW_PX) - BEYOND);
  const last = Math.min(count, Math.ceil((seen.top + seen.height) / ROW_PX) + BEYOND);
  const active = row(current);
  return (
    <div class="list" ref={box} role={role} aria-label={label} tabIndex={0} aria-activedescendant={active === undefined || current < first || current >= last ? undefined : domId(active.id)}
      onKeyDown={onKey} onScroll={(event) => setSeen({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}>
      <div role="none" class="rail" style={{ height: `${count * ROW_PX}px` }}>
        {Array.from({ length: Math.max(0, last - first) }, (_, i) => {
          const index = first + i;
          const at = row(index);
          if (at === undefined) return null;
          const tree = role === 'tree' ? { 'aria-level': at.level, ...(at.isOpen === undefined ? {} : { 'aria-expanded': at.isOpen }) } : {};
          return (
            <div key={at.id} id={domId(at.id)} role={role === 'tree' ? 'treeitem' : 'option'} {...tree} aria-posinset={index + 1} aria-setsize={count} aria-selected={index === current}
              class={`list-row level-${at.level}`} style={{ top: `${index * ROW_PX}px` }} onClick={() => { move(index); if (at.isOpen !== undefined) toggle(index, !at.isOpen); }}>
              {draw(index)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function domId(id: string): string {
  return `row-${id.replaceAll(/\W/g, '_')}`;
}
