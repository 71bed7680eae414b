import type { HistoryPage } from '@/lib/protocol/api';
import { authenticate } from '@/lib/server/account/authenticate';
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
});
