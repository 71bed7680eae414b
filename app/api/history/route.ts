import type { HistoryPage } from '@/lib/protocol/api';
import { authenticate, requireIdentity } from '@/lib/server/account/authenticate';
import { deleteAllChats } from '@/lib/server/chat/delete-all-chats';
import { historyQuerySchema } from '@/lib/server/chat/input';
import { listChats } from '@/lib/server/history/list-chats';
import { defineMethods } from '@/lib/server/http/define-methods';
import { jsonResponse, parseInput, route } from '@/lib/server/http/route';

const EMPTY_PAGE: HistoryPage = { chats: [], nextCursor: null };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods({
  GET: route(async (request) => {
    const { searchParams } = new URL(request.url);
    const query = parseInput(historyQuerySchema, Object.fromEntries(searchParams));
    // A client without a session has no chats.
    const identity = await authenticate(request.headers);
    return jsonResponse(request, identity ? await listChats(identity, query) : EMPTY_PAGE, {
      userId: identity?.userId,
    });
  }),

  DELETE: route(async (request) => {
    const { userId } = await requireIdentity(request.headers);
    await deleteAllChats(userId);
    return new Response(null, { status: 204 });
  }),
});
