import { readdirSync } from 'node:fs';
import path from 'node:path';

type Handler = (
  request: Request,
  context: { params: Promise<Record<string, string>> },
) => Promise<Response>;

export type RouteEndpoint = {
  method: string;
  /** The path as in `app/`, such as `/api/chat/[chatId]`. */
  route: string;
  /** Calls the handler of the route. `params` replace the names in brackets. */
  call: (init: {
    params?: Record<string, string>;
    query?: string;
    headers?: Headers;
    body?: BodyInit;
  }) => Promise<Response>;
};

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Returns every handler of every route file below `app/`.
 * @param which handlers that implement their method, or those that reject it with status 405
 */
export async function listEndpoints(
  which: 'implementing' | 'rejecting' = 'implementing',
): Promise<RouteEndpoint[]> {
  const folder = path.resolve('app');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file) === 'route.ts')
    .sort();
  const found: RouteEndpoint[] = [];
  for (const file of files) {
    const handlers = (await import(path.join(folder, file))) as Record<string, Handler>;
    const route = `/${path.dirname(file)}`;
    const options = await handlers.OPTIONS?.(new Request('http://localhost:3000'), {
      params: Promise.resolve({}),
    });
    const allowed = options?.headers.get('allow')?.split(', ');
    for (const method of METHODS) {
      const handler = handlers[method];
      const rejectsMethod = allowed !== undefined && !allowed.includes(method);
      if (handler && rejectsMethod === (which === 'rejecting'))
        found.push({ method, route, call: createCaller(handler, method, route) });
    }
  }
  return found;
}

function createCaller(handler: Handler, method: string, route: string): RouteEndpoint['call'] {
  return ({ params = {}, query = '', headers = new Headers(), body }) => {
    const path = route.replace(/\[(\w+)\]/g, (_, name) => encodeURIComponent(params[name] ?? ''));
    const url = `http://localhost:3000${path}${query}`;
    const stream = body instanceof ReadableStream ? { duplex: 'half' } : {};
    const request = new Request(url, {
      method,
      headers,
      body: body ?? null,
      ...stream,
    } as RequestInit);
    return handler(request, { params: Promise.resolve(params) });
  };
}
