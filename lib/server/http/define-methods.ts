import { AppError } from '@/lib/protocol/errors';
import { errorResponse, type Handler } from '@/lib/server/http/route';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Returns the exports of a route file: its handlers, and a 405 JSON response for every other
 * method, which Next would send without a body. Next derives HEAD from GET.
 */
export function defineMethods<Context = unknown>(
  handlers: Partial<Record<Method, Handler<Context>>>,
): Record<Method | 'OPTIONS', Handler<Context>> {
  const supported = Object.keys(handlers);
  const allow = [...supported, ...(handlers.GET ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  const methodNotAllowed: Handler<Context> = async (request) => {
    const response = errorResponse(new AppError('method_not_allowed'), request);
    response.headers.set('allow', allow);
    return request.method === 'HEAD' ? new Response(null, response) : response;
  };
  const options = async () => new Response(null, { status: 204, headers: { allow } });
  return {
    GET: methodNotAllowed,
    POST: methodNotAllowed,
    PUT: methodNotAllowed,
    PATCH: methodNotAllowed,
    DELETE: methodNotAllowed,
    OPTIONS: options,
    ...handlers,
  };
}
