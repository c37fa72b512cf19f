/** Decides how the graph of a run is drawn and moved in: nodes as a tree for keyboard and screen reader, edges behind them. */
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { createLayout, type Layout, type Place } from './layout.ts';
import { IconButton, State } from './parts.tsx';
import type { GraphNode, RunGraph } from './runGraph.ts';
import { NODE_STATES } from './words.ts';

const NODE = { width: 156, height: 36 } as const;
/** Between neighbours in a layer, and between layers. */
const GAP = { side: 12, layer: 20 } as const;
const MARGIN = 10;
/** Smaller than this, titles cannot be read: what does not fit is moved to instead. */
const FIT_SCALE_MIN = 0.86;
const SCALE = { min: 0.3, max: 2.5, step: 1.25 } as const;
/** Wider than this and twice its height, layers stand beside each other. */
const SIDEWAYS_WIDTH_MIN = 620;
/** As tall as the graph, within these. */
const HEIGHT = { min: 150, max: 460 } as const;
const PAN_STEP = 60;

interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
  /** Follows the graph until the person moves it. */
  readonly isAuto: boolean;
}

interface Point { readonly x: number; readonly y: number }

export interface GraphViewProps {
  readonly run: string;
  readonly graph: RunGraph;
  readonly selected: string | undefined;
  readonly select: (id: string) => void;
}

