/** Decides when a panel is drawn: at most once a frame, however many messages come. */
import { type ComponentType, h, render } from 'preact';

/** Each call asks for a draw of `App` into the page's root. */
export function createDrawing(App: ComponentType): () => void {
  const root = document.getElementById('root');
  let due = false;
  return () => {
    if (due || root === null) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      render(h(App, null), root);
    });
  };
}
