import { authenticate } from '@/lib/auth/identify';
import { historyQuerySchema } from '@/lib/chat/input';
import { listChats } from '@/lib/chat/list-chats';
import { defineMethods } from '@/lib/http/methods';
import { jsonResponse, parseInput, route } from '@/lib/http/route';
import type { HistoryPage } from '@/lib/protocol/api';

const EMPTY_PAGE: HistoryPage = { chats: [], nextCursor: null };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods({
  GET: route(async (request) => {
    const { searchParams } = new URL(request.url);
    const page = parseInput(historyQuerySchema, Object.fromEntries(searchParams));
    // Whoever has no session yet has no chats either.
    const identity = await authenticate(request.headers);
    return jsonResponse(
      request,
      identity ? await listChats(identity, page) : EMPTY_PAGE,
      identity ?? {},
    );
  }),
});
