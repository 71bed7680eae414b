import { requireIdentity } from '@/lib/server/account/authenticate';
import { searchQuerySchema } from '@/lib/server/chat/input';
import { searchChats } from '@/lib/server/history/search-chats';
import { defineMethods } from '@/lib/server/http/define-methods';
import { jsonResponse, parseInput, route } from '@/lib/server/http/route';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods({
  GET: route(async (request) => {
    const { searchParams } = new URL(request.url);
    const { query } = parseInput(searchQuerySchema, Object.fromEntries(searchParams));
    const identity = await requireIdentity(request.headers);
    return jsonResponse(request, await searchChats(identity, query), identity);
  }),
});