export function GraphView({ run, graph, selected, select }: GraphViewProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const layout = useGrowingLayout(run, graph);
  const size = useSize(box);
  const isSideways = size.width >= SIDEWAYS_WIDTH_MIN && size.width > 1.4 * window.innerHeight;
  const points = new Map(graph.nodes.map(({ id }) => [id, pointOf(layout.places.get(id), isSideways)]));
  const [moved, setMoved] = useState<View>({ scale: 1, x: 0, y: 0, isAuto: true });
  const view = moved.isAuto ? fitted(graph, points, size) : moved;
  const [focused, setFocused] = useState<string>();
  const current = graph.nodes.find(({ id }) => id === (focused ?? selected)) ?? graph.nodes[0];
  const zoom = (factor: number, at: Point = { x: size.width / 2, y: size.height / 2 }): void => setMoved(zoomed(view, factor, at));
  const pan = (x: number, y: number): void => setMoved({ ...view, x: view.x + x, y: view.y + y, isAuto: false });
  useWheel(box, view, setMoved);

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const towards = ARROWS[event.key];
    if (event.key === '+' || event.key === '=') zoom(SCALE.step);
    else if (event.key === '-') zoom(1 / SCALE.step);
    else if (event.key === '0') setMoved({ ...view, isAuto: true });
    else if (towards !== undefined && event.shiftKey) pan(-towards.x * PAN_STEP, -towards.y * PAN_STEP);
    else if (current !== undefined && (event.key === 'Enter' || event.key === ' ')) select(current.id);
    else {
      const next = towards !== undefined ? nearest(points, current?.id, towards) : event.key === 'Home' ? graph.nodes[0]?.id : event.key === 'End' ? graph.nodes.at(-1)?.id : undefined;
      if (next === undefined) return;
      setFocused(next);
      const point = points.get(next);
      if (point !== undefined) setMoved(inSight(view, point, size));
      box.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(next)}"]`)?.focus({ preventScroll: true });
    }
    event.preventDefault();
  }

  return (
    <div class="graph" ref={box} style={{ height: `${heightOf(points)}px` }} onPointerDown={(event) => drag(event, view, setMoved)}>
      <div class="canvas" style={{ transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` }}>
        <Edges graph={graph} points={points} isSideways={isSideways} />
        <div role="tree" aria-label="Tasks and candidates of this run" onKeyDown={onKey}>
          {graph.nodes.map((node) => (
            <Node key={node.id} node={node} point={points.get(node.id) ?? { x: 0, y: 0 }} level={(layout.places.get(node.id)?.layer ?? 0) + 1}
              isSelected={node.id === selected} isCurrent={node.id === current?.id} select={() => { setFocused(node.id); select(node.id); }} focus={() => setFocused(node.id)} />
          ))}
        </div>
      </div>
      <div class="zoom">
        <IconButton icon="plus" label="Zoom in" onClick={() => zoom(SCALE.step)} />
        <IconButton icon="minus" label="Zoom out" onClick={() => zoom(1 / SCALE.step)} />
        <IconButton icon="fit" label="Follow the run" disabled={moved.isAuto} onClick={() => setMoved({ ...view, isAuto: true })} />
      </div>
    </div>
  );
}

interface NodeProps {
  readonly node: GraphNode;
  readonly point: Point;
  readonly level: number;
  readonly isSelected: boolean;
  readonly isCurrent: boolean;
  readonly select: () => void;
  readonly focus: () => void;
}

function Node({ node, point, level, isSelected, isCurrent, select, focus }: NodeProps): JSX.Element {
  const state = NODE_STATES[node.state];
  return (
    <div role="treeitem" class={`node ${node.kind} ${state.tone}`} data-node={node.id} aria-level={level} aria-selected={isSelected} tabIndex={isCurrent ? 0 : -1}
      title={`${node.title}\n${node.note}`} style={{ left: `${point.x - NODE.width / 2}px`, top: `${point.y - NODE.height / 2}px` }} onClick={select} onFocus={focus}>
      <span class="name">{node.title}</span>
      <span class="about"><State state={state} /><span class="soft note">{node.note}</span></span>
    </div>
  );
}

function Edges({ graph, points, isSideways }: { readonly graph: RunGraph; readonly points: ReadonlyMap<string, Point>; readonly isSideways: boolean }): JSX.Element {
  return (
    <svg class="edges" width="1" height="1" aria-hidden="true">
      <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" /></marker></defs>
      {graph.edges.map(({ from, to, isKept }) => {
        const path = edgePath(points.get(from), points.get(to), isSideways);
        return path === undefined ? null : <path key={`${from} ${to}`} class={isKept ? 'edge kept' : 'edge'} d={path} marker-end="url(#tip)" data-from={from} data-to={to} />;
      })}
    </svg>
  );
}

function edgePath(from: Point | undefined, to: Point | undefined, isSideways: boolean): string | undefined {
  if (from === undefined || to === undefined) return undefined;
  const [x1, y1, x2, y2] = isSideways ? [from.x + NODE.width / 2, from.y, to.x - NODE.width / 2, to.y] : [from.x, from.y + NODE.height / 2, to.x, to.y - NODE.height / 2];
  const bend = Math.max(12, Math.abs(isSideways ? x2 - x1 : y2 - y1) / 2);
  return isSideways ? `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` : `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
}

/** New nodes are added where there is room. Laid out anew: another run, its first plan, and a plan that puts something before what stands. */
function useGrowingLayout(run: string, graph: RunGraph): Layout {
  const kept = useRef<{ readonly run: string; readonly layout: Layout } | undefined>(undefined);
  if (kept.current?.run !== run || kept.current.layout.places.size === 0) kept.current = { run, layout: createLayout(graph.nodes) };
  const { layout } = kept.current;
  const ids = new Set(graph.nodes.map(({ id }) => id));
  for (const id of [...layout.places.keys()]) if (!ids.has(id)) layout.remove(id);
  for (const node of graph.nodes) layout.add(node);
  const layerOf = (id: string): number => layout.places.get(id)?.layer ?? 0;
  if (graph.edges.every(({ from, to }) => layerOf(from) < layerOf(to))) return layout;
  kept.current = { run, layout: createLayout(graph.nodes) };
  return kept.current.layout;
}

function pointOf(place: Place | undefined, isSideways: boolean): Point {
  const { layer, x } = place ?? { layer: 0, x: 0 };
  return isSideways
    ? { x: layer * (NODE.width + GAP.layer), y: x * (NODE.height + GAP.side) }
    : { x: x * (NODE.width + GAP.side), y: layer * (NODE.height + GAP.layer) };
}

interface Size { readonly width: number; readonly height: number }

function useSize(box: { readonly current: HTMLElement | null }): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const read = (): void => setSize({ width: element.clientWidth, height: element.clientHeight });
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return size;
}

/** Ctrl+wheel zooms where the pointer is; the plain wheel stays the page's. */
function useWheel(box: { readonly current: HTMLElement | null }, view: View, setMoved: (view: View) => void): void {
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault(); // needs a listener that is not passive
      const { left, top } = element.getBoundingClientRect();
      setMoved(zoomed(view, event.deltaY < 0 ? SCALE.step : 1 / SCALE.step, { x: event.clientX - left, y: event.clientY - top }));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  });
}

