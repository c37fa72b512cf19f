import { comparePatterns, compilePattern, matchPattern } from './pattern.js';
import { parseQuery } from './query.js';

/**
 * @typedef {{ method: string, path: string, params: Record<string, string>, query: Record<string, string | string[]> }} Request
 * @typedef {{ status: number, body: unknown, headers?: Record<string, string> }} Response
 */

/** Routes requests to handlers. What no route matches is answered with 404; what a handler throws is the caller's to see. */
export class App {
  #routes = [];

  get(source, handler) {
    return this.route('GET', source, handler);
  }

  post(source, handler) {
    return this.route('POST', source, handler);
  }

  route(method, source, handler) {
    const pattern = compilePattern(source);
    if (this.#routes.some((route) => route.method === method && route.pattern.source === source)) throw new Error(`${method} ${source} is there already.`);
    this.#routes.push({ method, pattern, handler });
    this.#routes.sort((a, b) => comparePatterns(a.pattern, b.pattern));
    return this;
  }

  /** @returns {Response} */
  handle(method, url) {
    const [path, search = ''] = url.split('?', 2);
    const allowed = new Set();
    for (const route of this.#routes) {
      const params = matchPattern(route.pattern, path);
      if (params === null) continue;
      if (route.method !== method) {
        allowed.add(route.method);
        continue;
      }
      const result = route.handler({ method, path, params, query: parseQuery(search) });
      return isResponse(result) ? result : { status: 200, body: result };
    }
    if (allowed.size > 0) return { status: 405, body: 'Method Not Allowed', headers: { allow: [...allowed].sort().join(', ') } };
    return { status: 404, body: 'Not Found' };
  }
}

function isResponse(value) {
  return typeof value === 'object' && value !== null && typeof value.status === 'number' && 'body' in value;
}
