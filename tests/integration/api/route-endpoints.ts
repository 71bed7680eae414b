import { readdirSync } from 'node:fs';
import path from 'node:path';

type Handler = (
  request: Request,
  context: { params: Promise<Record<string, string>> },
) => Promise<Response>;

export type RouteEndpoint = {
  method: string;
  /** As in `app/`: `/api/chat/[chatId]`. */
  route: string;
  /** Calls the route's own handler. `params` fill the names in brackets. */
  call: (init: {
    params?: Record<string, string>;
    query?: string;
    headers?: Headers;
    body?: BodyInit;
  }) => Promise<Response>;
};

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Every handler of every route file below `app/`.
 * @param which those that refuse their method, or all others
 */
export async function listEndpoints(which: 'own' | 'refusing' = 'own'): Promise<RouteEndpoint[]> {
  const folder = path.resolve('app');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file) === 'route.ts')
    .sort();
  const found: RouteEndpoint[] = [];
  for (const file of files) {
    const handlers = (await import(path.join(folder, file))) as Record<string, Handler>;
    const route = `/${path.dirname(file)}`;
    const answer = await handlers.OPTIONS?.(new Request('http://localhost:3000'), {
      params: Promise.resolve({}),
    });
    const allowed = answer?.headers.get('allow')?.split(', ');
    for (const method of METHODS) {
      const handler = handlers[method];
      const rejectsMethod = allowed !== undefined && !allowed.includes(method);
      if (handler && rejectsMethod === (which === 'refusing'))
        found.push({ method, route, call: caller(handler, method, route) });
    }
  }
  return found;
}

function caller(handler: Handler, method: string, route: string): RouteEndpoint['call'] {
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