/** Steady while a run grows: a plan brings its layers with it, the free ones for candidates too. */
function heightOf(points: ReadonlyMap<string, Point>): number {
  const ys = [...points.values()].map(({ y }) => y);
  const whole = Math.max(0, ...ys) - Math.min(0, ...ys) + NODE.height + 2 * MARGIN;
  return Math.min(HEIGHT.max, Math.max(HEIGHT.min, Math.ceil(whole * FIT_SCALE_MIN)));
}

function fitted(graph: RunGraph, points: ReadonlyMap<string, Point>, size: Size): View {
  const all = [...points.values()];
  if (all.length === 0 || size.width === 0) return { scale: 1, x: MARGIN, y: MARGIN, isAuto: true };
  const left = Math.min(...all.map(({ x }) => x)) - NODE.width / 2 - MARGIN;
  const right = Math.max(...all.map(({ x }) => x)) + NODE.width / 2 + MARGIN;
  const top = Math.min(...all.map(({ y }) => y)) - NODE.height / 2 - MARGIN;
  const bottom = Math.max(...all.map(({ y }) => y)) + NODE.height / 2 + MARGIN;
  const scale = Math.max(FIT_SCALE_MIN, Math.min(1, size.width / (right - left), size.height / (bottom - top)));
  const active = graph.nodes.findLast(({ state }) => state === 'running') ?? graph.nodes.findLast(({ kind, state }) => kind === 'task' && state !== 'waiting');
  const centre = (active === undefined ? undefined : points.get(active.id)) ?? { x: (left + right) / 2, y: (top + bottom) / 2 };
  return { scale, isAuto: true, x: shift(left, right, size.width, scale, centre.x), y: shift(top, bottom, size.height, scale, centre.y) };
}

/** Centred where all fits; else as near to `centre` as the ends allow. */
function shift(from: number, to: number, room: number, scale: number, centre: number): number {
  if ((to - from) * scale <= room) return (room - (to + from) * scale) / 2;
  return Math.min(-from * scale, Math.max(room - to * scale, room / 2 - centre * scale));
}

function zoomed(view: View, factor: number, at: Point): View {
  const scale = Math.min(SCALE.max, Math.max(SCALE.min, view.scale * factor));
  const ratio = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio, isAuto: false };
}

function inSight(view: View, point: Point, size: Size): View {
  const [x, y] = [point.x * view.scale + view.x, point.y * view.scale + view.y];
  const [halfWidth, halfHeight] = [(NODE.width / 2) * view.scale + MARGIN, (NODE.height / 2) * view.scale + MARGIN];
  const by = (at: number, half: number, room: number): number => (at < half ? half - at : at > room - half ? room - half - at : 0);
  const [moveX, moveY] = [by(x, halfWidth, size.width), by(y, halfHeight, size.height)];
  return moveX === 0 && moveY === 0 ? view : { ...view, x: view.x + moveX, y: view.y + moveY, isAuto: false };
}

const ARROWS: Readonly<Record<string, Point | undefined>> = { ArrowUp: { x: 0, y: -1 }, ArrowDown: { x: 0, y: 1 }, ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 } };
/** How much worse a layer further on is than as far aside: arrows go from layer to layer. */
const AHEAD = 3;

/** The nearest node in that direction. */
function nearest(points: ReadonlyMap<string, Point>, from: string | undefined, towards: Point): string | undefined {
  const start = from === undefined ? undefined : points.get(from);
  if (start === undefined) return undefined;
  let best: { readonly id: string; readonly cost: number } | undefined;
  for (const [id, { x, y }] of points) {
    const ahead = (x - start.x) * towards.x + (y - start.y) * towards.y;
    const aside = Math.abs((x - start.x) * towards.y) + Math.abs((y - start.y) * towards.x);
    const cost = AHEAD * ahead + aside;
    if (ahead > 1 && (best === undefined || cost < best.cost)) best = { id, cost };
  }
  return best?.id;
}

function drag(event: PointerEvent, view: View, setMoved: (view: View) => void): void {
  if (event.button !== 0 || !(event.target instanceof Element) || event.target.closest('.node, .zoom') !== null) return;
  const element = event.currentTarget;
  if (!(element instanceof HTMLElement)) return;
  element.setPointerCapture(event.pointerId);
  const move = (next: PointerEvent): void => setMoved({ ...view, x: view.x + next.clientX - event.clientX, y: view.y + next.clientY - event.clientY, isAuto: false });
  element.addEventListener('pointermove', move);
  const end = (): void => element.removeEventListener('pointermove', move);
  element.addEventListener('pointerup', end, { once: true });
  element.addEventListener('pointercancel', end, { once: true });
}
