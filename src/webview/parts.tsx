/** Decides how the small things look everywhere: icons, states, places in code, bars, texts, diffs. */
import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { IconName, StateWords } from './words.ts';

/** 16 px strokes in the colour of the text. */
const PATHS: Readonly<Record<IconName, string>> = {
  check: 'M3 8.5l3.2 3.2L13 4.8',
  cross: 'M4 4l8 8M12 4l-8 8',
  circle: 'M8 3.2a4.8 4.8 0 1 1 0 9.6a4.8 4.8 0 1 1 0-9.6z',
  dot: 'M8 3.2a4.8 4.8 0 1 1-4.8 4.8',
  dash: 'M4 8h8',
  square: 'M4.5 4.5h7v7h-7z',
  bell: 'M4 11.5h8L11 10V7a3 3 0 0 0-6 0v3zM7 13.5h2M8 2.5V4',
  eye: 'M1.8 8C3.2 5.4 5.4 4 8 4s4.8 1.4 6.2 4c-1.4 2.6-3.6 4-6.2 4S3.2 10.6 1.8 8zM8 6.3a1.7 1.7 0 1 1 0 3.4a1.7 1.7 0 1 1 0-3.4z',
  pause: 'M5.5 4v8M10.5 4v8',
  star: 'M8 2.6l1.65 3.45 3.75.5-2.75 2.6.68 3.75L8 11.1l-3.33 1.8.68-3.75L2.6 6.55l3.75-.5z',
  right: 'M6 3.5L10.5 8 6 12.5',
  down: 'M3.5 6L8 10.5 12.5 6',
  plus: 'M8 3.5v9M3.5 8h9',
  minus: 'M3.5 8h9',
  fit: 'M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3',
  warning: 'M8 2.8l5.7 10.2H2.3zM8 6.5v3M8 11.2v.3',
  search: 'M7 3a4 4 0 1 1 0 8a4 4 0 1 1 0-8zM10 10l3.5 3.5',
  file: 'M4 2.5h5l3 3v8H4zM9 2.5v3h3',
};

export function Icon({ name, spin = false }: { readonly name: IconName; readonly spin?: boolean }): JSX.Element {
  return <svg class={spin ? 'icon spin' : 'icon'} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d={PATHS[name]} /></svg>;
}

/** Icon and word; `busy` states turn unless the person wants no motion. */
export function State({ state }: { readonly state: StateWords }): JSX.Element {
  return <span class={`state ${state.tone}`}><Icon name={state.icon} spin={state.icon === 'dot'} /><span>{state.word}</span></span>;
}

export function Section({ title, aside, children }: { readonly title: string; readonly aside?: ComponentChildren; readonly children: ComponentChildren }): JSX.Element {
  const id = useId();
  return <section aria-labelledby={id}><h2 id={id}><span>{title}</span>{aside === undefined ? null : <small>{aside}</small>}</h2>{children}</section>;
}

export function IconButton({ icon, label, onClick, disabled = false }: { readonly icon: IconName; readonly label: string; readonly onClick: () => void; readonly disabled?: boolean }): JSX.Element {
  return <button type="button" class="icon-button" title={label} aria-label={label} disabled={disabled} onClick={onClick}><Icon name={icon} /></button>;
}

/** Opens the file in the editor. */
export function PathLink({ path, line, open }: { readonly path: string; readonly line: number; readonly open: (path: string, line: number) => void }): JSX.Element {
  return <button type="button" class="link path" title={`Open ${path} at line ${line}`} onClick={() => open(path, line)}>{`${path}:${line}`}</button>;
}

export interface BarPart {
  readonly kind: string;
  readonly value: number;
  readonly label: string;
}

/** Parts of a whole beside each other, never thinner than can be seen. */
export function Bar({ parts, of, label }: { readonly parts: readonly BarPart[]; readonly of?: number; readonly label: string }): JSX.Element {
  const total = of ?? parts.reduce((sum, part) => sum + part.value, 0);
  return (
    <span class="bar" role="img" aria-label={label}>
      {total <= 0 ? null : parts.filter(({ value }) => value > 0).map(({ kind, value, label: title }) => <span key={kind} class={`part ${kind}`} title={title} style={{ width: `${(100 * value) / total}%` }} />)}
    </span>
  );
}

export function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }): JSX.Element {
  return <div class="fact"><dt>{name}</dt><dd>{children}</dd></div>;
}

export function Text({ text, kind = '' }: { readonly text: string; readonly kind?: string }): JSX.Element {
  return text === '' ? <p class="soft">empty</p> : <pre class={kind} tabIndex={0}>{text}</pre>;
}

export function Diff({ text }: { readonly text: string }): JSX.Element {
  const lines = text.replace(/^(?:Index: .*\n)?(?:=+\n)?/, '').replace(/\n$/, '').split('\n').filter((line) => !/^(?:--- |\+\+\+ |\\)/.test(line));
  return <pre class="diff" tabIndex={0}>{lines.map((line, i) => <span key={i} class={line.startsWith('@@') ? 'hunk' : line.startsWith('+') ? 'add' : line.startsWith('-') ? 'del' : 'same'}>{`${line}\n`}</span>)}</pre>;
}

/** The first line that a unified diff changes in the new text; 1 where it names none. */
export function firstChangedLine(diff: string): number {
  const found = /^@@ -\d+(?:,\d+)? \+(\d+)/m.exec(diff);
  if (found === null) return 1;
  const body = diff.slice(found.index).split('\n').slice(1);
  const before = body.findIndex((line) => /^[+-]/.test(line));
  return Number(found[1]) + Math.max(0, before);
}
